"""The money of orders as the books have it, many at a time, for reconciling. Reads only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.capture import paid_and_cancelled
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order
from oms_workflow.domain.reconciliation import Account
from oms_workflow.domain.refund import Settled, line_refund
from oms_workflow.domain.returns import Return, entitled_pieces
from oms_workflow.store.drawing import earned, left_at_most
from oms_workflow.store.order_rows import load_heads, load_lines, order_from
from oms_workflow.store.payment_rows import cancelled_of, load_ledgers, money_of
from oms_workflow.store.return_rows import load_returns
from oms_workflow.store.tables.after_sales import settlement_lines, settlements
from oms_workflow.store.tables.orders import order_notes, orders
from oms_workflow.store.tables.traffic import import_rows
from oms_workflow.store.unit_of_work import UnitOfWork

BATCH = 300  # orders read at a time; SQLite takes some thousand values in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountQuery:
    """Which orders; '' and None ask for all."""

    channel: str = ""
    order_id: str = ""
    since: datetime | None = None  # UTC; placed at or after
    until: datetime | None = None  # UTC; placed before


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedAccount:
    """An account, with what an import wrote down about the order."""

    account: Account
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAside:
    """An order that never came in, and why: its money is in no ledger."""

    order_id: str
    batch: str
    codes: tuple[str, ...]


async def accounts(unit: UnitOfWork, query: AccountQuery) -> AsyncIterator[NotedAccount]:
    """Give the orders that fit with their money, by id, all of one moment."""
    conditions = _conditions(query)
    async with unit.reading() as connection:
        last = ""
        while True:
            page = select(orders.c.id).where(*conditions, orders.c.id > last).order_by(orders.c.id).limit(BATCH)
            ids = list((await connection.execute(page)).scalars())
            if not ids:
                return
            for one in await _accounts(connection, ids):
                yield one
            last = ids[-1]


async def kept_aside(unit: UnitOfWork) -> tuple[KeptAside, ...]:
    """Give the orders of imports that still wait in quarantine and did not come in another way."""
    table = import_rows
    came_in = select(orders.c.id).where(orders.c.id == table.c.order_id)
    waiting = select(table.c.order_id, table.c.batch, table.c.problems).where(
        table.c.outcome == "quarantined", table.c.order_id != "", ~came_in.exists()
    )
    found: dict[str, KeptAside] = {}
    async with unit.reading() as connection:
        for row in (await connection.execute(waiting.order_by(table.c.order_id, table.c.batch))).mappings():
            codes = tuple(dict.fromkeys(one["code"] for one in row["problems"]))
            found[row["order_id"]] = KeptAside(order_id=row["order_id"], batch=row["batch"], codes=codes)
    return tuple(found.values())


def _conditions(query: AccountQuery) -> list[Any]:
    found: list[Any] = [true()]
    if query.channel:
        found.append(orders.c.channel == query.channel)
    if query.order_id:
        found.append(orders.c.id == query.order_id)
    if query.since is not None:
        found.append(orders.c.placed_at >= query.since)
    if query.until is not None:
        found.append(orders.c.placed_at < query.until)
    return found


async def _accounts(connection: AsyncConnection, ids: Sequence[str]) -> list[NotedAccount]:
    heads = await load_heads(connection, ids)
    lines = await load_lines(connection, ids)
    ledgers = await load_ledgers(connection, ids)
    settled = await _settled(connection, ids)
    notes = await _notes(connection, ids)
    by_shipment = [order_id for order_id in ids if heads[order_id]["per_shipment"]]
    at_most = await left_at_most(connection, by_shipment) if by_shipment else {}
    returned: dict[str, list[Return]] = {}
    for one in await load_returns(connection, ids):
        returned.setdefault(one.order_id, []).append(one)
    found = []
    for order_id in ids:
        rows = lines.get(order_id, [])
        order = order_from(heads[order_id], rows)
        cancelled = cancelled_of(rows)
        owed = paid_and_cancelled(order, cancelled, at_most)
        account = Account(
            order=order,
            money=money_of(order, ledgers[order_id], cancelled),
            is_cancelled=all(row["cancelled"] == row["ordered"] for row in rows),
            entitled=_owed(order, owed, returned.get(order_id, ()), settled),
            earned=earned(order, rows) if order.per_shipment else order.total,
        )
        found.append(NotedAccount(account=account, notes=tuple(notes.get(order_id, ()))))
    return found


def _owed(order: Order, cancelled: dict[str, int], returned: Sequence[Return], settled: dict[str, Settled]) -> Money:
    """Give the price of the pieces that are entitled to money and did not get it."""
    entitled = entitled_pieces(((one.type, item) for one in returned for item in one.items), cancelled)
    parts = []
    for line in order.lines:
        before = settled.get(line.id) or Settled(pieces=0, amount=Money.zero(order.currency))
        left = entitled.get(line.id, 0) - before.pieces
        if left > 0:
            parts.append(line_refund(line, left, before).amount)
    return total(parts, order.currency)


async def _settled(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Settled]:
    """Read, by line, what was settled."""
    line = settlement_lines.c
    statement = (
        select(line.line_id, line.pieces, line.amount, settlements.c.currency)
        .join(settlements, settlements.c.id == settlement_lines.c.settlement_id)
        .where(settlements.c.order_id.in_(ids), settlements.c.status == "standing")
    )
    found: dict[str, Settled] = {}
    for line_id, pieces, amount, currency in await connection.execute(statement):
        before = found.get(line_id) or Settled(pieces=0, amount=Money.zero(currency))
        found[line_id] = before.and_more(pieces, Money.minor(amount, currency))
    return found


async def _notes(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[str]]:
    mine = select(order_notes.c.order_id, order_notes.c.text).where(
        order_notes.c.order_id.in_(ids), order_notes.c.by == "import"
    )
    found: dict[str, list[str]] = {}
    for order_id, text in await connection.execute(mine.order_by(order_notes.c.at, order_notes.c.id)):
        found.setdefault(order_id, []).append(text)
    return found
