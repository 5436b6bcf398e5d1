"""Throw and end events with several definitions (BPMN 2.0.2, 10.5.3 and 10.5.4); `drafting.py` has those that wait."""

from __future__ import annotations

from random import Random

from tests.reference.drafting import ERRORS, ESCALATIONS, SIGNALS, together


def thrown(chance: Random, undoing: dict[str, str], *, ends: bool) -> dict[str, str]:
    """Give the keys of an event that throws several things; an end may end its scope with one of them."""
    able: list[dict[str, str]] = [
        {"escalation": chance.choice(ESCALATIONS)},
        {"signal": chance.choice(SIGNALS)},
        {"message": chance.choice(("ma", "mb")), "key": "=k"},
        undoing,
        undoing,
    ]
    parts = chance.sample(able, chance.randrange(2, 4))
    if ends and chance.randrange(2):
        parts.insert(0, chance.choice(({"terminate": ""}, {"error": chance.choice(ERRORS)})))
    return {"any": together(parts)}
