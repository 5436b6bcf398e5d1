"""Announced goods in the database. Implements `ports.arrivals.Arrivals`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.arrival import Announcement, ExpectedReceipt
from oms_workflow.domain.identity import part_id
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.stock import EntryKind
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.statements import queue_up
from oms_workflow.store.stock_book import StockBook
from oms_workflow.store.tables.stock import expected_receipts
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import require_warehouse

_PLAIN = ("id", "sku", "warehouse", "quantity", "reference", "arrived", "missing", "expected_at", "announced_at")


class StoredArrivals:
    """Goods on their way into warehouses."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("arrivals.announce", ExpectedReceipt, agree="announcement")
    async def announce(self, announcement: Announcement, *, key: str, at: datetime) -> ExpectedReceipt:
        """Note what will come; a transfer takes the pieces out of the sending warehouse."""
        connection = await self.unit.writing()
        await require_warehouse(connection, announcement.warehouse)
        if announcement.source:
            await require_warehouse(connection, announcement.source)
        if announcement.source == announcement.warehouse:
            raise refuse(
                Refusal.ILLEGAL_MOVE, f"{announcement.source!r} cannot send goods to itself. Name another one."
            )
        made = await _store(connection, announcement, at)
        if made.is_transfer:
            book = StockBook(connection)
            there, here = (made.sku, made.source), (made.sku, made.warehouse)
            await book.lock_all_new([there, here])
            book.book(there, EntryKind.TRANSFER_OUT, made.quantity, reason=made.id)
            book.book(here, EntryKind.TRANSFER_START, made.quantity, reason=made.id)
            await book.write(key=key, at=at)
        return made

    @once_per_key("arrivals.arrive", ExpectedReceipt, agree="receipt_id quantity damaged")
    async def arrive(
        self, receipt_id: str, quantity: int, *, damaged: int = 0, key: str, at: datetime
    ) -> ExpectedReceipt:
        """Book pieces that came; `damaged` of them are unfit for sale."""
        if quantity < 1 or not 0 <= damaged <= quantity:
            raise ValueError(f"At least 1 piece comes and at most all are damaged, found {quantity} and {damaged}.")
        connection = await self.unit.writing()
        now = await _lock(connection, receipt_id)
        if quantity > now.outstanding:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"Cannot receive {quantity} of {receipt_id!r}: {now.outstanding} of {now.quantity} are outstanding. "
                f"Receive those, and count the rest in.",
            )
        book, pair = StockBook(connection), (now.sku, now.warehouse)
        await book.lock_new(pair)
        kind = EntryKind.TRANSFER_IN if now.is_transfer else EntryKind.RECEIVE
        book.book(pair, kind, quantity, reason=now.id)
        book.book(pair, EntryKind.DAMAGE, damaged, reason=now.id)
        await book.write(key=key, at=at)
        return await _keep(connection, replace(now, arrived=now.arrived + quantity))

    @once_per_key("arrivals.give_up", ExpectedReceipt, agree="receipt_id")
    async def give_up(self, receipt_id: str, *, reason: str, key: str, at: datetime) -> ExpectedReceipt:
        """Wait no more for what is outstanding."""
        connection = await self.unit.writing()
        now = await _lock(connection, receipt_id)
        if now.is_transfer and now.outstanding:
            book, pair = StockBook(connection), (now.sku, now.warehouse)
            await book.lock_new(pair)
            book.book(pair, EntryKind.TRANSFER_LOST, now.outstanding, reason=reason or now.id)
            await book.write(key=key, at=at)
        return await _keep(connection, replace(now, missing=now.missing + now.outstanding))

    @once_per_key("arrivals.postpone", ExpectedReceipt, agree="receipt_id expected_at")
    async def postpone(self, receipt_id: str, expected_at: datetime, *, key: str, at: datetime) -> ExpectedReceipt:
        """Note another moment for what is outstanding, later or earlier."""
        connection = await self.unit.writing()
        now = await _lock(connection, receipt_id)
        if not now.outstanding:
            raise refuse(Refusal.ILLEGAL_MOVE, f"Nothing of {receipt_id!r} is outstanding, so nothing can come later.")
        return await _keep(connection, replace(now, expected_at=expected_at))

    async def get(self, receipt_id: str) -> ExpectedReceipt:
        """Give one receipt."""
        async with self.unit.reading() as connection:
            return await _read(connection, select(expected_receipts), receipt_id)

    async def expected(
        self, skus: Iterable[str] | None = None, warehouses: Iterable[str] | None = None
    ) -> tuple[ExpectedReceipt, ...]:
        """Give receipts with pieces outstanding, the next one first."""
        table = expected_receipts
        which = select(table).where(table.c.arrived + table.c.missing < table.c.quantity)
        for column, wanted in ((table.c.sku, skus), (table.c.warehouse, warehouses)):
            if wanted is not None:
                which = which.where(column.in_(sorted(set(wanted))))
        ordered = which.order_by(table.c.expected_at, table.c.announced_at, table.c.id)
        async with self.unit.reading() as connection:
            return tuple(_receipt(row) for row in (await connection.execute(ordered)).mappings())


async def _store(connection: AsyncConnection, told: Announcement, at: datetime) -> ExpectedReceipt:
    table = expected_receipts
    await queue_up(connection, f"expected {told.warehouse}")
    taken = select(func.max(table.c.number)).where(table.c.warehouse == told.warehouse)
    number = ((await connection.execute(taken)).scalar_one() or 0) + 1
    made = ExpectedReceipt(
        id=part_id(told.warehouse, "E", number), sku=told.sku, warehouse=told.warehouse, quantity=told.quantity,
        expected_at=told.expected_at, announced_at=at, source=told.source, reference=told.reference,
    )  # fmt: skip
    values = {name: getattr(made, name) for name in _PLAIN} | {"number": number, "source": made.source or None}
    await connection.execute(insert(table).values(**values))
    return made


async def _lock(connection: AsyncConnection, receipt_id: str) -> ExpectedReceipt:
    return await _read(connection, select(expected_receipts).with_for_update(), receipt_id)


async def _read(connection: AsyncConnection, which: Any, receipt_id: str) -> ExpectedReceipt:
    row = (await connection.execute(which.where(expected_receipts.c.id == receipt_id))).mappings().first()
    if row is None:
        raise refuse(Refusal.UNKNOWN_RECEIPT, f"No goods are announced as {receipt_id!r}. Check the id.")
    return _receipt(row)


async def _keep(connection: AsyncConnection, now: ExpectedReceipt) -> ExpectedReceipt:
    values = {name: getattr(now, name) for name in ("arrived", "missing", "expected_at")}
    await connection.execute(update(expected_receipts).where(expected_receipts.c.id == now.id).values(**values))
    return now


def _receipt(row: RowMapping) -> ExpectedReceipt:
    return ExpectedReceipt(**{name: row[name] for name in _PLAIN}, source=row["source"] or "")
