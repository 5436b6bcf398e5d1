"""Goods that never come: given up by a person, for the order itself and for every order that goes with it."""

from __future__ import annotations

from typing import Any

from .test_merging import joined
from .test_order_to_cash import deliver, short
from .walking import ORDER, Walk

PARTLY = {"result": "partly", "nothing_goes": False, "pieces": 2, "stopped": [], "shipping": []}
CARRIES_ON = PARTLY | {"nothing_goes": True}
ALL = {"result": "cancelled", "nothing_goes": True, "pieces": 2, "stopped": [], "shipping": []}
NOTHING = {"result": "too_late", "nothing_goes": False, "pieces": 0, "stopped": [], "shipping": []}
SENT = {"fulfilments": [f"{ORDER}.F1"], "reasons": []}
NO_MORE = {"fulfilments": [], "reasons": []}


def given_up(lacking: list[str], **more: Any) -> Walk:
    """An order, perhaps a leader, whose staff has given up waiting; what was there is delivered."""
    walk = short(CheckWaiting={"wanted": 2, "available": 0, "lacking": lacking}, **more)
    deliver(walk)
    walk.advance("P7D")
    walk.done("DecideAboutRest", decision="approve")
    return walk


def told_to_give_up(result: dict[str, Any]) -> Walk:
    """A follower whose leader waits no longer."""
    walk = joined()
    walk.answer(CancelMissing=result)
    walk.message("merge.given_up", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    return walk


def test_goods_that_never_come_are_given_up_and_refunded() -> None:
    """After a week a person decides; what was missing is cancelled and paid back, the rest was delivered."""
    walk = given_up([ORDER], CancelMissing=PARTLY)
    assert [asked["scope"].value for asked in walk.asked("CancelMissing")] == ["waiting"]
    assert walk.asked("RefundBuyer")[0]["reason"] == "out_of_stock"
    assert walk.told()[-2:] == ["refunded", "rest_cancelled"]
    assert walk.stage.sent == []
    assert walk.status == "completed"


def test_waiting_on_is_possible() -> None:
    """The supplier promised next week."""
    walk = short()
    walk.advance("P7D")
    walk.done("DecideAboutRest", decision="wait")
    assert "StockArrived" in walk.waiting
    walk.message("stock.arrived", ORDER, order_id=ORDER)
    assert "TakeUpBackorder" in walk.trace


def test_nobody_is_asked_about_goods_that_were_found_meanwhile() -> None:
    """Another path of the order had taken the backorder up."""
    walk = short(CheckWaiting={"wanted": 0, "available": 0, "lacking": []})
    walk.advance("P7D")
    assert walk.stage.tasks == []


def test_an_order_of_which_nothing_ever_comes_is_cancelled() -> None:
    """The money goes back, nobody waits any longer."""
    walk = short(reserved=0, CancelMissing=ALL)
    walk.advance("P7D")
    walk.done("DecideAboutRest", decision="approve")
    assert "GiveMoneyBack" in walk.trace
    assert walk.asked("TellRestCancelled") == []
    assert walk.asked("TellChannelCancelled")[0]["reason"] == "out_of_stock"
    assert walk.told()[-1] == "order_cancelled"
    assert walk.status == "completed"


def test_what_waited_for_the_missing_goods_is_sent_once_they_are_given_up() -> None:
    """One piece short is worth waiting for, not for ever: then the others go out without it."""
    walk = short(missing=1, CancelMissing=PARTLY, PlanFulfilments=[SENT, NO_MORE])
    assert walk.open == []
    walk.advance("P2D")
    walk.done("DecideAboutRest", decision="approve")
    assert walk.open == ["AwaitPacked"]
    deliver(walk)
    assert walk.status == "completed"


def test_what_waited_for_goods_the_buyer_called_off_is_sent() -> None:
    """The missing piece was cancelled on request; nothing is missing, so the rest goes out."""
    lacking_no_more = {"wanted": 0, "available": 0, "lacking": []}
    walk = short(missing=1, CheckWaiting=lacking_no_more, PlanFulfilments=[SENT, NO_MORE])
    walk.advance("P2D")
    assert walk.open == ["AwaitPacked"]


def test_every_order_that_lacks_goods_is_told_to_settle_its_own() -> None:
    """The leader's own goods are all there: nothing of its own is cancelled or paid back."""
    walk = given_up(["shop:2", "shop:3"])
    assert [pair for pair in walk.stage.sent if pair[0] == "merge.given_up"] == [
        ("merge.given_up", "shop:2"), ("merge.given_up", "shop:3"),
    ]  # fmt: skip
    assert walk.asked("CancelMissing") == []
    assert walk.asked("RefundBuyer") == []
    assert walk.status == "completed"


def test_a_leader_that_lacks_goods_settles_its_own_and_tells_the_others() -> None:
    """Each order pays its own buyer back."""
    walk = given_up([ORDER, "shop:2"], CancelMissing=PARTLY)
    assert walk.stage.sent == [("merge.given_up", "shop:2")]
    assert [asked["order_id"] for asked in walk.asked("CancelMissing")] == [ORDER]
    assert walk.status == "completed"


def test_a_leader_without_goods_of_its_own_carries_those_of_others_to_their_end() -> None:
    """It is told as cancelled and paid back, and still sends what others wait for."""
    walk = given_up([ORDER], CancelMissing=CARRIES_ON)
    assert walk.told()[-2:] == ["refunded", "order_cancelled"]
    assert "UndoMerge" not in walk.trace
    assert walk.asked("CompleteOrder") != []
    assert walk.status == "completed"


def test_a_follower_settles_its_missing_goods_and_waits_for_the_rest() -> None:
    """Its buyer and its channel hear from itself, and its end is still the leader's end."""
    walk = told_to_give_up(PARTLY)
    assert walk.told() == ["refunded", "rest_cancelled"]
    assert walk.asked("TellChannelMissing")[0]["order_id"] == ORDER
    assert walk.waiting >= {"LeaderFinished", "MergeUndone", "RestGivenUp"}
    walk.message("merge.finished", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    assert walk.status == "completed"


def test_a_follower_without_any_goods_left_ends_as_cancelled() -> None:
    """Nothing of it goes with the leader any more."""
    walk = told_to_give_up(ALL)
    assert "GiveMoneyBack" in walk.trace
    assert walk.asked("TellChannelCancelled")[0]["reason"] == "out_of_stock"
    assert walk.told() == ["refunded", "order_cancelled"]
    assert walk.status == "completed"


def test_a_follower_whose_goods_were_found_after_all_tells_nobody() -> None:
    """They came between the decision and the message."""
    walk = told_to_give_up(NOTHING)
    assert walk.told() == []
    assert walk.asked("RefundBuyer") == []
    assert "LeaderFinished" in walk.waiting


def test_a_leader_that_ends_while_a_follower_settles_is_heard_afterwards() -> None:
    """The provider takes its time with the follower's money; the leader's end is not lost on it."""
    walk = joined()
    refund = {"amount": "30.00", "currency": "CNY", "transactions": ["shop:1.T9"], "pending": ["shop:1.T9"]}
    walk.answer(CancelMissing=PARTLY, RefundBuyer=refund)
    walk.message("merge.given_up", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    walk.message("merge.finished", ORDER, order_id=ORDER, merge_id="shop:0.M1")
    assert walk.asked("CompleteOrder") == []
    walk.message("refund.settled", "shop:1.T9", transaction_id="shop:1.T9", status="succeeded")
    assert walk.asked("CompleteOrder") == [{"order_id": ORDER}]
    assert walk.status == "completed"
