"""Returns in the database. Implements `ports.returns.Returns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.exchange import Exchange, NewGoods
from oms_workflow.domain.ports.returns import ReceivedPieces
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import (
    NEEDS_GOODS,
    Acceptance,
    Reception,
    Return,
    ReturnItem,
    ReturnRequestLine,
    ReturnType,
    require_acceptance,
)
from oms_workflow.store import exchanging, receiving
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_order, next_part
from oms_workflow.store.return_rows import item_values, load_return, load_returns
from oms_workflow.store.tables.after_sales import return_items, returns
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredReturns:
    """Returns and their items."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("returns.open", Return, agree="order_id kind")
    async def open(
        self,
        order_id: str,
        kind: ReturnType,
        lines: Sequence[ReturnRequestLine],
        *,
        reason: str,
        key: str,
        at: datetime,
    ) -> Return:
        """Announce a return."""
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        book = await LineBook.of_orders(connection, [order_id])
        earlier = await load_returns(connection, [order_id])
        name = await next_part(connection, returns, returns.c.order_id, order_id, "R")
        items = receiving.announce(name, kind, lines, book, earlier)
        head = {"id": name, "order_id": order_id, "type": kind.value, "reason": reason, "opened_at": at}
        await connection.execute(insert(returns).values(**head))
        rows = [item_values(item, name, position) for position, item in enumerate(items, start=1)]
        await connection.execute(insert(return_items), rows)
        await book.write(key=key, at=at)
        return await _get(connection, name)

    async def get(self, return_id: str) -> Return:
        """Give one."""
        async with self.unit.reading() as connection:
            return await _get(connection, return_id)

    async def of_order(self, order_id: str) -> tuple[Return, ...]:
        """Give all of an order, oldest first."""
        async with self.unit.reading() as connection:
            return await load_returns(connection, [order_id])

    @once_per_key("returns.sent", Return, agree="return_id")
    async def sent(self, return_id: str, *, key: str, at: datetime) -> Return:
        """Note that the buyer handed the goods in."""
        connection = await self.unit.writing()
        one = await _locked(connection, return_id)
        for item in one.items:
            if item.reception is Reception.AWAITING and one.type in NEEDS_GOODS:
                await receiving.store_item(connection, item.id, reception=Reception.IN_TRANSIT.value)
        return await _get(connection, return_id)

    @once_per_key("returns.receive", Return, agree="return_id")
    async def receive(
        self, return_id: str, warehouse: str, counted: Sequence[ReceivedPieces], *, key: str, at: datetime
    ) -> Return:
        """Book what a warehouse counted."""
        connection = await self.unit.writing()
        one = await _locked(connection, return_id)
        await receiving.receive(connection, one, warehouse, counted, key=key, at=at)
        return await _get(connection, return_id)

    @once_per_key("returns.judge", Return, agree="return_id")
    async def judge(
        self, return_id: str, verdicts: Mapping[str, Acceptance], *, note: str, key: str, at: datetime
    ) -> Return:
        """Say of items whether the shop accepts them."""
        connection = await self.unit.writing()
        one = await _locked(connection, return_id)
        book = await LineBook.of_orders(connection, [one.order_id])
        for item_id, verdict in verdicts.items():
            item = item_of(one, item_id)
            require_acceptance(item, verdict)
            if item.reception is Reception.CANCELLED:
                raise refuse(Refusal.ILLEGAL_MOVE, f"Return item {item_id!r} is cancelled; there is nothing to judge.")
            receiving.follow_verdict(item, verdict, book)
            await receiving.store_item(connection, item_id, acceptance=verdict.value, note=note)
        await book.write(key=key, at=at)
        return await _get(connection, return_id)

    @once_per_key("returns.close_waiting", Return, agree="return_id outcome")
    async def close_waiting(self, return_id: str, outcome: Reception, *, key: str, at: datetime) -> Return:
        """End the wait for items that are still awaited or in transit."""
        connection = await self.unit.writing()
        one = await _locked(connection, return_id)
        await receiving.close_waiting(connection, one, outcome, key=key, at=at)
        now = await _get(connection, return_id)
        if one.cancelled_at is None and all(item.reception is Reception.CANCELLED for item in now.items):
            await connection.execute(update(returns).where(returns.c.id == return_id).values(cancelled_at=at))
        return await _get(connection, return_id)

    @once_per_key("returns.exchange", Exchange, agree="return_id")
    async def exchange(self, return_id: str, new: tuple[NewGoods, ...], *, key: str, at: datetime) -> Exchange:
        """Make and store the order with the new goods for what is accepted of an exchange."""
        connection = await self.unit.writing()
        return await exchanging.exchange(connection, await _locked(connection, return_id), new, at=at)


def item_of(one: Return, item_id: str) -> ReturnItem:
    """Give one item of a return.

    Raises:
        OrderRefused: UNKNOWN_RETURN.
    """
    for item in one.items:
        if item.id == item_id:
            return item
    raise refuse(Refusal.UNKNOWN_RETURN, f"Return {one.id!r} has no item {item_id!r}. Check the id.")


async def _get(connection: AsyncConnection, return_id: str) -> Return:
    found = await load_return(connection, return_id)
    if found is None:
        raise refuse(Refusal.UNKNOWN_RETURN, f"There is no return {return_id!r}. Check the id.")
    return found


async def _locked(connection: AsyncConnection, return_id: str) -> Return:
    owner = select(returns.c.order_id).where(returns.c.id == return_id)
    order_id = (await connection.execute(owner)).scalar_one_or_none()
    if order_id is not None:
        await lock_order(connection, order_id)
    return await _get(connection, return_id)
