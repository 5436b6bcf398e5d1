"""Holds have clocks of their own: who may lift one is told, and whoever is above when nobody does."""

from __future__ import annotations

from typing import Any

from .walking import FACTS, HOLD, ORDER, Walk

H1, H2 = f"{ORDER}.H1", f"{ORDER}.H2"


def placed(walk: Walk, hold: str = H1) -> None:
    walk.message("hold.placed", hold, order_id=ORDER, hold_id=hold)


def ended(walk: Walk, hold: str = H1) -> None:
    walk.message("hold.ended", hold, order_id=ORDER, hold_id=hold)


def watching(**hold: Any) -> Walk:
    """A hold that was placed on Monday, 16:00 in Hangzhou."""
    walk = Walk(holds__look={"hold": HOLD | hold})
    placed(walk)
    return walk


def told(walk: Walk) -> list[tuple[str, str]]:
    """Who was told of which template, in order."""
    return [(one["role"], one["template"]) for _, one in walk.stage.asked if "template" in one]


def test_whoever_may_lift_a_hold_is_told_of_it_and_nobody_else_while_there_is_time() -> None:
    """A hold nobody knows of is a lost order."""
    walk = watching(role="risk", kind="fraud")
    walk.advance("PT1H59M")
    assert told(walk) == [("risk", "staff_hold_placed")]
    ended(walk)
    walk.advance("P9D")
    assert told(walk) == [("risk", "staff_hold_placed")]
    assert walk.status == "completed"


def test_a_hold_that_nobody_lifts_goes_up_the_chain_in_office_hours() -> None:
    """Monday's office ends with the two hours, at 18:00; the manager hears four office hours later, then the head."""
    walk = watching()
    walk.advance("PT2H")
    assert [role for role, _ in told(walk)] == ["customer-service", "customer-service-lead"]
    walk.advance("PT18H")  # Tuesday 12:00: two hours of the night's four have not been worked
    assert len(told(walk)) == 2
    walk.advance("PT4H")
    assert [role for role, _ in told(walk)][2:] == ["operations-manager"]
    walk.advance("P9D")
    assert [role for role, _ in told(walk)][3:] == ["operations-head"]
    assert walk.holds_watched == 1


def test_a_vip_hold_has_half_the_time_day_and_night() -> None:
    """The table decides, not the diagram."""
    walk = watching(service_level="vip")
    walk.advance("PT1H")
    assert [role for role, _ in told(walk)] == ["customer-service", "customer-service-lead"]
    walk.advance("PT1H")
    assert [role for role, _ in told(walk)][2:] == ["operations-manager"]


def test_a_hold_that_ends_with_something_outside_has_no_clock() -> None:
    """Nobody can hurry a channel or a final payment."""
    walk = watching(kind="channel", limit=None)
    assert (told(walk), walk.status) == ([], "completed")


def test_a_hold_that_was_lifted_without_a_word_is_found_out() -> None:
    """Whoever lifts it need not know who watches."""
    walk = watching()
    walk.answer(holds__look={"hold": HOLD | {"stands": False}})
    walk.advance("PT30M")
    assert walk.status == "completed"
    walk.advance("P9D")
    assert [role for role, _ in told(walk)] == ["customer-service"]


def test_two_holds_have_two_clocks() -> None:
    """Lifting one leaves the other to its role."""
    walk = Walk(holds__look=[{"hold": HOLD | {"role": "risk"}}, {"hold": HOLD | {"role": "finance"}}])
    placed(walk, H1)
    placed(walk, H2)
    assert walk.holds_watched == 2
    ended(walk, H1)
    assert walk.holds_watched == 1
    walk.answer(holds__look={"hold": HOLD | {"role": "finance"}})
    walk.advance("P1D")
    assert ("finance-lead", "staff_hold_late") in told(walk)
    assert ("risk-lead", "staff_hold_late") not in told(walk)


def test_the_audit_starts_a_clock_for_each_hold_and_stops_it_with_its_stage() -> None:
    """Risk's clock ends with customer service's word, finance's with finance's."""
    two = {"touched": [H1, H2], "holds": ["fraud", "finance"], "resolvers": ["risk", "finance"]}
    walk = Walk.of_order(
        audit__score_risk={"risk": 80, "risk_reasons": ["x"], "scored_by": "risk service"},
        audit__gather_facts={"facts": {**FACTS, "total": "30000.00"}, "holds": []},
        PlaceHolds=two,
        LiftServiceHolds={"touched": [H1], "holds": ["finance"], "resolvers": ["finance"]},
        LiftFinanceHolds={"touched": [H2], "holds": [], "resolvers": []},
    )
    assert walk.holds_watched == 2
    walk.done("LookIntoOrder", decision="approve")
    assert walk.holds_watched == 1
    walk.done("ConfirmMoney", decision="approve")
    assert walk.holds_watched == 0
    assert walk.open == ["AwaitPacked"]
