"""The three axes an order is seen on: payment, fulfilment, return. Each is a pure function of its ledger."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from oms_workflow.domain.line_ledger import LineQuantities
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import PaymentTotals
from oms_workflow.domain.returns import Reception, Return


class PaymentState(StrEnum):
    """How the money stands."""

    UNPAID = "unpaid"
    AUTHORISED = "authorised"  # promised in full, nothing taken
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"  # all that was taken went back
    VOIDED = "voided"  # the promise was given up, nothing was taken


class FulfilmentState(StrEnum):
    """How far the goods are."""

    UNFULFILLED = "unfulfilled"
    BACKORDERED = "backordered"  # all that is open waits for stock
    PARTLY_ALLOCATED = "partly_allocated"
    ALLOCATED = "allocated"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"  # the buyer expects nothing any more
    LOST = "lost"  # what was not cancelled was written off


class ReturnState(StrEnum):
    """What comes back."""

    NONE = "none"
    REQUESTED = "requested"
    PARTLY_RETURNED = "partly_returned"
    RETURNED = "returned"  # every shipped piece came back


def payment_state(money: PaymentTotals) -> PaymentState:
    """Say how the money of an order stands; transactions under way are not counted."""
    open_promise = money.authorised - money.voided
    nothing = Money.zero(money.due.currency)
    ladder = (
        (PaymentState.REFUNDED, money.refunded > nothing and money.refunded >= money.captured),
        (PaymentState.PARTLY_REFUNDED, money.refunded > nothing),
        (PaymentState.OVERPAID, money.captured > money.due),
        (PaymentState.PAID, money.is_paid),
        (PaymentState.PARTLY_PAID, money.captured > nothing),
        (PaymentState.VOIDED, money.authorised > nothing and open_promise.is_zero),
        (PaymentState.AUTHORISED, money.authorised > nothing and open_promise >= money.due),
        (PaymentState.UNPAID, True),
    )
    return next(state for state, applies in ladder if applies)


def fulfilment_state(lines: Iterable[LineQuantities]) -> FulfilmentState:
    """Say how far the goods of an order are; cancelled pieces do not count, unless there are no others."""
    ledgers = tuple(lines)
    wanted = sum(line.wanted for line in ledgers)
    shipped = sum(line.shipped for line in ledgers)
    delivered = sum(line.delivered for line in ledgers)
    lost = sum(line.written_off for line in ledgers)
    allocated = sum(line.allocated for line in ledgers)
    backordered = sum(line.backordered for line in ledgers)
    to_ship = wanted - shipped - lost
    ladder = (
        (FulfilmentState.CANCELLED, not wanted),
        (FulfilmentState.LOST, lost == wanted),
        (FulfilmentState.DELIVERED, not to_ship and delivered == shipped),
        (FulfilmentState.PARTLY_DELIVERED, not to_ship and bool(delivered)),
        (FulfilmentState.SHIPPED, not to_ship),
        (FulfilmentState.PARTLY_SHIPPED, bool(shipped)),
        (FulfilmentState.ALLOCATED, allocated == to_ship),
        (FulfilmentState.BACKORDERED, backordered == to_ship),
        (FulfilmentState.PARTLY_ALLOCATED, bool(allocated)),
        (FulfilmentState.UNFULFILLED, True),
    )
    return next(state for state, applies in ladder if applies)


def return_state(lines: Iterable[LineQuantities], returns: Iterable[Return]) -> ReturnState:
    """Say what comes back: counted pieces decide, a request without any is only a request."""
    ledgers = tuple(lines)
    shipped = sum(line.shipped for line in ledgers)
    back = sum(line.returned for line in ledgers)
    if shipped and back == shipped:
        return ReturnState.RETURNED
    if back:
        return ReturnState.PARTLY_RETURNED
    under_way = (Reception.AWAITING, Reception.IN_TRANSIT)
    waiting = any(item.reception in under_way for one in returns if one.cancelled_at is None for item in one.items)
    return ReturnState.REQUESTED if waiting else ReturnState.NONE
