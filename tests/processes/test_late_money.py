"""Money that comes, or does not, after an order was cancelled: whatever was promised or taken goes back, once."""

from __future__ import annotations

from typing import Any

from .test_cancelling import CANCELLED, ask
from .walking import MONEY, ORDER, Walk

OPEN = MONEY | {"state": "open", "outstanding": "100.00"}
PROMISED = MONEY | {"state": "promised", "promised": "100.00"}
TAKEN = MONEY | {"refundable": "100.00"}
TAKING = MONEY | {"state": "promised", "under_way": "100.00"}
PENDING = {"state": "pending", "transaction_id": "shop:1.T1"}


def closed_unpaid(*seen_after: Any) -> Walk:
    """An order that nobody paid in time; then this is seen in the ledger, one look after the other."""
    walk = Walk.of_order(
        LookAtPayment=OPEN, LookOnceMore=OPEN, payment__request=PENDING, LookAtMoneyLeft=[OPEN, *seen_after]
    )
    walk.advance("PT2H")
    return walk


def cancelled_while_taking(*seen_after: Any) -> Walk:
    """An order that was cancelled while the provider was about to take the money."""
    taking = {"paid": False, "pending": ["shop:1.T2"], "outstanding": "100.00"}
    walk = Walk.of_order(
        LookAtPayment=PROMISED, payment__capture=taking, cancellation__decide=CANCELLED,
        LookAtMoneyLeft=[TAKING, *seen_after],
    )  # fmt: skip
    ask(walk)
    return walk


def test_an_order_nobody_pays_is_cancelled_in_time() -> None:
    """Its goods are free, and it listens for a day to whatever its buyer may have set going."""
    walk = closed_unpaid()
    assert walk.asked("CancelUnpaid")[0]["reason"] == "unpaid"
    assert walk.told() == ["payment_wanted", "order_cancelled"]
    assert walk.waiting == {"PaidTooLate", "PromisedTooLate", "FailedAfterAll", "NobodyPaid"}


def test_money_that_comes_after_the_close_goes_back() -> None:
    """The buyer paid something that is not for sale any more."""
    walk = closed_unpaid(TAKEN)
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T1", paid=True)
    assert [asked["reason"] for asked in walk.asked("RefundBuyer")] == ["cancelled"]
    assert walk.status == "completed"


def test_a_promise_that_comes_after_the_close_is_given_up_once() -> None:
    """The buyer's bank holds the money for nobody."""
    walk = closed_unpaid(PROMISED)
    walk.message("payment.authorised", ORDER, order_id=ORDER, transaction_id="shop:1.T1")
    assert len(walk.asked("GiveUpPromise")) == 1
    assert walk.status == "completed"
    walk.message("payment.authorised", ORDER, order_id=ORDER, transaction_id="shop:1.T1")
    assert len(walk.asked("GiveUpPromise")) == 1


def test_a_failed_attempt_after_the_close_ends_no_waiting() -> None:
    """The buyer may try once more, and then there is money to give back."""
    walk = closed_unpaid(OPEN, TAKEN)
    walk.message("payment.failed", ORDER, order_id=ORDER, transaction_id="", code="card_declined")
    assert walk.asked("RefundBuyer") == []
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T2", paid=True)
    assert len(walk.asked("RefundBuyer")) == 1
    assert walk.status == "completed"


def test_nobody_waits_for_a_late_payment_for_ever() -> None:
    """A day later the order is over."""
    walk = closed_unpaid()
    walk.advance("P1D")
    assert walk.status == "completed"
    assert walk.asked("RefundBuyer") == []


def test_money_taken_while_the_order_was_cancelled_goes_back() -> None:
    """Cancelled between the question and the answer of the provider: the answer decides what is owed."""
    walk = cancelled_while_taking(TAKEN)
    assert walk.asked("RefundBuyer") == []
    walk.message("payment.captured", ORDER, order_id=ORDER, transaction_id="shop:1.T2", paid=True)
    assert len(walk.asked("RefundBuyer")) == 1
    assert walk.status == "completed"


def test_a_provider_that_fails_to_take_money_after_all_leaves_a_promise_to_give_up() -> None:
    """Otherwise the buyer's bank would hold the money until it forgets."""
    walk = cancelled_while_taking(PROMISED)
    walk.message("payment.failed", ORDER, order_id=ORDER, transaction_id="shop:1.T2", code="provider_declined")
    assert len(walk.asked("GiveUpPromise")) == 1
    assert walk.status == "completed"


def test_money_under_way_is_looked_at_every_day_until_it_is_settled() -> None:
    """A provider may say nothing for days; the answer may have been lost and be in the ledger all the same."""
    walk = cancelled_while_taking(TAKING, TAKING, TAKEN, TAKEN)
    walk.advance("P1D", "P1D")
    assert walk.asked("RefundBuyer") == []
    walk.advance("P1D")
    assert len(walk.asked("RefundBuyer")) == 1
    assert walk.status == "completed"
