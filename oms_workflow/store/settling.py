"""What pieces of an order are entitled to, and what was settled for them: by refunds or by exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.capture import paid_and_cancelled
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order
from oms_workflow.domain.refund import LineRefund, Settled
from oms_workflow.domain.returns import Return, entitled_pieces
from oms_workflow.store.drawing import left_at_most
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import next_part
from oms_workflow.store.return_rows import load_returns
from oms_workflow.store.tables.after_sales import settlement_lines, settlements

Pieces = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Where an order stands."""

    returns: tuple[Return, ...]
    cancelled: Pieces  # and paid for, by line
    is_over: bool  # every piece was cancelled: nothing of it will be sent
    entitled: Pieces  # by line, in all
    settled: dict[str, Settled]  # by line, in all
    by_return: dict[str, Pieces]  # settled pieces by return and line; '' is without a return
    freight: Money  # refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One act of settling."""

    kind: str
    return_id: str
    lines: Sequence[LineRefund]
    freight: Money
    reason: str
    extra: Money | None = None  # a sum without pieces


async def load_settling(connection: AsyncConnection, order: Order) -> Settling:
    """Read where a locked order stands."""
    lines = await LineBook.of_orders(connection, [order.id])
    returned = await load_returns(connection, [order.id])
    cancelled = lines.cancelled
    if order.per_shipment:
        cancelled = paid_and_cancelled(order, cancelled, await left_at_most(connection, [order.id]))
    standing = (settlements.c.order_id == order.id) & (settlements.c.status == "standing")
    heads = (await connection.execute(select(settlements).where(standing))).mappings().all()
    statement = (
        select(settlement_lines, settlements.c.return_id)
        .join(settlements, settlements.c.id == settlement_lines.c.settlement_id)
        .where(standing)
    )
    settled: dict[str, Settled] = {}
    by_return: dict[str, Pieces] = {}
    for row in (await connection.execute(statement)).mappings():
        before = settled.get(row["line_id"]) or Settled(pieces=0, amount=Money.zero(order.currency))
        amount = Money.minor(row["amount"], order.currency)
        settled[row["line_id"]] = before.and_more(row["pieces"], amount)
        mine = by_return.setdefault(row["return_id"] or "", {})
        mine[row["line_id"]] = mine.get(row["line_id"], 0) + row["pieces"]
    return Settling(
        returns=returned,
        cancelled=cancelled,
        is_over=all(line.cancelled == line.ordered for line in lines.lines.values()),
        entitled=entitled_pieces(((one.type, item) for one in returned for item in one.items), cancelled),
        settled=settled,
        by_return=by_return,
        freight=total((Money.minor(row["freight"], order.currency) for row in heads), order.currency),
    )


async def insert_settlement(connection: AsyncConnection, order: Order, entry: Settlement, *, at: datetime) -> str:
    """Store what is settled now for a locked order, and give its id."""
    name = await next_part(connection, settlements, settlements.c.order_id, order.id, "Z")
    pieces = total((line.amount for line in entry.lines), order.currency)
    amount = pieces + entry.freight + (entry.extra or Money.zero(order.currency))
    await connection.execute(
        insert(settlements).values(
            id=name,
            order_id=order.id,
            return_id=entry.return_id or None,
            kind=entry.kind,
            status="standing",
            currency=order.currency,
            freight=entry.freight.minor_units,
            amount=amount.minor_units,
            reason=entry.reason,
            at=at,
        )
    )
    rows = [
        {"settlement_id": name, "line_id": line.line_id, "pieces": line.pieces, "amount": line.amount.minor_units}
        for line in entry.lines
    ]
    if rows:
        await connection.execute(insert(settlement_lines), rows)
    return name
