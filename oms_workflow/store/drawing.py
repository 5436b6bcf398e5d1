"""How much of what a buyer's bank promised is taken or given up now, and from which promise. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.capture import worth
from oms_workflow.domain.line_ledger import Move
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import Transaction, TransactionKind, left_of, spread
from oms_workflow.store.order_rows import load_lines
from oms_workflow.store.payment_rows import load_money
from oms_workflow.store.tables.orders import line_moves, order_lines

Draws = tuple[tuple[Transaction, Money], ...]


async def to_capture(connection: AsyncConnection, order_id: str, amount: Money | None) -> Draws:
    """Say what to take of a locked order: an amount, or what is due now and not yet taken. () when nothing is.

    Raises:
        OrderRefused: UNKNOWN_ORDER; AMOUNT_EXCEEDED, beyond what is promised.
    """
    order, ledger, money = await load_money(connection, order_id)
    due = money.due
    if order.per_shipment:
        due = earned(order, (await load_lines(connection, [order_id])).get(order_id, []))
    wanted = due - money.captured - money.capturing if amount is None else amount
    if wanted <= Money.zero(order.currency):
        return ()
    return spread(wanted, TransactionKind.CAPTURE, ledger)


async def to_void(connection: AsyncConnection, order_id: str, *, everything: bool) -> Draws:
    """Say what to give up of the promises of a locked order: all that is left, or what no goods need any more.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    order, ledger, money = await load_money(connection, order_id)
    left = [(one, left_of(one, ledger)) for one in ledger if one.kind is TransactionKind.AUTHORISE]
    nothing = Money.zero(order.currency)
    keep = nothing if everything else max(nothing, money.due - money.captured - money.capturing)
    draws = []
    for promise, rest in sorted(left, key=lambda pair: (-pair[1].amount, pair[0].id)):
        kept = min(keep, rest)
        keep = keep - kept
        if rest > kept:
            draws.append((promise, rest - kept))
    return tuple(draws)


def earned(order: Order, line_rows: Iterable[RowMapping]) -> Money:
    """Give what the goods that have left are worth; pieces that were lost on their way have left."""
    return worth(order, {row["id"]: row["shipped"] + row["written_off"] for row in line_rows})


async def left_at_most(connection: AsyncConnection, order_ids: Sequence[str]) -> dict[str, int]:
    """Count, by line, the most pieces that had left at one time: what is to be sent again has not left any more."""
    moves = (
        select(line_moves.c.line_id, line_moves.c.move, line_moves.c.quantity)
        .join(order_lines, order_lines.c.id == line_moves.c.line_id)
        .where(
            order_lines.c.order_id.in_(list(order_ids)),
            line_moves.c.move.in_((Move.SHIP.value, Move.SEND_AGAIN.value)),
        )
    )
    now: dict[str, int] = {}
    most: dict[str, int] = {}
    for line_id, move, quantity in await connection.execute(moves.order_by(line_moves.c.seq)):
        now[line_id] = now.get(line_id, 0) + (quantity if move == Move.SHIP else -quantity)
        most[line_id] = max(most.get(line_id, 0), now[line_id])
    return most
