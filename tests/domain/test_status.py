"""The derived status: a pure function of ledgers and holds, told in one word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.axes import FulfilmentState, PaymentState, ReturnState, fulfilment_state, payment_state
from oms_workflow.domain.hold import Gate, Hold, HoldKind, HoldStatus, blocking, require_open
from oms_workflow.domain.line_ledger import LineQuantities
from oms_workflow.domain.payment import PaymentTotals
from oms_workflow.domain.status import LADDER, OrderStatus, OrderView
from oms_workflow.errors import OrderRefused

from .orders_for_tests import NOON, an_order, cny


def money(**sums: str) -> PaymentTotals:
    names = ("due", "authorised", "captured", "voided", "refunded", "transferred", "capturing", "refunding")
    return PaymentTotals(**{name: cny(sums.get(name, "0")) for name in names})


PAID = money(due="20", authorised="20", captured="20")


def view(paid: PaymentTotals = PAID, **line: int) -> OrderView:
    ledger = LineQuantities(**({"ordered": 2, "open": 0} | line))
    return OrderView(order=an_order(("a", "TEA", 2)), quantities={"shop:1/a": ledger}, money=paid)


HOLD = Hold(
    id="h", order_id="o", kind=HoldKind.AUDIT, handle="", blocks=frozenset({Gate.SHIP}), reason="", applied_by="x",
    resolver_role="customer-service", status=HoldStatus.OPEN, opened_at=NOON,
)  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (view(money(due="20"), open=2), OrderStatus.AWAITING_PAYMENT),
        (view(open=2), OrderStatus.OPEN),
        (replace(view(open=2), holds=(HOLD,)), OrderStatus.ON_HOLD),
        (replace(view(money(due="20"), open=2), holds=(HOLD,)), OrderStatus.ON_HOLD),
        (replace(view(open=2), leader="shop:0"), OrderStatus.MERGED),
        (view(backordered=2), OrderStatus.BACKORDERED),
        (view(allocated=1, open=1), OrderStatus.PARTLY_ALLOCATED),
        (view(allocated=1, cancelled=1), OrderStatus.ALLOCATED),
        (view(shipped=1, open=1), OrderStatus.PARTLY_SHIPPED),
        (view(shipped=1, cancelled=1), OrderStatus.SHIPPED),
        (replace(view(shipped=2), holds=(HOLD,)), OrderStatus.SHIPPED),
        (view(shipped=2, delivered=1), OrderStatus.PARTLY_DELIVERED),
        (view(shipped=2, delivered=2), OrderStatus.DELIVERED),
        (replace(view(shipped=2, delivered=2), completed_at=NOON), OrderStatus.COMPLETED),
        (view(shipped=2, delivered=2, return_announced=1, returned=1), OrderStatus.PARTLY_RETURNED),
        (view(shipped=2, delivered=2, return_announced=2, returned=2), OrderStatus.RETURNED),
        (view(written_off=2), OrderStatus.LOST),
        (view(cancelled=2), OrderStatus.CANCELLED),
    ],
)
def test_the_status_is_what_a_shopkeeper_would_say(seen: OrderView, status: OrderStatus) -> None:
    """One word that is always the same for the same facts."""
    assert seen.status is status


QUANTITIES = st.tuples(*[st.integers(0, 3)] * 6).filter(any)


@given(
    places=QUANTITIES,
    delivered=st.integers(0, 3),
    returned=st.integers(0, 3),
    sums=st.tuples(*[st.integers(0, 40)] * 4),
)
def test_every_possible_order_has_a_status_on_every_axis(
    places: tuple[int, ...], delivered: int, returned: int, sums: tuple[int, ...]
) -> None:
    """Invariant 14: recomputed equals shown, and nothing falls through."""
    names = ("open", "allocated", "shipped", "cancelled", "backordered", "written_off")
    line: dict[str, Any] = dict(zip(names, places, strict=True)) | {"ordered": sum(places)}
    line |= {"delivered": min(delivered, line["shipped"]), "return_announced": min(returned, line["shipped"])}
    line["returned"] = line["return_announced"]
    paid = money(due="20", **dict(zip(("authorised", "captured", "voided", "refunded"), map(str, sums), strict=True)))
    one, two = view(paid, **line), view(paid, **line)
    assert one.status is two.status
    assert one.status in OrderStatus
    assert (one.payment, one.fulfilment, one.returning) == (two.payment, two.fulfilment, two.returning)


def test_the_ladder_names_every_status_once() -> None:
    """A status without a rung could never be shown."""
    assert sorted(status.value for status, _ in LADDER) == sorted(OrderStatus)


@pytest.mark.parametrize(
    ("sums", "state"),
    [
        ({}, PaymentState.UNPAID),
        ({"authorised": "20"}, PaymentState.AUTHORISED),
        ({"authorised": "19"}, PaymentState.UNPAID),
        ({"authorised": "20", "voided": "20"}, PaymentState.VOIDED),
        ({"authorised": "20", "captured": "5"}, PaymentState.PARTLY_PAID),
        ({"captured": "20"}, PaymentState.PAID),
        ({"captured": "21"}, PaymentState.OVERPAID),
        ({"captured": "20", "refunded": "5"}, PaymentState.PARTLY_REFUNDED),
        ({"captured": "20", "refunded": "20"}, PaymentState.REFUNDED),
    ],
)
def test_money_has_one_state(sums: dict[str, str], state: PaymentState) -> None:
    """By what was taken and given back; what is under way is not counted."""
    assert payment_state(money(due="20", **sums)) is state


def test_an_order_that_costs_nothing_is_paid() -> None:
    """A gift, or an even exchange."""
    assert payment_state(money(due="0")) is PaymentState.PAID


def test_an_order_without_lines_left_is_cancelled() -> None:
    """Nothing is expected any more."""
    assert fulfilment_state([]) is FulfilmentState.CANCELLED
    assert view(open=2).returning is ReturnState.NONE


def test_holds_block_their_own_gates_until_resolved() -> None:
    """A rejected hold keeps blocking; the message names everyone who has to act."""
    rejected = replace(HOLD, id="h2", status=HoldStatus.REJECTED)
    assert blocking([HOLD, rejected], Gate.SHIP) == (HOLD, rejected)
    assert blocking([HOLD], Gate.REFUND) == ()
    assert blocking([replace(HOLD, status=HoldStatus.RESOLVED)], Gate.SHIP) == ()
    with pytest.raises(OrderRefused, match=r"audit hold 'h' \(for customer-service\); audit hold 'h2'"):
        require_open(Gate.SHIP, [HOLD, rejected])
