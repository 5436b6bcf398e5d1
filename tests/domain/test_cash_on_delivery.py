"""Cash on delivery: all fulfilment orders together collect what is due, to the cent, and a paid order nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.cash_on_delivery import cash_to_collect
from oms_workflow.domain.fulfilment import FulfilmentLine
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order, PaymentTerms
from oms_workflow.domain.shares import share_money

from .orders_for_tests import a_line, an_order, cny


def on_delivery(**more: object) -> Order:
    lines = (
        a_line("shop:1", "a", "TEA", 3, "10.00", discount=cny("1.00")),
        a_line("shop:1", "b", "CUP", 2, "7.50", tax=cny("0.99")),
    )
    return an_order(*lines, terms=PaymentTerms.ON_DELIVERY, freight=cny("6.00"), **more)


def collected(order: Order, parts: list[dict[str, int]], captured: Money) -> list[Money]:
    """What each part collects when the order is split into them."""
    shares = share_money(order, parts, {})
    found = []
    for number, part in enumerate(parts):
        lines = [
            FulfilmentLine(line_id=name, sku=order.line(name).sku, quantity=many, shares=shares[number][name])
            for name, many in part.items()
            if many
        ]
        cash = cash_to_collect(order, lines, captured=captured, carries_credit=number == 0)
        found.append(cash or cny(0))
    return found


@given(first=st.integers(0, 3), second=st.integers(0, 2), voucher=st.integers(0, 500))
def test_the_parts_together_collect_what_is_due(first: int, second: int, voucher: int) -> None:
    """A cent lost at the door is looked for by finance for a day."""
    order = on_delivery(adjustment=Money.minor(-voucher, "CNY"))
    parts = [{"shop:1/a": first, "shop:1/b": second}, {"shop:1/a": 3 - first, "shop:1/b": 2 - second}]
    parts.sort(key=lambda part: -sum(part.values()))  # the credit goes with a part that can bear it
    assert total(collected(order, parts, cny(0)), "CNY") == order.total


def test_a_paid_order_collects_nothing() -> None:
    """Paid in advance or by deposit and rest: nobody pays twice."""
    order = on_delivery()
    assert collected(order, [{"shop:1/a": 3, "shop:1/b": 2}], order.total) == [cny(0)]
    prepaid = an_order(("a", "TEA", 1, "10.00"))
    assert cash_to_collect(prepaid, [], captured=cny(0), carries_credit=True) is None


def test_a_deposit_is_taken_off() -> None:
    """What was paid before is not collected again."""
    order = on_delivery()
    (cash,) = collected(order, [{"shop:1/a": 3, "shop:1/b": 2}], cny("20.00"))
    assert cash == order.total - cny("20.00")


def test_nothing_is_collected_below_zero() -> None:
    """A voucher larger than the first parcel does not pay the buyer out at the door."""
    order = on_delivery(adjustment=cny("-40.00"))
    cash = collected(order, [{"shop:1/b": 1}, {"shop:1/a": 3, "shop:1/b": 1}], cny(0))
    assert cash[0] == cny(0)
