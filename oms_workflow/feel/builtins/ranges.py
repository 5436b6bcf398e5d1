"""Functions that compare points and ranges (DMN 1.5, 10.3.4.7, table 78); the formulas are those of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.comparison import order
from oms_workflow.feel.values import Range, Value, kind_of

POINT = "number | text | date | time | date and time | duration"


class NotComparable(Exception):
    """Two ends are of different kinds."""


@dataclass(frozen=True, slots=True)
class End:
    """An end of a range; an open one without limit lies beyond all values (`side` -1 or 1)."""

    value: Value
    included: bool
    side: int = 0


def compare(left: End, right: End) -> int:
    """Order two ends by their values alone."""
    if left.side or right.side:
        return left.side - right.side
    found = order(left.value, right.value)
    if found is None:
        raise NotComparable
    return found


def _start(bounds: Range) -> End:
    return End(bounds.start, bounds.start_included, -1 if bounds.start is None else 0)


def _end(bounds: Range) -> End:
    return End(bounds.end, bounds.end_included, 1 if bounds.end is None else 0)


def _bounds(value: Value) -> tuple[End, End]:
    """Start and end; a point is both."""
    if isinstance(value, Range):
        return _start(value), _end(value)
    return End(value, True), End(value, True)


def relation(name: str, *signatures: str, means: str) -> Callable[[Callable[[Value, Value], bool]], None]:
    """Add a function of two points or ranges; null when their values cannot be compared. `means`: its docstring."""

    def add(holds: Callable[[Value, Value], bool]) -> None:
        def implementation(budget: Budget, left: Value, right: Value) -> Value:
            try:
                return holds(left, right)
            except NotComparable:
                return budget.null("{}: cannot compare {} with {}", name, kind_of(left), kind_of(right))

        implementation.__doc__ = means
        for signature in signatures:
            parameters = ", ".join(
                f"{part}: {'range' if part.startswith('range') else POINT}" for part in signature.split()
            )
            builtin(f"{name}({parameters})")(implementation)

    return add


def _before(left: Value, right: Value) -> bool:
    end, start = _bounds(left)[1], _bounds(right)[0]
    found = compare(end, start)
    return found < 0 or (found == 0 and not (end.included and start.included))


def _starts(left: Value, right: Value) -> bool:
    (start, end), (other_start, other_end) = _bounds(left), _bounds(right)
    if not isinstance(left, Range):
        return other_start.included and compare(other_start, start) == 0
    if compare(start, other_start) or start.included != other_start.included:
        return False
    found = compare(end, other_end)
    return found < 0 or (found == 0 and (not end.included or other_end.included))


def _finishes(left: Value, right: Value) -> bool:
    (start, end), (other_start, other_end) = _bounds(left), _bounds(right)
    if not isinstance(left, Range):
        return other_end.included and compare(other_end, end) == 0
    if compare(end, other_end) or end.included != other_end.included:
        return False
    found = compare(start, other_start)
    return found > 0 or (found == 0 and (not start.included or other_start.included))


def _includes(outer: Value, inner: Value) -> bool:
    (start, end), (other_start, other_end) = _bounds(outer), _bounds(inner)
    low, high = compare(start, other_start), compare(end, other_end)
    begins = low < 0 or (low == 0 and (start.included or not other_start.included))
    return begins and (high > 0 or (high == 0 and (end.included or not other_end.included)))


def _reaches(end: End, start: End) -> bool:
    """Whether the range of the one end has a value at or behind the other's start."""
    found = compare(end, start)
    return found > 0 or (found == 0 and end.included and start.included)


def _overlaps(left: Value, right: Value) -> bool:
    (start, end), (other_start, other_end) = _bounds(left), _bounds(right)
    return _reaches(end, other_start) and _reaches(other_end, start)


def _overlaps_before(left: Value, right: Value) -> bool:
    (start, end), (other_start, other_end) = _bounds(left), _bounds(right)
    low, high = compare(start, other_start), compare(end, other_end)
    begins = low < 0 or (low == 0 and start.included and not other_start.included)
    ends = high < 0 or (high == 0 and (not end.included or other_end.included))
    return begins and _reaches(end, other_start) and ends


def _meets(left: Value, right: Value) -> bool:
    end, start = _bounds(left)[1], _bounds(right)[0]
    return end.included and start.included and compare(end, start) == 0


def _coincides(left: Value, right: Value) -> bool:
    pairs = list(zip(_bounds(left), _bounds(right), strict=True))
    return all(compare(mine, other) == 0 and mine.included == other.included for mine, other in pairs)


def _swapped(holds: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: holds(right, left)


relation(
    "before",
    "point1 point2",
    "point range",
    "range point",
    "range1 range2",
    means="Say whether the first ends before the second starts.",
)(_before)
relation(
    "after",
    "point1 point2",
    "point range",
    "range point",
    "range1 range2",
    means="Say whether the first starts after the second ends.",
)(_swapped(_before))
relation(
    "meets",
    "range1 range2",
    means="Say whether the first ends where the second starts, the value between them in both.",
)(_meets)
relation(
    "met by",
    "range1 range2",
    means="Say whether the first starts where the second ends, the value between them in both.",
)(_swapped(_meets))
relation("overlaps", "range1 range2", means="Say whether there is a value in both.")(_overlaps)
relation(
    "overlaps before", "range1 range2", means="Say whether the first starts before the second and ends inside it."
)(_overlaps_before)
relation("overlaps after", "range1 range2", means="Say whether the first starts inside the second and ends after it.")(
    _swapped(_overlaps_before)
)
relation("finishes", "point range", "range1 range2", means="Say whether the first lies at the end of the second.")(
    _finishes
)
relation("finished by", "range point", "range1 range2", means="Say whether the second lies at the end of the first.")(
    _swapped(_finishes)
)
relation("includes", "range point", "range1 range2", means="Say whether all of the second lies in the first.")(
    _includes
)
relation("during", "point range", "range1 range2", means="Say whether all of the first lies in the second.")(
    _swapped(_includes)
)
relation("starts", "point range", "range1 range2", means="Say whether the first lies at the start of the second.")(
    _starts
)
relation("started by", "range point", "range1 range2", means="Say whether the second lies at the start of the first.")(
    _swapped(_starts)
)
relation(
    "coincides",
    "point1 point2",
    "range1 range2",
    means="Say whether both are the same point, or ranges with the same ends.",
)(_coincides)
