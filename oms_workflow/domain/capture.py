"""When promised money is taken: at once, or shipment by shipment, each its exact share. Whether money lets goods go."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.domain.money import Money, allocate, total
from oms_workflow.domain.order import Order, PaymentTerms
from oms_workflow.domain.payment import PaymentTotals

Pieces = Mapping[str, int]  # line id -> pieces


def line_shares(order: Order) -> dict[str, Money]:
    """Share everything an order costs among its lines, by what each costs, by largest remainder: to the cent.

    Freight, subsidies and vouchers are in it, so that taking the shares of all lines takes the order's total.
    """
    weights = [line.amount.minor_units for line in order.lines]
    if not any(weights):
        weights = [line.ordered for line in order.lines]
    return {
        line.id: share for line, share in zip(order.lines, allocate(order.total, weights), strict=True)
    }  # fmt: skip


def worth(order: Order, pieces: Pieces) -> Money:
    """Give what pieces of an order are worth. A part of a line is rounded down; its last piece carries the rest.

    It depends on the pieces only, never on the order in which they leave: shipments add up to the total without a
    cent too much on the way.
    """
    shares = line_shares(order)
    return total(
        (shares[line.id].share(min(pieces.get(line.id, 0), line.ordered), line.ordered) for line in order.lines),
        order.currency,
    )


def due_of(order: Order, cancelled: Pieces) -> Money:
    """Give what an order is to bring.

    Money that is taken at once is due in full, and what was cancelled goes back. Money that is taken shipment by
    shipment is due for what may still leave, so cancelled pieces are never taken; of an order that was cancelled as a
    whole the total is named, as of any other.
    """
    wanted = {line.id: line.ordered - cancelled.get(line.id, 0) for line in order.lines}
    if not order.per_shipment or not any(wanted.values()):
        return order.total
    return worth(order, wanted)


def paid_and_cancelled(order: Order, cancelled: Pieces, left_at_most: Pieces) -> dict[str, int]:
    """Count, by line, the cancelled pieces the buyer paid for: their money is owed.

    Args:
        left_at_most: Line id -> the most pieces that had left at one time. Of money that is taken by shipment only
            those were taken; they are owed when they came to nothing, such as pieces that were lost, were to be sent
            again and could not be.
    """
    if not order.per_shipment:
        return dict(cancelled)
    wanted = {line.id: line.ordered - cancelled.get(line.id, 0) for line in order.lines}
    return {name: max(0, left_at_most.get(name, 0) - many) for name, many in wanted.items()}


def lets_go(order: Order, money: PaymentTotals) -> bool:
    """Say whether the money lets goods leave: paid, promised in full where shipments are taken, or on delivery.

    Goods never follow money that went back: an order whose whole payment was refunded stays where it is.
    """
    if order.terms is PaymentTerms.ON_DELIVERY:
        return True
    if money.is_given_back:
        return False
    return money.is_paid or (order.per_shipment and money.authorised - money.voided >= money.due)
