"""Changes and remarks in mid-flight: never taken over silently, refused when too late, read before shipping."""

from __future__ import annotations

from typing import Any

from .test_order_to_cash import deliver
from .walking import CHANGE, ORDER, Walk

OPEN = CHANGE


def change(walk: Walk, **facts: Any) -> None:
    walk.answer(changes__gather_facts={"change": OPEN | facts})
    walk.message("order.changed", ORDER, order_id=ORDER, revision=f"{ORDER}.V1", changes=2)


def before_allocation() -> Walk:
    return Walk.of_order(held=("AllocateStock",))


def test_an_allowed_change_is_taken_over_and_audited_again() -> None:
    """A new address is as suspicious as the first one was."""
    walk = before_allocation()
    change(walk)
    done = [element for element, _ in walk.stage.asked]
    assert done.index("HoldForChange") < done.index("AcceptChange") < done.index("LiftChangeHold")
    assert len(walk.asked("GatherFacts")) == 2
    assert walk.told() == ["change_accepted"]
    walk.done("AllocateStock", allocated=2)
    deliver(walk)
    assert walk.status == "completed"


def test_a_change_of_service_needs_no_second_audit() -> None:
    """Nothing of it could be suspicious."""
    walk = before_allocation()
    change(walk, kinds=["service"], needs_audit=False)
    assert len(walk.asked("GatherFacts")) == 1
    assert walk.told() == ["change_accepted"]


def test_a_new_address_for_goods_a_warehouse_has_is_refused() -> None:
    """The buyer is told, and the order goes where it was going."""
    walk = Walk.of_order()
    change(walk, stage="at_warehouse")
    assert walk.asked("AcceptChange") == []
    assert walk.told() == ["change_refused"]
    assert walk.asked("LiftChangeHold") != []
    deliver(walk)
    assert walk.status == "completed"


def test_what_a_person_has_to_decide_waits_for_one() -> None:
    """Other goods, or a parcel with several orders in it."""
    walk = before_allocation()
    change(walk, merged=True)
    assert "LookAtChange" in walk.open
    walk.done("LookAtChange", decision="approve")
    assert walk.told() == ["change_accepted"]


def test_a_person_may_say_no() -> None:
    """It goes out as it was ordered."""
    walk = before_allocation()
    change(walk, kinds=["goods"])
    walk.done("LookAtChange", decision="refuse")
    assert walk.asked("AcceptChange") == []
    assert walk.told() == ["change_refused"]


def test_a_change_that_became_impossible_meanwhile_is_refused() -> None:
    """The warehouse was faster than the decision."""
    walk = before_allocation()
    walk.answer(AcceptChange="ILLEGAL_MOVE")
    change(walk)
    assert walk.told() == ["change_refused"]


def test_an_order_that_does_not_pass_after_its_change_is_cancelled() -> None:
    """The second audit has the same teeth as the first."""
    walk = before_allocation()
    walk.answer(audit__score_risk={"risk": 90, "risk_reasons": [], "scored_by": "risk service"})
    change(walk)
    walk.done("LookIntoOrder", decision="reject")
    assert walk.asked("CancelAfterChange")[0]["reason"] == "audit_rejected"
    assert walk.told() == ["refunded", "order_cancelled"]
    assert walk.status == "completed"


def test_two_changes_are_decided_one_by_one() -> None:
    """Each has its own hold and its own answer."""
    walk = before_allocation()
    change(walk, merged=True)
    walk.answer(changes__gather_facts={"change": OPEN | {"merged": True}})
    walk.message("order.changed", ORDER, order_id=ORDER, revision=f"{ORDER}.V2", changes=2)
    handles = [inputs["findings"][0]["handle"] for inputs in walk.asked("HoldForChange")]
    assert handles == [f"{ORDER}.V1", f"{ORDER}.V2"]
    walk.done("LookAtChange", decision="refuse")
    walk.done("LookAtChange", decision="approve")
    assert walk.asked("AcceptChange") == [{"order_id": ORDER, "revision": f"{ORDER}.V2"}]


def test_a_remark_that_asks_for_something_is_read_before_the_goods_leave() -> None:
    """The order is stopped, the most urgent remark comes first."""
    walk = before_allocation()
    walk.message("order.remark_added", ORDER, order_id=ORDER, note_id=f"{ORDER}.N1", intents=["cancel", "invoice"])
    assert walk.asked("HoldForRemark")[0]["findings"][0]["kind"].value == "remark"
    assert walk.task("ReadRemark").priority == 90
    walk.done("ReadRemark", decision="approve")
    assert [kind.value for kind in walk.asked("LiftRemarkHold")[0]["kinds"]] == ["remark"]


def test_thanks_are_read_by_nobody() -> None:
    """A friendly word does not stop an order."""
    walk = before_allocation()
    walk.message("order.remark_added", ORDER, order_id=ORDER, note_id=f"{ORDER}.N1", intents=[])
    assert walk.asked("HoldForRemark") == []
