"""Reconciling an order: every amount that is not what another one says has a cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oms_workflow.domain.money import Money
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.payment import PaymentTotals
from oms_workflow.domain.reconciliation import Account, Cause, Claim, Standing, reconcile, sums

from .orders_for_tests import an_order, cny

ORDER = an_order(("a", "TEA", 2), ("b", "CUP", 1), freight=cny("6.00"))
DUE = ORDER.total
NONE = cny("0.00")


def books(**amounts: Money) -> PaymentTotals:
    """The ledger of the order: nothing, but for what is given."""
    names = ("authorised", "captured", "voided", "refunded", "transferred", "capturing", "refunding")
    return PaymentTotals(due=DUE, **{name: amounts.get(name, NONE) for name in names})


def account(*, is_cancelled: bool = False, entitled: Money = NONE, **amounts: Money) -> Account:
    return Account(order=ORDER, money=books(**amounts), is_cancelled=is_cancelled, entitled=entitled)


def causes(one: Account, claim: Claim | None = None) -> dict[Cause, Money]:
    return {each.cause: each.amount for each in reconcile(one, claim).differences}


def test_an_order_that_is_paid_to_the_cent_is_reconciled() -> None:
    found = reconcile(account(authorised=DUE, captured=DUE))
    assert (found.differences, found.standing, found.open) == ((), Standing.RECONCILED, NONE)


@pytest.mark.parametrize(
    ("amounts", "cause", "standing"),
    [
        ({}, Cause.UNPAID, Standing.WAITS),
        ({"authorised": DUE}, Cause.PROMISED, Standing.WAITS),
        ({"authorised": DUE, "capturing": DUE}, Cause.CAPTURE_UNDER_WAY, Standing.WAITS),
        ({"captured": DUE - cny("0.03")}, Cause.ROUNDING, Standing.RECONCILED),
        ({"captured": DUE - cny("0.04")}, Cause.PAID_LESS, Standing.DIFFERS),
        ({"captured": DUE + cny("0.01")}, Cause.ROUNDING, Standing.RECONCILED),
        ({"captured": DUE + cny("5.00")}, Cause.PAID_MORE, Standing.DIFFERS),
    ],
)
def test_what_was_taken_is_compared_with_what_is_due(
    amounts: dict[str, Money], cause: Cause, standing: Standing
) -> None:
    """Each line and the freight may lose a cent; more than that has a reason, or needs a person."""
    found = reconcile(account(**amounts))
    assert [one.cause for one in found.differences] == [cause]
    assert found.standing is standing


def test_the_carrier_collects_what_is_payable_on_delivery() -> None:
    one = replace(account(), order=replace(ORDER, terms=PaymentTerms.ON_DELIVERY))
    assert causes(one) == {Cause.ON_DELIVERY: -DUE}


def test_interest_of_instalments_is_an_explanation() -> None:
    one = account(captured=DUE + cny("5.00"))
    assert causes(one, Claim(instalments=3)) == {Cause.INSTALMENT_INTEREST: cny("5.00")}
    assert reconcile(one, Claim(instalments=3)).standing is Standing.RECONCILED


def test_nothing_is_expected_for_an_order_that_was_cancelled() -> None:
    """An unpaid order that was closed is in order; one that was paid owes all it holds."""
    assert causes(account(is_cancelled=True)) == {}
    assert reconcile(account(is_cancelled=True)).open == NONE
    assert causes(account(is_cancelled=True, captured=DUE)) == {Cause.REFUND_OWED: DUE}
    assert causes(account(is_cancelled=True, captured=DUE, refunded=DUE)) == {}


def test_pieces_that_came_back_are_owed_until_they_are_refunded() -> None:
    """Never more than is left of what was taken."""
    assert causes(account(captured=DUE, entitled=cny("10.00"))) == {Cause.REFUND_OWED: cny("10.00")}
    left = account(captured=DUE, refunded=DUE - cny("4.00"), entitled=cny("10.00"))
    assert causes(left) == {Cause.REFUND_OWED: cny("4.00")}
    assert causes(account(captured=DUE, refunding=cny("10.00"))) == {Cause.REFUND_UNDER_WAY: cny("10.00")}


def test_what_only_the_channel_knows_of_needs_a_person() -> None:
    """What we took or gave back later is none of the channel's business."""
    said = Claim(paid=DUE, refunded=cny("3.00"))
    assert causes(account(captured=DUE), said) == {Cause.REFUNDED_AT_CHANNEL: cny("3.00")}
    assert causes(account(captured=DUE, refunded=cny("5.00")), said) == {}
    assert Cause.PAID_AT_CHANNEL in causes(account(), said)
    assert reconcile(account(), said).standing is Standing.DIFFERS


def test_sums_are_kept_apart_by_currency() -> None:
    """Two currencies make no sum."""
    paid = reconcile(account(captured=DUE, refunded=cny("4.00")))
    (one,) = sums([paid, paid])
    assert (one.currency, one.orders, one.captured, one.refunded) == ("CNY", 2, DUE * 2, cny("8.00"))
    assert one.held == one.captured - one.refunded - one.transferred
