"""Money that is taken by shipment: the shares of what leaves add up to the total, and never to a cent more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.capture import due_of, lets_go, line_shares, paid_and_cancelled, worth
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Order, PaymentTerms
from oms_workflow.domain.payment import PaymentTotals

from .orders_for_tests import a_line, an_order, cny

LINE = st.tuples(st.integers(1, 5), st.integers(0, 9_999), st.integers(0, 99))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Odd prices, freight and a subsidy, so that sharing leaves remainders of every kind."""
    lines = draw(st.lists(LINE, min_size=1, max_size=5))
    made = [
        a_line("shop:1", str(number), "TEA", pieces, f"{price / 100:.2f}", tax=cny(f"{tax / 100:.2f}"))
        for number, (pieces, price, tax) in enumerate(lines)
    ]
    freight = cny(f"{draw(st.integers(0, 2_000)) / 100:.2f}")
    goods = total((line.amount for line in made), "CNY") + freight
    subsidy = Money.minor(-draw(st.integers(0, goods.minor_units)), "CNY")
    return an_order(*made, freight=freight, adjustment=subsidy, per_shipment=True)


@given(order=orders())
def test_the_lines_share_everything_an_order_costs(order: Order) -> None:
    """Freight and subsidy included, to the cent."""
    assert total(line_shares(order).values(), "CNY") == order.total


@given(order=orders(), data=st.data())
def test_shipments_add_up_to_the_total_whatever_their_order(order: Order, data: st.DataObject) -> None:
    """What is taken never falls, never passes what left is worth, and ends at the total."""
    waiting = [line.id for line in order.lines for _ in range(line.ordered)]
    waiting = data.draw(st.permutations(waiting))
    left: dict[str, int] = {}
    taken = cny(0)
    for name in waiting:
        left[name] = left.get(name, 0) + 1
        share = worth(order, left) - taken
        assert not share.is_negative
        taken = taken + share
    assert taken == order.total


@given(order=orders(), data=st.data())
def test_cancelled_pieces_are_never_due(order: Order, data: st.DataObject) -> None:
    """Due is what the rest is worth, so that taking all of it leaves nothing open and nothing too much."""
    cancelled = {line.id: data.draw(st.integers(0, line.ordered)) for line in order.lines}
    wanted = {line.id: line.ordered - cancelled[line.id] for line in order.lines}
    due = due_of(order, cancelled)
    assert due == (worth(order, wanted) if any(wanted.values()) else order.total)
    assert due <= order.total


def test_money_that_is_taken_at_once_is_due_in_full() -> None:
    """What was cancelled goes back instead."""
    order = an_order(("a", "TEA", 2, "10.00"))
    assert due_of(order, {"shop:1/a": 1}) == cny(20)
    assert paid_and_cancelled(order, {"shop:1/a": 1}, {}) == {"shop:1/a": 1}


def test_only_pieces_that_left_were_paid_for() -> None:
    """Two left, both were lost and to be sent again, one could not be: its money is owed, that of the third is not."""
    order = an_order(("a", "TEA", 3, "10.00"), per_shipment=True)
    assert paid_and_cancelled(order, {"shop:1/a": 2}, {"shop:1/a": 2}) == {"shop:1/a": 1}
    assert paid_and_cancelled(order, {"shop:1/a": 1}, {"shop:1/a": 2}) == {"shop:1/a": 0}
    assert paid_and_cancelled(order, {"shop:1/a": 3}, {}) == {"shop:1/a": 0}


def money(**amounts: str) -> PaymentTotals:
    """A ledger of an order of 20 yuan."""
    names = ("authorised", "captured", "voided", "refunded", "transferred", "capturing", "refunding")
    return PaymentTotals(due=cny("20.00"), **{name: cny(amounts.get(name, "0.00")) for name in names})


def test_a_promise_lets_goods_go_only_where_shipments_are_taken() -> None:
    """And only a promise of everything that may still leave."""
    at_once = an_order(("a", "TEA", 2, "10.00"))
    by_shipment = an_order(("a", "TEA", 2, "10.00"), per_shipment=True)
    promised = money(authorised="20.00")
    assert (lets_go(at_once, promised), lets_go(by_shipment, promised)) == (False, True)
    assert not lets_go(by_shipment, money(authorised="20.00", voided="0.01"))
    assert lets_go(at_once, money(authorised="20.00", captured="20.00"))
    assert lets_go(an_order(("a", "TEA", 2, "10.00"), terms=PaymentTerms.ON_DELIVERY), money())


def test_goods_never_follow_money_that_went_back() -> None:
    """A buyer whose whole payment was refunded gets nothing more; part of it, as for a missing piece, stops nobody."""
    order = an_order(("a", "TEA", 2, "10.00"))
    assert not lets_go(order, money(authorised="20.00", captured="20.00", refunded="20.00"))
    assert lets_go(order, money(authorised="20.00", captured="20.00", refunded="10.00"))
