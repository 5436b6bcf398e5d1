"""Plain Python and JSON values to FEEL values, and answers to what leaves the evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_INTEGER_BITS, MAX_VALUE_DEPTH, MAX_VALUE_ITEMS
from oms_workflow.feel.numbers import rounded
from oms_workflow.feel.values import SCALARS, FeelFunction, Range, Value
from oms_workflow.feel.wide import WideDate, WideDateTime, WideTime, nanoseconds

FINISHED = (Range, WideDate, WideTime, WideDateTime, FeelFunction)


def normalise(value: object, depth: int = 0) -> Value:
    """Give the FEEL value for a plain Python or JSON value, nested ones included.

    What is a FEEL value already comes back as the same object, so calling it twice costs little. Numbers keep 34
    digits; a float is the decimal number it is printed as.

    Raises:
        TypeError: When a value has no counterpart in FEEL, or a context has a key that is no text.
        ValueError: When a number is infinite or no number.
        FeelLimitExceeded: When values are nested more than `MAX_VALUE_DEPTH` deep, or a number is too large.
    """
    kind = type(value)
    if kind in SCALARS:
        return value
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitExceeded(f"Values are nested more than {MAX_VALUE_DEPTH} deep.")
    if kind is list:
        return _normal_list(value, depth)  # type: ignore[arg-type]
    if kind is dict:
        return _normal_context(value, depth)  # type: ignore[arg-type]
    if isinstance(value, FINISHED):
        return value
    if isinstance(value, (int, float)):
        return _normal_number(value)
    return _unusual(value, depth)


def outward(value: Value) -> Value:
    """Give an answer as it leaves the evaluator: checked for size, billionths of a second cut to millionths.

    Raises:
        FeelLimitExceeded: When the answer is nested too deeply, or has more than `MAX_VALUE_ITEMS` items counting
            shared parts as often as they are used; whoever walks through it later would not come to an end.
    """
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind is list or kind is dict:
        return _cut(value) if _has_wide(value) else value
    return _cut(value)


def _normal_number(value: int | float) -> Decimal:
    if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
        raise FeelLimitExceeded("A number is larger than FEEL numbers go.")
    number = rounded(Decimal(int(value)) if isinstance(value, int) else Decimal(repr(float(value))))
    if number is None:
        raise ValueError(f"expected a finite number, found {value!r}")
    return number


def _normal_list(values: list[object], depth: int) -> list[Value]:
    for index, value in enumerate(values):
        if type(value) not in SCALARS:
            normal = normalise(value, depth + 1)
            if normal is not value:
                return [*values[:index], normal, *(normalise(item, depth + 1) for item in values[index + 1 :])]
    return values


def _normal_context(values: dict[str, object], depth: int) -> dict[str, Value]:
    changed: dict[str, Value] = {}
    for key, value in values.items():
        if type(key) is not str:
            raise TypeError(f"expected text as key of a context, found {type(key).__name__}")
        if type(value) not in SCALARS:
            normal = normalise(value, depth + 1)
            if normal is not value:
                changed[key] = normal
    return {**values, **changed} if changed else values


def _unusual(value: object, depth: int) -> Value:
    """Subclasses and other containers; order matters, as a datetime is a date."""
    if isinstance(value, Enum):
        return normalise(value.value, depth)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (Decimal, datetime, date, time, timedelta)):
        return value
    if isinstance(value, tuple):
        return _normal_list(list(value), depth)
    if isinstance(value, Mapping):
        return _normal_context(dict(value), depth)
    raise TypeError(f"FEEL has no value for {type(value).__name__}")


def _has_wide(value: Value) -> bool:
    """Count the items of an answer, layer by layer, and say whether any value is wide."""
    layer, count, wide = [value], 0, False
    for _ in range(MAX_VALUE_DEPTH):
        below: list[Value] = []
        for item in layer:
            kind = type(item)
            if kind is list:
                below.extend(item)
            elif kind is dict:
                below.extend(item.values())
            elif kind not in SCALARS:
                wide = wide or kind in (WideTime, WideDateTime)
            if count + len(below) > MAX_VALUE_ITEMS:
                raise FeelLimitExceeded(f"The answer has more than {MAX_VALUE_ITEMS:,} items.")
        if not below:
            return wide
        count += len(below)
        layer = below
    raise FeelLimitExceeded(f"The answer is nested more than {MAX_VALUE_DEPTH} deep.")


def _cut(value: Value) -> Value:
    if isinstance(value, list):
        return [_cut(item) for item in value]
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    if isinstance(value, WideTime):
        return time(value.hour, value.minute, value.second, nanoseconds(value) // 1000, value.tzinfo)
    if isinstance(value, WideDateTime) and 1 <= value.year <= 9999:
        fields = value.year, value.month, value.day, value.hour, value.minute, value.second
        return datetime(*fields, nanoseconds(value) // 1000, tzinfo=value.tzinfo)
    return value
