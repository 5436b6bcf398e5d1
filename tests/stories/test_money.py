"""Orders that nobody pays."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.conftest import Tell
from tests.stories.paths import CANCELLED


async def test_an_unpaid_order_frees_its_goods_when_its_time_is_up(tell: Tell) -> None:
    """Goods that nobody pays for are somebody else's."""
    told = await tell("unpaid")
    order = told.order("shop:1601")

    told.assert_all_is_well()
    assert order.passed("ReserveForBuyer", "AskForPayment", "TimeIsUp", "LookOnceMore", "CancelUnpaid", *CANCELLED)
    assert order.never("CapturePayment", "ReserveStock", "SendGoods", "GiveMoneyBack", "GiveBackLeft")
    assert order.at("TimeIsUp") - told.began <= timedelta(days=1)
    assert told.status("shop:1601") == "cancelled"
    assert told.goods("shop:1601") == {"LAMP": {"cancelled": 1}}
    assert told.moves("LAMP") == [("reserve", 1), ("release", 1)]
    assert told.money("shop:1601") == {}
    assert told.effects("payment.capture", "channel.cancelled") == {"payment.capture": 0, "channel.cancelled": 1}


async def test_a_promise_that_comes_after_the_close_is_given_up(tell: Tell) -> None:
    """The goods are somebody else's by then, and the buyer's bank should not hold the money for nobody."""
    told = await tell("paid-too-late")
    order, refund = told.order("shop:1611"), *told.called("refund")

    told.assert_all_is_well()
    assert order.passed("TimeIsUp", "CancelUnpaid", "LatePayment", "PromisedTooLate", "LookAtMoneyLeft", "GiveBackLeft")
    assert order.never("CapturePayment", "PaidTooLate")
    assert refund.passed("RefundBegins", "GiveUpPromise", "RefundBuyer", "NothingToRefund")
    assert told.status("shop:1611") == "cancelled"
    assert told.money("shop:1611") == {"authorised": "128.00", "voided": "128.00"}
    assert told.effects("payment.void", "payment.capture", "payment.refund") == {
        "payment.void": 1, "payment.capture": 0, "payment.refund": 0,
    }  # fmt: skip


async def test_money_that_was_being_taken_when_the_order_was_called_off_goes_back(tell: Tell) -> None:
    """The provider's answer came three hours after the cancellation; the order had waited for it."""
    told = await tell("cancel-while-paying")
    order = told.order("shop:2011")

    told.assert_all_is_well()
    assert order.passed("CapturePayment", "CancelWon", "LookAtMoneyLeft", "LatePayment", "PaidTooLate", "GiveBackLeft")
    assert order.never("PaymentCollected", "GiveMoneyBack")
    assert told.status("shop:2011") == "cancelled"
    assert told.money("shop:2011") == {"authorised": "96.00", "captured": "96.00", "refunded": "96.00"}
    assert told.effects("payment.capture", "payment.refund") == {"payment.capture": 1, "payment.refund": 1}
