"""Making the order with new goods for an exchange: pieces and credit are settled in the same moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.exchange import Exchange, NewGoods, exchange_order
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind, TransactionStatus, spread
from oms_workflow.domain.refund import goods_refund, refund_total
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import Return, ReturnType, is_entitled
from oms_workflow.domain.service_level import Origin
from oms_workflow.store.intake import insert_order
from oms_workflow.store.locking import lock_order
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.payment_rows import insert_draws, load_ledgers
from oms_workflow.store.settling import Settlement, Settling, insert_settlement, load_settling
from oms_workflow.store.tables.after_sales import payment_transactions, returns, settlements
from oms_workflow.store.tables.orders import orders


async def exchange(connection: AsyncConnection, one: Return, new: tuple[NewGoods, ...], *, at: datetime) -> Exchange:
    """Make and store the new order for what is accepted of an exchange, once.

    Raises:
        OrderRefused: ILLEGAL_MOVE, when it is no exchange, was done already, or nothing is accepted.
    """
    if one.type is not ReturnType.EXCHANGE or one.exchange_order:
        why = f"was exchanged for {one.exchange_order!r}" if one.exchange_order else f"is a {one.type.value}"
        raise refuse(Refusal.ILLEGAL_MOVE, f"Return {one.id!r} {why}; no goods are exchanged for it.")
    order = (await load_orders(connection, [one.order_id]))[one.order_id]
    settling = await load_settling(connection, order)
    pieces = _accepted(one, settling)
    if not pieces:
        raise refuse(Refusal.ILLEGAL_MOVE, f"Nothing of return {one.id!r} is received and accepted yet.")
    refunds = goods_refund(order, pieces, settling.entitled, settling.settled)
    made = exchange_order(
        order,
        new,
        refund_total(refunds, order.currency),
        sequence=await _sequence(connection, one.order_id),
        at=at,
        origin=Origin.EXCHANGE,
    )
    await insert_order(connection, made.order, at)
    await connection.execute(update(returns).where(returns.c.id == one.id).values(exchange_order=made.order.id))
    entry = Settlement(
        kind="exchange", return_id=one.id, lines=refunds, freight=Money.zero(order.currency), reason=made.order.id
    )
    settlement = await insert_settlement(connection, order, entry, at=at)
    if not made.credit_used.is_zero:
        ledger = (await load_ledgers(connection, [order.id]))[order.id]
        draws = spread(made.credit_used, TransactionKind.TRANSFER, ledger)
        await insert_draws(connection, order.id, TransactionKind.TRANSFER, draws, settlement=settlement, at=at)
    return made


async def withdraw_exchange(connection: AsyncConnection, order_id: str, *, at: datetime) -> None:
    """Give the credit of a cancelled exchange order back to the order it came from, which can then be refunded.

    Does nothing for an order that is no exchange.
    """
    which = select(returns.c.id, returns.c.order_id).where(returns.c.exchange_order == order_id)
    found = (await connection.execute(which)).mappings().first()
    if found is None:
        return
    await lock_order(connection, found["order_id"])
    mine = (settlements.c.return_id == found["id"]) & (settlements.c.kind == "exchange")
    ids = select(settlements.c.id).where(mine)
    undone = {"status": TransactionStatus.FAILED.value, "reason": "exchange order cancelled", "settled_at": at}
    drawn = payment_transactions.c.settlement_id.in_(ids)
    await connection.execute(update(payment_transactions).where(drawn).values(**undone))
    await connection.execute(update(settlements).where(mine).values(status="withdrawn"))
    await connection.execute(update(returns).where(returns.c.id == found["id"]).values(exchange_order=None))


def _accepted(one: Return, settling: Settling) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for item in one.items:
        if is_entitled(one.type, item):
            pieces[item.line_id] = pieces.get(item.line_id, 0) + item.quantity
    for line_id, quantity in settling.by_return.get(one.id, {}).items():
        pieces[line_id] = pieces.get(line_id, 0) - quantity
    return {line_id: quantity for line_id, quantity in pieces.items() if quantity > 0}


async def _sequence(connection: AsyncConnection, order_id: str) -> int:
    made = (await connection.execute(select(orders.c.id).where(orders.c.parent == order_id))).scalars()
    return len(list(made)) + 1
