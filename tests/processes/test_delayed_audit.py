"""An order may wait for late news before it is audited, and is audited once for all that came in (延时审核)."""

from __future__ import annotations

from typing import Any

from oms_workflow.play.stage import BEGINNING

from .walking import ARRIVAL, CHANGE, ORDER, Walk


def waiting(**more: Any) -> Walk:
    """An order of a marketplace, placed now."""
    return Walk.of_order(audit__see_arrival={"arrival": ARRIVAL | {"channel": "tmall", "placed_at": BEGINNING}}, **more)


def test_an_order_waits_as_long_as_the_table_says_and_is_audited_then() -> None:
    """Nothing is looked at before, and nothing but the time is waited for."""
    walk = waiting()
    assert "NewsTimeOver" in walk.waiting
    walk.advance("PT14M59S")
    assert walk.asked("BeginAudit") == []
    walk.advance("PT1S")
    assert len(walk.asked("BeginAudit")) == 1
    assert walk.open == ["AwaitPacked"]


def test_an_order_that_must_not_wait_is_audited_at_once() -> None:
    """A VIP order of the same marketplace."""
    walk = Walk.of_order(
        audit__see_arrival={"arrival": ARRIVAL | {"channel": "tmall", "service_level": "vip", "placed_at": BEGINNING}}
    )
    assert len(walk.asked("BeginAudit")) == 1


def test_a_change_that_comes_meanwhile_is_audited_once() -> None:
    """It is taken over at once, and the audit to come sees the order as it is then."""
    walk = waiting(changes__gather_facts={"change": CHANGE | {"needs_audit": False, "audited": False}})
    walk.message("order.changed", ORDER, order_id=ORDER, revision=f"{ORDER}.V1", changes=2)
    assert walk.asked("AcceptChange")
    assert walk.told() == ["change_accepted"]
    assert walk.asked("GatherFacts") == []
    walk.advance("PT15M")
    assert len(walk.asked("GatherFacts")) == 1


def test_an_order_that_is_cancelled_meanwhile_is_never_audited() -> None:
    """The wait ends with the order."""
    walk = waiting()
    walk.message("order.cancel_requested", ORDER, order_id=ORDER, reason="changed_mind", scope="whole")
    walk.advance("PT1H")
    assert walk.asked("GatherFacts") == []
    assert walk.status == "completed"
