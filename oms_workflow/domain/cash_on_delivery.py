"""What a carrier has to collect for goods that are paid on delivery. Moves no money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oms_workflow.domain.fulfilment import FulfilmentLine
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order, PaymentTerms


def cash_to_collect(
    order: Order, lines: Iterable[FulfilmentLine], *, captured: Money, carries_credit: bool
) -> Money | None:
    """Give what is to be collected for pieces of one order in one fulfilment order; None when nothing is.

    Price, discount, tax and freight go with the pieces, as they were shared when the order was split. What belongs to
    no piece (vouchers, money that was paid before) is taken off where the order's first fulfilment order is
    collected, so that all parts together collect what is due. It never goes below nothing.

    Args:
        lines: Pieces of this order; lines of other orders are left alone.
        captured: What the buyer has paid already.
        carries_credit: Whether this is the first fulfilment order with pieces of the order.
    """
    if order.terms is not PaymentTerms.ON_DELIVERY or captured >= order.total:
        return None
    nothing = Money.zero(order.currency)
    mine: Mapping[str, Money] = {line.id: line.unit_price for line in order.lines}
    parts = [
        mine[line.line_id] * line.quantity - line.shares.discount + line.shares.tax + line.shares.freight
        for line in lines
        if line.line_id in mine
    ]
    credit = (order.adjustment or nothing) - captured if carries_credit else nothing
    due = max(nothing, total(parts, order.currency) + credit)
    return due if due > nothing else None
