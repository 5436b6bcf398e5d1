"""Shares that are taken as goods leave, and money that comes when an order is over: each in a process of its own."""

from __future__ import annotations

from typing import Any

from .test_fulfilment import PACKED
from .walking import FULFILMENT, MONEY, ORDER, Walk

SHARE: dict[str, Any] = {"amount": "10.00", "currency": "CNY", "declined": []}
TAKEN, PENDING = SHARE | {"state": "taken"}, SHARE | {"state": "pending"}
DECLINED = SHARE | {"state": "declined", "amount": "0.00", "declined": [ORDER]}


def due(*answers: Any) -> Walk:
    """Goods that have left, whose share is taken with these answers, one after the other."""
    walk = Walk(payment__capture_share=list(answers))
    walk.message("share.due", FULFILMENT, fulfilment_id=FULFILMENT, order_id=ORDER)
    return walk


def late(**more: Any) -> Walk:
    """Money that came for an order that is over."""
    walk = Walk(**more)
    walk.message("payment.late", "shop:1.T7", order_id=ORDER, transaction_id="shop:1.T7")
    return walk


def test_a_share_is_taken_and_nobody_has_to_look() -> None:
    """One question, one answer, no person."""
    walk = due(TAKEN)
    assert [asked["fulfilment_id"] for asked in walk.asked("TakeShare")] == [FULFILMENT]
    assert walk.stage.tasks == []
    assert walk.status == "completed"


def test_a_share_under_way_is_looked_at_until_it_is_settled() -> None:
    """A capture that fails later would be lost otherwise."""
    walk = due(PENDING, PENDING, TAKEN)
    walk.advance("PT2H")
    assert walk.status != "completed"
    walk.advance("PT2H")
    assert len(walk.asked("TakeShare")) == 3
    assert walk.status == "completed"


def test_a_declined_share_is_a_matter_for_finance() -> None:
    """The goods are gone; whoever cleared it up lets it be tried again."""
    walk = due(DECLINED, TAKEN)
    assert [task.element for task in walk.stage.tasks] == ["LookAtShare"]
    walk.done("LookAtShare", decision="approve")
    assert len(walk.asked("TakeShare")) == 2
    assert walk.status == "completed"


def test_finance_may_give_a_share_up() -> None:
    """It stays to be seen when reconciling."""
    walk = due(DECLINED)
    walk.done("LookAtShare", decision="give_up")
    assert len(walk.asked("TakeShare")) == 1
    assert walk.status == "completed"


def test_goods_go_on_while_their_share_is_taken() -> None:
    """The parcel and its news wait for no money, and an order that was paid begins no share."""
    for is_due in (True, False):
        walk = Walk.of_order(shipping__hand_over={"parcels": 1, "share_due": is_due})
        walk.message("warehouse.packed", FULFILMENT, **PACKED)
        walk.message("warehouse.handed_over", FULFILMENT, fulfilment_id=FULFILMENT)
        assert (("share.due", FULFILMENT) in walk.stage.sent) is is_due
        assert "shipped" in walk.told()


def test_money_that_comes_late_goes_back_and_the_buyer_hears_why() -> None:
    """However long ago the order ended; the reason stays with the money."""
    walk = late(payment__look_up=MONEY | {"refundable": "100.00"})
    assert walk.asked("LookAtLateMoney") == []
    walk.advance("PT15M")
    assert [asked["reason"] for asked in walk.asked("RefundBuyer")] == ["late_payment"]
    assert [(asked["everything"], asked["reason"]) for asked in walk.asked("GiveUpPromise")] == [(True, "late_payment")]
    assert walk.told() == ["refunded", "payment_late"]
    assert walk.status == "completed"


def test_a_promise_that_comes_late_is_given_up_and_told() -> None:
    """Nothing was taken, so nothing is refunded."""
    nothing = {"amount": "0.00", "currency": "CNY", "transactions": [], "pending": []}
    walk = late(payment__look_up=MONEY | {"promised": "100.00"}, payment__refund=nothing)
    walk.advance("PT15M")
    assert len(walk.asked("GiveUpPromise")) == 1
    assert walk.told() == ["payment_late"]
    assert walk.status == "completed"


def test_what_the_order_gave_back_itself_is_told_once() -> None:
    """An order that still listened went first; nobody writes to the buyer again."""
    walk = late()
    walk.advance("PT15M")
    assert walk.told() == []
    assert walk.asked("RefundBuyer") == []
    assert walk.status == "completed"
