"""Problems found in data that comes in: where, what, how bad. Never shows the value itself: it may be personal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"  # the order cannot be stored
    WARNING = "warning"  # the order can be stored, a person or a rule should look at it
    INFO = "info"  # tidied up; nothing to do


class Fault(StrEnum):
    """What can be wrong with a field."""

    MISSING = "missing"
    UNREADABLE = "unreadable"  # not of the kind the field has to be
    NEGATIVE = "negative"
    OUT_OF_RANGE = "out_of_range"
    CONTRADICTORY = "contradictory"  # it does not fit another field
    DUPLICATE = "duplicate"
    DAMAGED = "damaged"  # decoded wrongly on its way
    INVALID = "invalid"  # readable, but there is no such thing
    TIDIED = "tidied"  # was repaired without doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with one field."""

    field: str  # path, e.g. `lines[2].unit_price`
    fault: Fault
    weight: Weight
    message: str  # expected first, then found, and how to mend it; no personal data

    def to_json(self) -> dict[str, str]:
        """Give the problem as plain JSON."""
        return {
            "field": self.field,
            "fault": self.fault.value,
            "weight": self.weight.value,
            "message": self.message,
        }


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether one of the problems keeps the order from being stored."""
    return any(problem.weight is Weight.ERROR for problem in problems)
