"""What a loop goes through: the items of a list, or the whole numbers or days of a range (DMN 1.5, 10.3.2.14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.numbers import to_integer
from oms_workflow.feel.values import Range, Value, kind_of
from oms_workflow.feel.wide import date_of, day_number


def items_of(value: Value, budget: Budget) -> Iterable[Value] | None:
    """Give the items of a value, a single one being a list of one; None, with a note, when there are none to count."""
    if type(value) is list:
        return value
    if value is None:
        budget.note("a loop cannot go through null")
        return None
    if not isinstance(value, Range):
        return [value]
    found = counted(value.start, value.end, budget)
    return None if found is None else _inside(value, found)


def counted(start: Value, end: Value, budget: Budget) -> Iterable[Value] | None:
    """Give the whole numbers or days from one to the other, up or down; None, with a note, for anything else."""
    kind = kind_of(start)
    if kind == kind_of(end) == "number":
        first, last = to_integer(start), to_integer(end)
        if first is not None and last is not None:
            return (Decimal(number) for number in _steps(first, last))
    if kind == kind_of(end) == "date":
        return (date_of(number) for number in _steps(day_number(start), day_number(end)))
    budget.note("a loop cannot count from {} to {}", kind, kind_of(end))
    return None


def _inside(bounds: Range, found: Iterable[Value]) -> Iterator[Value]:
    for item in found:
        at_start = item == bounds.start and not bounds.start_included
        if not at_start and not (item == bounds.end and not bounds.end_included):
            yield item


def _steps(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)
