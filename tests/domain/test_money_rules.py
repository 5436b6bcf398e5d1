"""Refunds and draws: rounded down, capped at the rest, never twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.payment import (
    Transaction,
    TransactionKind,
    TransactionStatus,
    left_of,
    spread,
    totals,
)
from oms_workflow.domain.refund import Settled, goods_refund, line_refund, refund_total
from oms_workflow.errors import OrderRefused

from .orders_for_tests import a_line, an_order, cny

K, S = TransactionKind, TransactionStatus


def transaction(number: int, kind: K, units: int, parent: str = "", status: S = S.SUCCEEDED) -> Transaction:
    amount = Money.minor(units, "CNY")
    return Transaction(
        id=f"T{number}", order_id="o", kind=kind, amount=amount, status=status, provider="p", parent=parent
    )


@given(
    pieces=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    price=st.integers(1, 99_999),
    discount=st.integers(0, 99),
)
def test_refunds_in_parts_end_exactly_at_what_was_paid(pieces: list[int], price: int, discount: int) -> None:
    """woocommerce#64668: no order of partial refunds gives a cent more or less than the line's amount."""
    ordered = sum(pieces)
    paid = Money.minor(min(discount, price * ordered), "CNY")
    line = a_line("o", "1", "TEA", ordered, str(Money.minor(price, "CNY").amount), discount=paid)
    done = Settled(pieces=0, amount=cny(0))
    for many in pieces:
        refund = line_refund(line, many, done)
        assert not refund.amount.is_negative
        done = Settled(pieces=done.pieces + many, amount=done.amount + refund.amount)
        assert done.amount <= line.amount
    assert done.amount == line.amount
    with pytest.raises(OrderRefused) as caught:
        line_refund(line, 1, done)
    assert caught.value.code == "QUANTITY_EXCEEDED"


def test_pieces_that_are_not_entitled_are_refused() -> None:
    """Announced is not received."""
    order = an_order(("a", "TEA", 3))
    assert refund_total(goods_refund(order, {"shop:1/a": 2}, {"shop:1/a": 2}, {}), "CNY") == cny("20.00")
    with pytest.raises(OrderRefused, match="2 are entitled to a refund"):
        goods_refund(order, {"shop:1/a": 3}, {"shop:1/a": 2}, {})


LEDGER = st.lists(
    st.tuples(st.integers(1, 500), st.lists(st.tuples(st.integers(1, 300), st.sampled_from(S)), max_size=4)), max_size=4
)


@given(drawn=LEDGER, wanted=st.integers(1, 2000))
def test_what_is_drawn_is_there_and_exactly_what_was_asked(
    drawn: list[tuple[int, list[tuple[int, S]]]], wanted: int
) -> None:
    """Invariant 4 and 5: each source within its rest, together the sum; refused when all of them hold less."""
    ledger = []
    for number, (units, refunds) in enumerate(drawn):
        ledger.append(transaction(number * 10, K.CAPTURE, units))
        for count, (part, status) in enumerate(refunds, start=1):
            ledger.append(transaction(number * 10 + count, K.REFUND, part, f"T{number * 10}", status))
    captures = [one for one in ledger if one.kind is K.CAPTURE]
    free = {one.id: max(0, left_of(one, ledger).minor_units) for one in captures}
    if any(left_of(one, ledger).is_negative for one in captures):
        return  # a ledger that is broken already; the store never writes one
    amount = Money.minor(wanted, "CNY")
    if wanted > sum(free.values()):
        with pytest.raises(OrderRefused) as caught:
            spread(amount, K.REFUND, ledger)
        assert caught.value.code == "AMOUNT_EXCEEDED"
        return
    parts = spread(amount, K.REFUND, ledger)
    assert total((part for _, part in parts), "CNY") == amount
    assert all(0 < part.minor_units <= free[one.id] for one, part in parts)


def test_what_failed_does_not_count_and_what_is_under_way_does() -> None:
    """A pending refund holds its money until it is answered."""
    capture = transaction(1, K.CAPTURE, 1000)
    ledger = [
        capture,
        transaction(2, K.REFUND, 300, "T1", S.PENDING),
        transaction(3, K.REFUND, 400, "T1", S.FAILED),
        transaction(4, K.TRANSFER, 100, "T1"),
    ]
    assert left_of(capture, ledger) == cny("6.00")
    money = totals(ledger, cny("10.00"))
    assert (money.refundable, money.balance, money.refunding) == (cny("6.00"), cny("9.00"), cny("3.00"))


def test_nothing_is_drawn_on_a_promise_that_was_not_kept() -> None:
    """A declined authorisation holds no money."""
    promise = transaction(1, K.AUTHORISE, 1000, status=S.FAILED)
    assert left_of(promise, [promise]).is_zero
    with pytest.raises(OrderRefused):
        spread(cny("1.00"), K.CAPTURE, [promise])
    with pytest.raises(ValueError, match="above 0"):
        spread(cny(0), K.CAPTURE, [promise])
