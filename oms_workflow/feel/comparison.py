"""Equality and order of FEEL values (DMN 1.5, tables 52 to 54): true, false, or null for values of different kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.chronology import clock_difference, difference
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_VALUE_DEPTH
from oms_workflow.feel.values import Range, Value, YearsMonths, kind_of
from oms_workflow.feel.wide import AnyDate

PLAIN = frozenset({Decimal, str, bool, date, timedelta, YearsMonths, int})
"""Types whose `==` is FEEL's `=` among themselves."""


def equals(left: Value, right: Value, budget: Budget, depth: int = 0) -> bool | None:
    """Say whether two values are equal; None when they are of different kinds and neither is null.

    Raises:
        FeelLimitExceeded: When lists or contexts are nested too deeply or are too large to compare.
    """
    if type(left) is type(right) and type(left) in PLAIN:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    compound = COMPOUNDS.get(kind)
    if compound is not None:
        return compound(left, right, budget, depth)
    if kind in ZONED and (left.tzinfo is None) != (right.tzinfo is None):
        return False  # a local time and one with a zone are never known to be the same
    return order(left, right) == 0


def order(left: Value, right: Value) -> int | None:
    """Give a negative number when left comes first, a positive one when right does, 0 when neither; None: no order."""
    kind = kind_of(left)
    compare = ORDERS.get(kind)
    if compare is None or kind != kind_of(right):
        return None
    return compare(left, right)


def same_element(left: Value, right: Value, budget: Budget) -> bool:
    """Say whether two values are the same in every respect, zones included (`is`, DMN 1.5, table 77)."""
    if equals(left, right, budget) is not True:
        return False
    if kind_of(left) in ZONED:
        zones = getattr(left.tzinfo, "key", None), getattr(right.tzinfo, "key", None)
        return zones[0] == zones[1] and (left.hour, left.minute) == (right.hour, right.minute)
    return True


def contains_value(values: list[Value], wanted: Value, budget: Budget) -> bool:
    """Say whether a list holds a value; values of another kind are passed over."""
    budget.spend(len(values))
    return any(equals(value, wanted, budget) is True for value in values)


def within(value: Value, bounds: Range) -> bool | None:
    """Say whether a value lies in a range; None when it is of another kind than the ends."""
    low = high = True
    if bounds.start is not None:
        found = order(value, bounds.start)
        if found is None:
            return None
        low = found > 0 or (found == 0 and bounds.start_included)
    if bounds.end is not None:
        found = order(value, bounds.end)
        if found is None:
            return None
        high = found < 0 or (found == 0 and bounds.end_included)
    return low and high


def _all_equal(pairs: Any, count: int, budget: Budget, depth: int) -> bool:
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitExceeded(f"Values nested more than {MAX_VALUE_DEPTH} deep are not compared.")
    budget.spend(2 * count + 2)
    return all(equals(left, right, budget, depth + 1) is True for left, right in pairs)


def _same_list(left: list[Value], right: list[Value], budget: Budget, depth: int) -> bool:
    return len(left) == len(right) and _all_equal(zip(left, right, strict=True), len(left), budget, depth)


def _same_context(left: dict[str, Value], right: dict[str, Value], budget: Budget, depth: int) -> bool:
    pairs = ((value, right[key]) for key, value in left.items())
    return left.keys() == right.keys() and _all_equal(pairs, len(left), budget, depth)


def _same_range(left: Range, right: Range, budget: Budget, depth: int) -> bool:
    flags = (left.start_included, left.end_included) == (right.start_included, right.end_included)
    ends = ((left.start, right.start), (left.end, right.end))
    return flags and _all_equal(ends, 2, budget, depth)


def _by_python(left: Any, right: Any) -> int:
    return bool(left > right) - bool(left < right)


def _by_day(left: AnyDate, right: AnyDate) -> int:
    return _by_python((left.year, left.month, left.day), (right.year, right.month, right.day))


def _by_moment(left: Any, right: Any) -> int:
    if type(left) is type(right) is datetime and left.tzinfo is None and right.tzinfo is None:
        return _by_python(left, right)
    return difference(left, right)


def _by_clock(left: Any, right: Any) -> int:
    if type(left) is type(right) is time and left.tzinfo is None and right.tzinfo is None:
        return _by_python(left, right)
    return clock_difference(left, right)


ORDERS: dict[str, Callable[[Any, Any], int]] = {
    "number": _by_python,
    "text": _by_python,
    "date": _by_day,
    "date and time": _by_moment,
    "time": _by_clock,
    "days and time duration": _by_python,
    "years and months duration": lambda left, right: left.months - right.months,
}
"""The kinds that have an order, and how it is found."""

COMPOUNDS: dict[str, Callable[[Any, Any, Budget, int], bool]] = {
    "list": _same_list,
    "context": _same_context,
    "range": _same_range,
    "function": lambda left, right, budget, depth: left.same_as(right),
}
"""The kinds that are equal when their parts are."""

ZONED = ("date and time", "time")
