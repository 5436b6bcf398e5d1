"""Beginning refunds: what pieces are entitled to, from which captures it is drawn, all under the order's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.hold import Gate
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import Transaction, TransactionKind, spread
from oms_workflow.domain.ports.payments import RefundOrder
from oms_workflow.domain.refund import LineRefund, goods_refund, price_difference, refund_total
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.returns import Return, ReturnType, is_entitled
from oms_workflow.store.hold_rows import require_gate
from oms_workflow.store.line_book import LineBook
from oms_workflow.store.locking import lock_order
from oms_workflow.store.order_rows import load_orders
from oms_workflow.store.payment_rows import insert_draws, load_ledgers, money_of
from oms_workflow.store.settling import Settlement, Settling, insert_settlement, load_settling


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for money back; see `ports.payments.PaymentLedger.begin_refund`."""

    order_id: str
    pieces: Mapping[str, int] | None
    freight: Money | None
    amount: Money | None
    return_id: str
    reason: str


async def begin(connection: AsyncConnection, asked: Asked, *, at: datetime) -> RefundOrder:
    """Begin a refund.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED; AMOUNT_EXCEEDED; ON_HOLD; UNKNOWN_ORDER; UNKNOWN_RETURN.
    """
    await lock_order(connection, asked.order_id)
    await require_gate(connection, [asked.order_id], Gate.REFUND)
    order = (await load_orders(connection, [asked.order_id]))[asked.order_id]
    ledger = (await load_ledgers(connection, [asked.order_id]))[asked.order_id]
    settling = await load_settling(connection, order)
    lowered = _price_protection(asked, settling)
    if lowered is not None and asked.amount is not None:
        refunds = price_difference(order, lowered, asked.amount, settling.settled)
    else:
        refunds = _lines(asked, order, settling)
    freight = await _freight(connection, asked, order, settling)
    extra = Money.zero(order.currency) if lowered is not None else asked.amount or Money.zero(order.currency)
    wanted = refund_total(refunds, order.currency) + freight + extra
    refundable = money_of(order, ledger, {}).refundable
    if asked.pieces is None and asked.amount is None:
        wanted = _within(asked, settling, wanted, refundable)
    if wanted.is_zero:
        return RefundOrder(transactions=(), lines=refunds, freight=freight, amount=wanted)
    entry = Settlement(
        kind="refund",
        return_id=asked.return_id,
        lines=refunds,
        freight=freight,
        reason=asked.reason,
        extra=wanted - refund_total(refunds, order.currency) - freight,
    )
    draws = spread(wanted, TransactionKind.REFUND, ledger)
    begun = await _draw(connection, order, entry, draws, at=at)
    return RefundOrder(transactions=begun, lines=refunds, freight=freight, amount=wanted)


def _within(asked: Asked, settling: Settling, wanted: Money, refundable: Money) -> Money:
    """Give what goes back when no sum is named: what the pieces cost, or all that is held when nothing will be sent.

    A buyer who paid less than the goods' price gets the rest of it (woocommerce#64668); one whose money came after the
    order was over gets it all, though its pieces were settled long ago.
    """
    return refundable if settling.is_over and not asked.return_id else min(wanted, refundable)


async def _draw(
    connection: AsyncConnection,
    order: Order,
    entry: Settlement,
    draws: Sequence[tuple[Transaction, Money]],
    *,
    at: datetime,
) -> tuple[Transaction, ...]:
    """Note what is settled, and begin the transactions that pay it."""
    settlement = await insert_settlement(connection, order, entry, at=at)
    names = await insert_draws(
        connection, order.id, TransactionKind.REFUND, draws, settlement=settlement, reason=entry.reason, at=at
    )
    after: tuple[Transaction, ...] = (await load_ledgers(connection, [order.id]))[order.id]
    return tuple(one for one in after if one.id in names)


def _lines(asked: Asked, order: Order, settling: Settling) -> tuple[LineRefund, ...]:
    entitled = dict(settling.entitled)
    if asked.return_id:
        one = _return(asked.return_id, settling)
        mine, done = _of_return(one, settling), settling.by_return.get(one.id, {})
        open_now = {name: many - done.get(name, 0) for name, many in mine.items()}
    else:
        open_now = {name: many - _settled(settling, name) for name, many in entitled.items()}
    if asked.pieces is None:
        pieces = {} if asked.amount is not None else {name: many for name, many in open_now.items() if many > 0}
        pieces = {name: min(many, entitled.get(name, 0) - _settled(settling, name)) for name, many in pieces.items()}
        pieces = {name: many for name, many in pieces.items() if many > 0}
    else:
        pieces = dict(asked.pieces)
        for name, many in pieces.items():
            if many > open_now.get(name, 0):
                raise refuse(
                    Refusal.QUANTITY_EXCEEDED,
                    f"Cannot refund {many} of line {name!r}: {max(0, open_now.get(name, 0))} are entitled to a refund "
                    f"and not settled yet. Wait until the goods are received and accepted.",
                )
    return goods_refund(order, pieces, entitled, settling.settled)


def _price_protection(asked: Asked, settling: Settling) -> list[str] | None:
    """Give the lines whose price fell, when the refund settles a price protection; None when it does not.

    Raises:
        OrderRefused: UNKNOWN_RETURN; AMOUNT_EXCEEDED, when it is not accepted, or was settled already.
    """
    one = _return(asked.return_id, settling) if asked.return_id else None
    if one is None or one.type is not ReturnType.PRICE_PROTECTION:
        return None
    lines = [item.line_id for item in one.items if is_entitled(one.type, item)]
    if not lines or one.id in settling.by_return:
        why = "was settled already" if lines else "is not accepted"
        raise refuse(
            Refusal.AMOUNT_EXCEEDED, f"Price protection {one.id!r} {why}. Open another one for a further fall."
        )
    return lines


def _settled(settling: Settling, line_id: str) -> int:
    done = settling.settled.get(line_id)
    return done.pieces if done else 0


def _return(return_id: str, settling: Settling) -> Return:
    for one in settling.returns:
        if one.id == return_id:
            return one
    raise refuse(Refusal.UNKNOWN_RETURN, f"This order has no return {return_id!r}. Check the id.")


def _of_return(one: Return, settling: Settling) -> dict[str, int]:
    """Count the pieces of one return that may be settled."""
    counts: dict[str, int] = {}
    for item in one.items:
        if is_entitled(one.type, item):
            counts[item.line_id] = counts.get(item.line_id, 0) + item.quantity
    if one.type is ReturnType.REFUND_BEFORE_SHIPPING:
        return {name: min(many, settling.cancelled.get(name, 0)) for name, many in counts.items()}
    return counts


async def _freight(connection: AsyncConnection, asked: Asked, order: Order, settling: Settling) -> Money:
    """Say how much freight goes back: what is asked for, and all of it when nothing of the order was ever sent."""
    rest = order.freight - settling.freight
    if asked.freight is not None:
        if asked.freight.is_negative or asked.freight > rest:
            raise refuse(
                Refusal.AMOUNT_EXCEEDED,
                f"Cannot refund {asked.freight} of freight for order {order.id!r}: {rest} is left. Ask for less.",
            )
        return asked.freight
    lines = await LineBook.of_orders(connection, [order.id])
    never_sent = all(line.cancelled == line.ordered for line in lines.lines.values())
    wants_all = asked.pieces is None and asked.amount is None and not asked.return_id
    return rest if never_sent and wants_all else Money.zero(order.currency)
