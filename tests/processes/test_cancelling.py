"""Cancelling at every stage of an order: decided once against shipping, undone in reverse order, told to everybody."""

from __future__ import annotations

from typing import Any

import pytest

from .test_order_to_cash import PACKED, deliver
from .walking import FULFILMENT, MONEY, ORDER, Walk

CANCELLED = {"result": "cancelled", "nothing_goes": True, "pieces": 2, "stopped": [], "shipping": []}
TOO_LATE = {"result": "too_late", "nothing_goes": False, "pieces": 0, "stopped": [], "shipping": [FULFILMENT]}
PARTLY = {
    "result": "partly", "nothing_goes": False, "pieces": 1, "stopped": [f"{ORDER}.F2"], "shipping": [FULFILMENT],
}  # fmt: skip
UNDO = ("ReleaseStock", "UndoMerge", "GiveMoneyBack")


def ask(walk: Walk) -> None:
    walk.message("order.cancel_requested", ORDER, order_id=ORDER, reason="changed_mind", scope="whole")


def undone(walk: Walk) -> list[str]:
    """What compensation undid, in order."""
    return [element for element in walk.trace if element in UNDO]


def in_payment() -> Walk:
    state = MONEY | {"state": "open"}
    return Walk.of_order(LookAtPayment=state, payment__request={"state": "pending", "transaction_id": "shop:1.T1"})


def in_merge_window() -> Walk:
    return Walk.of_order(merge__propose=LEADER)


def waiting_for_goods() -> Walk:
    lacking = {"reserved": 0, "missing": 2, "warehouses": [], "why": [], "shortages": ["out_of_stock"]}
    return Walk.of_order(ReserveStock=lacking)


def at_the_warehouse() -> Walk:
    return Walk.of_order()


LEADER = {
    "role": "leader", "leader": ORDER, "partners": ["shop:2"], "wait_until": "2026-01-05T09:00:00Z", "hindrances": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "undo"),
    [
        (in_payment, []),
        (in_merge_window, ["GiveMoneyBack"]),
        (waiting_for_goods, ["ReleaseStock", "UndoMerge", "GiveMoneyBack"]),
        (at_the_warehouse, ["ReleaseStock", "UndoMerge", "GiveMoneyBack"]),
    ],
)
def test_what_was_done_is_undone_last_things_first(stage: Any, undo: list[str]) -> None:
    """Stock before merge before money: the reverse of how it was done, and nothing that was not."""
    walk = stage()
    walk.answer(cancellation__decide=CANCELLED)
    ask(walk)
    assert undone(walk) == undo
    assert walk.told()[-1] == "order_cancelled"
    assert walk.asked("TellChannelCancelled")[0]["reason"] == "changed_mind"
    assert walk.status == "completed"
    assert walk.open == []


def test_the_order_is_stopped_before_warehouses_are_asked() -> None:
    """Otherwise a second fulfilment order could slip to its warehouse between question and decision."""
    walk = at_the_warehouse()
    ask(walk)
    done = [element for element, _ in walk.stage.asked]
    assert done.index("HoldForCancel") < done.index("AskWarehouses") < done.index("DecideCancellation")
    assert walk.asked("HoldForCancel")[0]["findings"][0]["kind"].value == "customer_request"


def test_money_under_way_is_given_back_although_it_was_never_settled() -> None:
    """Cancelled in the middle of paying: there is nothing to compensate, but something to give back."""
    walk = in_payment()
    walk.answer(LookAtMoneyLeft=MONEY | {"state": "promised", "promised": "100.00"}, cancellation__decide=CANCELLED)
    ask(walk)
    assert walk.asked("GiveUpPromise") != []
    assert walk.status == "completed"


def test_a_warehouse_that_answers_later_is_waited_for() -> None:
    """Only then it is known who has won."""
    walk = at_the_warehouse()
    walk.answer(AskWarehouses={"waiting": [FULFILMENT], "asked": 1}, DecideCancellation=CANCELLED)
    ask(walk)
    assert walk.asked("DecideCancellation") == []
    walk.message("warehouse.cancelled", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.asked("DecideCancellation")[0]["by"] == "buyer"
    assert walk.status == "completed"


def test_a_warehouse_may_answer_that_it_is_too_late() -> None:
    """It need not say nothing for four hours."""
    walk = at_the_warehouse()
    walk.answer(AskWarehouses={"waiting": [FULFILMENT], "asked": 1}, DecideCancellation=TOO_LATE)
    ask(walk)
    walk.message("warehouse.cancel_refused", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.asked("AssumeShipping") == []
    assert walk.told() == ["cancel_too_late"]


def test_a_silent_warehouse_counts_as_shipping() -> None:
    """Four hours without a word: an order must not be cancelled and shipped."""
    walk = at_the_warehouse()
    walk.answer(AskWarehouses={"waiting": [FULFILMENT], "asked": 1}, DecideCancellation=TOO_LATE)
    ask(walk)
    walk.advance("PT4H")
    assert walk.asked("AssumeShipping") == [{"fulfilment_id": FULFILMENT}]
    assert walk.told() == ["cancel_too_late"]


def test_shipping_that_has_won_goes_on_as_if_nothing_had_been() -> None:
    """The hold is lifted, the buyer is told, and the parcel arrives."""
    walk = at_the_warehouse()
    walk.answer(DecideCancellation=TOO_LATE)
    ask(walk)
    assert walk.asked("LiftCancelHold") != []
    assert walk.told() == ["cancel_too_late"]
    deliver(walk)
    assert walk.status == "completed"
    assert undone(walk) == []


def test_a_part_that_shipped_arrives_and_the_other_is_refunded() -> None:
    """The process of the stopped part winds up, its label is called off."""
    two = {"fulfilments": [FULFILMENT, f"{ORDER}.F2"], "reasons": ["stock"]}
    walk = Walk.of_order(PlanFulfilments=[two, {"fulfilments": [], "reasons": []}], DecideCancellation=PARTLY)
    ask(walk)
    assert walk.asked("CallOffShipment") == [{"fulfilment_id": f"{ORDER}.F2"}]
    assert walk.told() == ["refunded", "cancelled_in_part"]
    assert walk.open == ["AwaitPacked"]
    deliver(walk)
    assert walk.status == "completed"


def test_a_second_wish_after_the_first_came_too_late_is_heard() -> None:
    """The first parcel could not be stopped; the second may be."""
    walk = at_the_warehouse()
    walk.answer(DecideCancellation=[TOO_LATE, CANCELLED])
    ask(walk)
    ask(walk)
    assert walk.told() == ["cancel_too_late", "refunded", "order_cancelled"]
    assert walk.status == "completed"


def test_followers_of_a_cancelled_leader_go_by_themselves() -> None:
    """Each of their processes is told."""
    walk = Walk.of_order(merge__propose=LEADER, merge__undo={"others": ["shop:2", "shop:3"]})
    walk.advance("PT1H")
    ask(walk)
    assert walk.asked("UndoMerge")[0]["merge_id"] == "shop:1.M1"
    assert [key for name, key in walk.stage.sent if name == "merge.undone"] == ["shop:2", "shop:3"]


def test_a_cancellation_that_the_activities_meet_first_is_taken_up() -> None:
    """Somebody cancelled in the books while the order was on its way to the next step."""
    walk = Walk.of_order(AllocateStock="ORDER_CANCELLED")
    assert undone(walk) == ["ReleaseStock", "UndoMerge", "GiveMoneyBack"]
    assert walk.status == "completed"


def test_goods_that_were_handed_over_after_the_cancellation_won_stop() -> None:
    """The books say cancelled, the process of the parcel hears it at the hand-over."""
    walk = at_the_warehouse()
    walk.message("warehouse.packed", FULFILMENT, **PACKED)
    walk.answer(RecordHandOver="ORDER_CANCELLED")
    walk.message("warehouse.handed_over", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.asked("CallOffShipment") == [{"fulfilment_id": FULFILMENT}]
    assert walk.asked("ReserveAgain") != []


def test_after_the_end_nobody_listens() -> None:
    """A wish that comes after completion starts nothing; a return is the way."""
    walk = Walk.of_order()
    deliver(walk)
    ask(walk)
    assert walk.asked("HoldForCancel") == []
