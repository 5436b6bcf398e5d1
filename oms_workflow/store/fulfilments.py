"""Fulfilment orders in the database. Implements `ports.fulfilments.Fulfilments`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.fulfilment import Fate, FulfilmentOrder, RequestStatus, SplitReason
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.split import ParcelLimits
from oms_workflow.store import fulfilling, joining, planning
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.fulfilment_rows import load_by_id, load_fulfilments
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredFulfilments:
    """Fulfilment orders."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("fulfilments.plan", tuple[FulfilmentOrder, ...], agree="order_id")
    async def plan(self, order_id: str, *, limits: ParcelLimits, key: str, at: datetime) -> tuple[FulfilmentOrder, ...]:
        """Split everything allocated for an order that no fulfilment order holds yet."""
        connection = await self.unit.writing()
        return await load_by_id(connection, await planning.plan(connection, order_id, limits, at=at))

    async def get(self, fulfilment_id: str) -> FulfilmentOrder:
        """Give one."""
        async with self.unit.reading() as connection:
            return await _get(connection, fulfilment_id)

    async def of_order(self, order_id: str) -> tuple[FulfilmentOrder, ...]:
        """Give all with pieces of this order, cancelled ones too, by id."""
        async with self.unit.reading() as connection:
            return await load_fulfilments(connection, [order_id])

    @once_per_key("fulfilments.request", FulfilmentOrder, agree="fulfilment_id status")
    async def request(
        self, fulfilment_id: str, status: RequestStatus, *, reference: str = "", key: str, at: datetime
    ) -> FulfilmentOrder:
        """Note what the warehouse was asked, or what it answered."""
        connection = await self.unit.writing()
        await fulfilling.request(connection, fulfilment_id, status, reference, key=key, at=at)
        return await _get(connection, fulfilment_id)

    @once_per_key("fulfilments.decide", Fate, agree="fulfilment_id wanted")
    async def decide(self, fulfilment_id: str, wanted: Fate, *, key: str, at: datetime) -> Fate:
        """Settle whether it ships or is cancelled. The first to ask wins."""
        return await fulfilling.decide(await self.unit.writing(), fulfilment_id, wanted, key=key, at=at)

    @once_per_key("fulfilments.pick", FulfilmentOrder, agree="fulfilment_id")
    async def pick(self, fulfilment_id: str, *, key: str, at: datetime) -> FulfilmentOrder:
        """Note that its goods are off the shelf."""
        connection = await self.unit.writing()
        await fulfilling.pick(connection, fulfilment_id, key=key, at=at)
        return await _get(connection, fulfilment_id)

    @once_per_key("fulfilments.short", FulfilmentOrder, agree="fulfilment_id pieces")
    async def short(self, fulfilment_id: str, pieces: Mapping[str, int], *, key: str, at: datetime) -> FulfilmentOrder:
        """Take pieces out that the warehouse did not find."""
        connection = await self.unit.writing()
        await fulfilling.short(connection, fulfilment_id, pieces, key=key, at=at)
        return await _get(connection, fulfilment_id)

    @once_per_key("fulfilments.divide", tuple[FulfilmentOrder, ...], agree="fulfilment_id parts")
    async def divide(
        self,
        fulfilment_id: str,
        parts: Sequence[Mapping[str, int]],
        *,
        reason: SplitReason,
        may_divide_lines: bool = True,
        key: str,
        at: datetime,
    ) -> tuple[FulfilmentOrder, ...]:
        """Put a fulfilment order no warehouse works on into parts."""
        connection = await self.unit.writing()
        made = await planning.divide_plan(
            connection, fulfilment_id, parts, reason, may_divide_lines=may_divide_lines, at=at
        )
        return await load_by_id(connection, made)

    @once_per_key("fulfilments.join", FulfilmentOrder, agree="fulfilment_id")
    async def join(self, fulfilment_id: str, *, key: str, at: datetime) -> FulfilmentOrder:
        """Put what was divided together again."""
        connection = await self.unit.writing()
        await joining.join_parts(connection, fulfilment_id)
        return await _get(connection, fulfilment_id)

    @once_per_key("fulfilments.cancel", FulfilmentOrder, agree="fulfilment_id free_stock")
    async def cancel(self, fulfilment_id: str, *, free_stock: bool, key: str, at: datetime) -> FulfilmentOrder:
        """Cancel one; its pieces stay allocated, or with `free_stock` are open again."""
        connection = await self.unit.writing()
        fate = await fulfilling.decide(connection, fulfilment_id, Fate.CANCEL, key=key, at=at, free_stock=free_stock)
        if fate is Fate.SHIP:
            raise refuse(
                Refusal.TOO_LATE_TO_CANCEL,
                f"Fulfilment order {fulfilment_id!r} is bound to ship. Ask the carrier to bring the parcel back, "
                f"or open a return.",
            )
        return await _get(connection, fulfilment_id)


async def _get(connection: AsyncConnection, fulfilment_id: str) -> FulfilmentOrder:
    found = await load_by_id(connection, [fulfilment_id])
    if not found:
        raise refuse(Refusal.UNKNOWN_FULFILMENT, f"There is no fulfilment order {fulfilment_id!r}. Check the id.")
    return found[0]
