"""What may stand behind a dot: entries of contexts, properties of dates, durations and ranges (tables 64 to 67)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_VALUE_DEPTH
from oms_workflow.feel.values import Value, YearsMonths, kind_of
from oms_workflow.feel.wide import day_number, nanoseconds
from oms_workflow.feel.zones import offset_at, zone_name

Property = Callable[[Any], Value]


def member(value: Value, name: str, budget: Budget, depth: int = 0) -> Value:
    """Give `value.name`; of a list, the list of what its items have."""
    if type(value) is dict:
        if name in value:
            return value[name]
        return budget.null("a context has no entry '{}'", name)
    if type(value) is list:
        if depth > MAX_VALUE_DEPTH:
            raise FeelLimitExceeded(f"Lists nested more than {MAX_VALUE_DEPTH} deep have no entries.")
        budget.room(len(value))
        return [member(item, name, budget, depth + 1) for item in value]
    kind = kind_of(value)
    found = PROPERTIES.get(kind, {}).get(name)
    return found(value) if found else budget.null("{} has no entry '{}'", kind, name)


def _number(read: Callable[[Any], int]) -> Property:
    return lambda value: Decimal(read(value))


def _second(value: Any) -> Decimal:
    return _with_fraction(value.second, f"{nanoseconds(value):09}")


def _seconds(value: timedelta) -> Decimal:
    seconds, fraction = divmod(abs(value) // timedelta(microseconds=1) % 60_000_000, 1_000_000)
    found = _with_fraction(seconds, f"{fraction:06}")
    return found.copy_negate() if value < timedelta(0) and found else found


def _with_fraction(whole: int, fraction: str) -> Decimal:
    return Decimal(f"{whole}.{fraction.rstrip('0')}".rstrip("."))


def _part(unit: timedelta, modulus: int) -> Property:
    """A part of a duration; parts of a negative one are negative."""

    def read(value: timedelta) -> Decimal:
        count = abs(value) // unit
        count = count % modulus if modulus else count
        return Decimal(-count if value < timedelta(0) else count)

    return read


def _signed(value: YearsMonths, part: int) -> Decimal:
    return Decimal(-part if value.months < 0 else part)


DATE: dict[str, Property] = {
    "year": _number(lambda value: value.year),
    "month": _number(lambda value: value.month),
    "day": _number(lambda value: value.day),
    "weekday": _number(lambda value: (day_number(value) + 3) % 7 + 1),
}
TIME: dict[str, Property] = {
    "hour": _number(lambda value: value.hour),
    "minute": _number(lambda value: value.minute),
    "second": _second,
    "time offset": offset_at,
    "timezone": lambda value: zone_name(value.tzinfo),
}
DAYS_TIME: dict[str, Property] = {
    "days": _part(timedelta(days=1), 0),
    "hours": _part(timedelta(hours=1), 24),
    "minutes": _part(timedelta(minutes=1), 60),
    "seconds": _seconds,
}
YEARS_MONTHS: dict[str, Property] = {
    "years": lambda value: _signed(value, abs(value.months) // 12),
    "months": lambda value: _signed(value, abs(value.months) % 12),
}
RANGE: dict[str, Property] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
PROPERTIES: dict[str, dict[str, Property]] = {
    "date": DATE,
    "date and time": DATE | TIME,
    "time": TIME,
    "days and time duration": DAYS_TIME,
    "years and months duration": YEARS_MONTHS,
    "range": RANGE,
}
"""Kind of value -> names of its properties, and how each is read."""
