"""Letting merged orders go by themselves again. The lineage stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.merge import Merge, MergeStatus
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.fulfilment_book import FulfilmentBook
from oms_workflow.store.locking import lock_group
from oms_workflow.store.tables.merges import merge_followers, merges
from oms_workflow.store.tables.orders import orders
from oms_workflow.store.waves import in_released_wave
from oms_workflow.store.withdrawing import NOT_AT_WORK


async def undo(connection: AsyncConnection, merge_id: str, *, by: str, at: datetime) -> Merge:
    """Undo one merge; undone already, nothing happens.

    Raises:
        OrderRefused: CANNOT_MERGE, when there is no such merge; TOO_LATE_TO_UNMERGE.
    """
    head = (await connection.execute(select(merges.c.leader).where(merges.c.id == merge_id))).scalar_one_or_none()
    if head is None:
        raise refuse(Refusal.CANNOT_MERGE, f"There is no merge {merge_id!r}. Check the id.")
    rows = await lock_group(connection, head)
    merge = (await load_merges(connection, [merge_id]))[0]
    if merge.status is MergeStatus.UNDONE:
        return merge
    plans = await FulfilmentBook.of_orders(connection, sorted(rows))
    for row in plans.active():
        holders = {line["order_id"] for line in plans.lines[row["id"]].values() if line["quantity"]}
        foreign = bool(holders & set(merge.followers)) and row["order_id"] == merge.leader
        if foreign and row["request_status"] not in NOT_AT_WORK:
            raise refuse(
                Refusal.TOO_LATE_TO_UNMERGE,
                f"Cannot undo merge {merge_id!r}: a warehouse works on {row['id']!r}, which holds pieces of several "
                f"orders. Cancel it there first.",
            )
        if foreign and await in_released_wave(connection, [row["id"]]) is not None:
            raise refuse(
                Refusal.TOO_LATE_TO_UNMERGE,
                f"Cannot undo merge {merge_id!r}: {row['id']!r} went with a wave that was released. Let it go out, or "
                f"cancel the goods.",
            )
        if foreign:
            plans.cancel(row["id"])
    await plans.write()
    await _free(connection, [merge_id], merge.followers, by=by, at=at)
    return (await load_merges(connection, [merge_id]))[0]


async def leave_group(connection: AsyncConnection, order_id: str, *, by: str, at: datetime) -> None:
    """Take an order that ships nothing any more out of its merges; a leader's followers go by themselves again.

    The order's group is locked, and none of its plans holds pieces of several orders.
    """
    led = select(merges.c.id).where(merges.c.leader == order_id, merges.c.status == MergeStatus.ACTIVE.value)
    leading = list((await connection.execute(led)).scalars())
    if leading:
        followers = select(merge_followers.c.order_id).where(
            merge_followers.c.merge_id.in_(leading), merge_followers.c.active
        )
        await _free(connection, leading, list((await connection.execute(followers)).scalars()), by=by, at=at)
    following = select(merge_followers.c.merge_id).where(
        merge_followers.c.order_id == order_id, merge_followers.c.active
    )
    for merge_id in list((await connection.execute(following)).scalars()):
        others = select(merge_followers.c.order_id).where(
            merge_followers.c.merge_id == merge_id, merge_followers.c.active, merge_followers.c.order_id != order_id
        )
        is_last = (await connection.execute(others)).first() is None
        await _free(connection, [merge_id] if is_last else [], [order_id], by=by, at=at)


async def _free(
    connection: AsyncConnection, merge_ids: Sequence[str], followers: Sequence[str], *, by: str, at: datetime
) -> None:
    if merge_ids:
        ended = update(merges).where(merges.c.id.in_(list(merge_ids)))
        await connection.execute(ended.values(status=MergeStatus.UNDONE.value, undone_at=at, undone_by=by))
    mine = merge_followers.c.order_id.in_(list(followers))
    await connection.execute(update(merge_followers).where(mine).values(active=False))
    freed = update(orders).where(orders.c.id.in_(list(followers)), orders.c.leader.is_not(None))
    await connection.execute(freed.values(leader=None, version=orders.c.version + 1))


async def load_merges(connection: AsyncConnection, merge_ids: Sequence[str]) -> tuple[Merge, ...]:
    """Read merges by id, oldest first."""
    wanted = list(merge_ids)
    statement = select(merges).where(merges.c.id.in_(wanted)).order_by(merges.c.at, merges.c.id)
    heads = (await connection.execute(statement)).mappings().all()
    members = select(merge_followers).where(merge_followers.c.merge_id.in_(wanted)).order_by(merge_followers.c.order_id)
    followers: dict[str, list[str]] = {}
    for row in (await connection.execute(members)).mappings():
        followers.setdefault(row["merge_id"], []).append(row["order_id"])
    return tuple(
        Merge(
            id=row["id"],
            leader=row["leader"],
            followers=tuple(followers.get(row["id"], [])),
            promise=Promise(ship_by=row["ship_by"], deliver_by=row["deliver_by"]),
            status=MergeStatus(row["status"]),
            at=row["at"],
            undone_at=row["undone_at"],
            undone_by=row["undone_by"],
        )
        for row in heads
    )
