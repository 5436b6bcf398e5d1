"""Holds in the database. Implements `ports.holds.Holds`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.hold import MOVES, RULES, Gate, Hold, HoldKind, HoldRule, HoldStatus
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.hold_rows import blocks_text, hold_from, load_holds, require_gate
from oms_workflow.store.locking import lock_group, lock_order, next_part
from oms_workflow.store.tables.orders import order_holds, orders
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredHolds:
    """Holds on orders."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("holds.place", Hold, agree="order_id kind handle")
    async def place(
        self,
        order_id: str,
        kind: HoldKind,
        *,
        handle: str = "",
        reason: str,
        by: str,
        blocks: Iterable[Gate] | None = None,
        resolver_role: str | None = None,
        limit: timedelta | None = None,
        key: str,
        at: datetime,
    ) -> Hold:
        """Put a hold on an order; one that is open already is given back as it is."""
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        for hold in await load_holds(connection, [order_id]):
            if (hold.kind, hold.handle, hold.status) == (kind, handle, HoldStatus.OPEN):
                return hold
        name = await next_part(connection, order_holds, order_holds.c.order_id, order_id, "H")
        row = {"id": name, "order_id": order_id, "kind": kind.value, "handle": handle, "opened_at": at}
        row |= {"reason": reason, "applied_by": by, "status": HoldStatus.OPEN.value}
        row |= _as_ruled(RULES[kind], blocks, resolver_role, limit, at)
        await connection.execute(insert(order_holds).values(**row))
        return await _hold(connection, name)

    @once_per_key("holds.resolve", Hold, agree="hold_id")
    async def resolve(self, hold_id: str, *, by: str, key: str, at: datetime) -> Hold:
        """Lift a hold."""
        return await self._close(hold_id, HoldStatus.RESOLVED, by, at)

    @once_per_key("holds.reject", Hold, agree="hold_id")
    async def reject(self, hold_id: str, *, by: str, key: str, at: datetime) -> Hold:
        """Say for good that the order must not go on as it is."""
        return await self._close(hold_id, HoldStatus.REJECTED, by, at)

    async def get(self, hold_id: str) -> Hold:
        """Give one hold."""
        async with self.unit.reading() as connection:
            return await _hold(connection, hold_id)

    async def of_order(self, order_id: str) -> tuple[Hold, ...]:
        """Give all holds of an order, oldest first."""
        async with self.unit.reading() as connection:
            return await load_holds(connection, [order_id])

    async def require_open(self, order_id: str, gate: Gate) -> None:
        """Let a step pass that no hold of the order, or of an order merged with it, blocks."""
        async with self.unit.reading() as connection:
            head = select(orders.c.leader).where(orders.c.id == order_id)
            leader = (await connection.execute(head)).scalar_one_or_none() or order_id
            group = select(orders.c.id).where((orders.c.id == leader) | (orders.c.leader == leader))
            await require_gate(connection, (await connection.execute(group)).scalars(), gate)

    async def _close(self, hold_id: str, status: HoldStatus, by: str, at: datetime) -> Hold:
        connection = await self.unit.writing()
        await lock_group(connection, (await _hold(connection, hold_id)).order_id)
        hold = await _hold(connection, hold_id)
        if status not in MOVES[hold.status]:
            raise refuse(
                Refusal.ILLEGAL_MOVE,
                f"Hold {hold_id!r} is {hold.status.value} by {hold.closed_by!r}; it cannot become {status.value}.",
            )
        values = {"status": status.value, "closed_at": at, "closed_by": by}
        await connection.execute(update(order_holds).where(order_holds.c.id == hold_id).values(**values))
        return await _hold(connection, hold_id)


def _as_ruled(
    rule: HoldRule, blocks: Iterable[Gate] | None, resolver_role: str | None, limit: timedelta | None, at: datetime
) -> dict[str, Any]:
    """Give what the rule of its kind says of a hold, unless it was told otherwise."""
    last = rule.sla if limit is None else limit
    return {
        "blocks": blocks_text(rule.blocks if blocks is None else blocks),
        "resolver_role": rule.resolver_role if resolver_role is None else resolver_role,
        "due": None if last is None else at + last,
    }


async def _hold(connection: AsyncConnection, hold_id: str) -> Hold:
    row = (await connection.execute(select(order_holds).where(order_holds.c.id == hold_id))).mappings().first()
    if row is None:
        raise refuse(Refusal.UNKNOWN_HOLD, f"There is no hold {hold_id!r}. Check the id.")
    return hold_from(row)
