"""Merges in the database. Implements `ports.merges.Merges`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.merge import (
    Hindrance,
    Merge,
    Mergeable,
    MergeStatus,
    MergeWindow,
    choose_leader,
    hindrances,
    latest_wait,
    refusals_of,
)
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.merges import MergeProposal
from oms_workflow.domain.promise import strictest
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.status import OrderView
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_orders, next_part
from oms_workflow.store.order_view import load_view, load_views
from oms_workflow.store.tables.merges import merge_followers, merges
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.unmerging import load_merges, undo


class StoredMerges:
    """Merges of orders."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def propose(self, order_id: str, window: MergeWindow, *, at: datetime) -> MergeProposal:
        """Look for orders of the same buyer, address, shop and currency within the window."""
        async with self.unit.reading() as connection:
            me = await _mergeable(connection, await load_view(connection, order_id))
            against = [*hindrances(me), *refusals_of([me], window, at).get(order_id, ())]
            found = [] if against else await _alike(connection, me.order, window)
            others = [await _mergeable(connection, view) for view in await load_views(connection, found)]
        group = [me]
        for other in sorted(others, key=lambda one: (not one.leads, one.order.placed_at, one.order.id)):
            if not refusals_of([*group, other], window, at):
                group.append(other)
        return MergeProposal(
            order_id=order_id,
            leader=choose_leader(group).id,
            partners=tuple(sorted(one.order.id for one in group if one is not me)),
            wait_until=latest_wait([one.order for one in group], window),
            hindrances=tuple(dict.fromkeys(against)),
        )

    @once_per_key("merges.merge", Merge)
    async def merge(self, order_ids: Sequence[str], window: MergeWindow, *, key: str, at: datetime) -> Merge:
        """Let one of the orders lead the others."""
        connection = await self.unit.writing()
        wanted = tuple(dict.fromkeys(order_ids))
        await lock_orders(connection, wanted)
        group = [await _mergeable(connection, view) for view in await load_views(connection, wanted)]
        _require_together(group, window, at)
        leader = choose_leader(group)
        followers = [one.order.id for one in group if one.order.id != leader.id]
        return await _join(connection, leader, followers, [one.order for one in group], at)

    @once_per_key("merges.undo", Merge, agree="merge_id")
    async def undo(self, merge_id: str, *, by: str, key: str, at: datetime) -> Merge:
        """Let the orders go by themselves again."""
        return await undo(await self.unit.writing(), merge_id, by=by, at=at)

    async def of_order(self, order_id: str) -> tuple[Merge, ...]:
        """Give every merge the order was ever part of, oldest first."""
        followed = select(merge_followers.c.merge_id).where(merge_followers.c.order_id == order_id)
        mine = select(merges.c.id).where(or_(merges.c.leader == order_id, merges.c.id.in_(followed)))
        async with self.unit.reading() as connection:
            return await load_merges(connection, list((await connection.execute(mine)).scalars()))

    async def group(self, order_id: str) -> tuple[str, ...]:
        """Give the orders that go together with this one now, the leader first."""
        async with self.unit.reading() as connection:
            head = select(orders.c.leader).where(orders.c.id == order_id)
            leader = (await connection.execute(head)).scalar_one_or_none() or order_id
            followers = select(orders.c.id).where(orders.c.leader == leader).order_by(orders.c.placed_at, orders.c.id)
            return (leader, *(await connection.execute(followers)).scalars())


async def _mergeable(connection: AsyncConnection, view: OrderView) -> Mergeable:
    follower = select(orders.c.id).where(orders.c.leader == view.order.id).limit(1)
    begun = any(
        line.allocated or line.backordered or line.shipped or line.written_off for line in view.quantities.values()
    )
    return Mergeable(
        order=view.order,
        holds=view.holds,
        may_ship=view.may_ship,
        is_cancelled=view.cancelled_at is not None,
        is_in_work=begun or any(one.is_active for one in view.fulfilments),
        leader=view.leader,
        leads=(await connection.execute(follower)).first() is not None,
    )


async def _alike(connection: AsyncConnection, order: Order, window: MergeWindow) -> list[str]:
    """Find orders that might go in one parcel with this one; whether they may is decided later."""
    statement = select(orders.c.id).where(
        and_(
            orders.c.id != order.id,
            orders.c.shop == order.shop,
            orders.c.buyer_key == order.buyer_key,
            orders.c.address_digest == order.address_digest,
            orders.c.currency == order.currency,
            orders.c.cancelled_at.is_(None),
            orders.c.leader.is_(None),
            orders.c.placed_at.between(order.placed_at - window.length, order.placed_at + window.length),
        )
    )
    return list((await connection.execute(statement.order_by(orders.c.placed_at, orders.c.id).limit(50))).scalars())


def _require_together(group: Sequence[Mergeable], window: MergeWindow, at: datetime) -> None:
    if len(group) < 2:
        raise refuse(Refusal.CANNOT_MERGE, "A merge needs at least two orders.")
    found = refusals_of(group, window, at)
    if found:
        said = "; ".join(f"{name!r}: {', '.join(_words(reasons))}" for name, reasons in sorted(found.items()))
        raise refuse(Refusal.CANNOT_MERGE, f"These orders cannot go in one parcel. {said}. Ship them apart.")


def _words(reasons: Sequence[Hindrance]) -> list[str]:
    return [reason.value.replace("_", " ") for reason in reasons]


async def _join(
    connection: AsyncConnection, leader: Order, followers: Sequence[str], group: Sequence[Order], at: datetime
) -> Merge:
    name = await next_part(connection, merges, merges.c.leader, leader.id, "M")
    promise = strictest(order.promise for order in group)
    head = {"id": name, "leader": leader.id, "status": MergeStatus.ACTIVE.value, "at": at}
    await connection.execute(insert(merges).values(**head, ship_by=promise.ship_by, deliver_by=promise.deliver_by))
    await connection.execute(insert(merge_followers), [{"merge_id": name, "order_id": one} for one in followers])
    await connection.execute(
        update(orders).where(orders.c.id.in_(list(followers))).values(leader=leader.id, version=orders.c.version + 1)
    )
    return (await load_merges(connection, [name]))[0]
