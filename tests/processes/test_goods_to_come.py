"""Promises of goods to come, every quarter hour: revised, and buyers told only when one of them has to be."""

from __future__ import annotations

from .walking import Walk

LATER = {"order_id": "shop:1", "number": 2, "reason": "postponed", "day": "2026-01-09", "told": True}


def walk(*revised: dict[str, object]) -> Walk:
    answer = {"waiting": 3, "revised": [*revised]}
    return Walk.of_process("goods_to_come", variables={}, start="QuarterHour", promise__revise=answer)


def test_a_buyer_who_knows_another_day_is_told() -> None:
    told = walk(LATER)
    assert told.asked("TellBuyers") == [{"limit": 500}]
    assert told.status == "completed"


def test_promises_that_hold_send_nothing() -> None:
    """Neither does a revision nobody has to hear of."""
    for revised in ((), ({**LATER, "told": False},)):
        quiet = walk(*revised)
        assert quiet.asked("TellBuyers") == []
        assert quiet.status == "completed"
