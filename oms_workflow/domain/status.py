"""The status people see. It is derived from the axes and the holds every time; nobody ever stores or sets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.axes import (
    FulfilmentState,
    PaymentState,
    ReturnState,
    fulfilment_state,
    payment_state,
    return_state,
)
from oms_workflow.domain.capture import lets_go
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.hold import Hold
from oms_workflow.domain.line_ledger import LineQuantities
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import PaymentTotals
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.returns import Return


class OrderStatus(StrEnum):
    """One word for the whole order."""

    CANCELLED = "cancelled"
    COMPLETED = "completed"  # delivered, and its process has ended
    RETURNED = "returned"
    PARTLY_RETURNED = "partly_returned"
    DELIVERED = "delivered"
    PARTLY_DELIVERED = "partly_delivered"
    SHIPPED = "shipped"
    PARTLY_SHIPPED = "partly_shipped"
    LOST = "lost"
    ON_HOLD = "on_hold"
    AWAITING_PAYMENT = "awaiting_payment"
    MERGED = "merged"  # goes out with another order
    IN_FULFILMENT = "in_fulfilment"  # a warehouse works on it
    ALLOCATED = "allocated"
    PARTLY_ALLOCATED = "partly_allocated"
    BACKORDERED = "backordered"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order with everything its status follows from."""

    order: Order
    quantities: dict[str, LineQuantities]  # by line id
    money: PaymentTotals
    holds: tuple[Hold, ...] = ()
    returns: tuple[Return, ...] = ()
    fulfilments: tuple[FulfilmentOrder, ...] = ()  # those with pieces of this order, also when another order leads them
    leader: str = ""  # the order it was merged into; '' when it goes by itself
    promise: Promise = field(default_factory=Promise)  # the strictest of all orders that go together with it
    version: int = 1  # of the stored order; grows with every change of the order itself
    cancelled_at: datetime | None = None  # UTC; a cancellation of the whole order was accepted
    completed_at: datetime | None = None  # UTC; its process reached its end

    @property
    def payment(self) -> PaymentState:
        """How the money stands."""
        return payment_state(self.money)

    @property
    def fulfilment(self) -> FulfilmentState:
        """How far the goods are."""
        return fulfilment_state(self.quantities.values())

    @property
    def returning(self) -> ReturnState:
        """What comes back."""
        return return_state(self.quantities.values(), self.returns)

    @property
    def may_ship(self) -> bool:
        """True when the money allows it: paid, promised in full where shipments are taken, or the carrier collects."""
        return lets_go(self.order, self.money)

    @property
    def status(self) -> OrderStatus:
        """The first status of `LADDER` whose condition holds."""
        return next(status for status, applies in LADDER if applies(self))


def _on_hold(view: OrderView) -> bool:
    return any(hold.is_blocking for hold in view.holds)


def _with_warehouse(view: OrderView) -> bool:
    return any(one.is_active and one.request_status.value != "unsubmitted" for one in view.fulfilments)


def _fulfilment_is(state: FulfilmentState) -> Callable[[OrderView], bool]:
    return lambda view: view.fulfilment is state


def _returning_is(state: ReturnState) -> Callable[[OrderView], bool]:
    return lambda view: view.returning is state


LADDER: tuple[tuple[OrderStatus, Callable[[OrderView], bool]], ...] = (
    (OrderStatus.CANCELLED, _fulfilment_is(FulfilmentState.CANCELLED)),
    (OrderStatus.RETURNED, _returning_is(ReturnState.RETURNED)),
    (OrderStatus.PARTLY_RETURNED, _returning_is(ReturnState.PARTLY_RETURNED)),
    (OrderStatus.COMPLETED, lambda view: view.completed_at is not None),
    (OrderStatus.DELIVERED, _fulfilment_is(FulfilmentState.DELIVERED)),
    (OrderStatus.PARTLY_DELIVERED, _fulfilment_is(FulfilmentState.PARTLY_DELIVERED)),
    (OrderStatus.SHIPPED, _fulfilment_is(FulfilmentState.SHIPPED)),
    (OrderStatus.LOST, _fulfilment_is(FulfilmentState.LOST)),
    (OrderStatus.ON_HOLD, _on_hold),
    (OrderStatus.PARTLY_SHIPPED, _fulfilment_is(FulfilmentState.PARTLY_SHIPPED)),
    (OrderStatus.AWAITING_PAYMENT, lambda view: not view.may_ship),
    (OrderStatus.IN_FULFILMENT, _with_warehouse),
    (OrderStatus.MERGED, lambda view: bool(view.leader)),
    (OrderStatus.ALLOCATED, _fulfilment_is(FulfilmentState.ALLOCATED)),
    (OrderStatus.PARTLY_ALLOCATED, _fulfilment_is(FulfilmentState.PARTLY_ALLOCATED)),
    (OrderStatus.BACKORDERED, _fulfilment_is(FulfilmentState.BACKORDERED)),
    (OrderStatus.OPEN, lambda _: True),
)
"""The statuses from the strongest to the weakest; the last one always applies."""
