"""FEEL values as plain JSON for people and tests (`to_plain`), and as JSON that loses nothing (`encode`, `decode`)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.iso8601 import (
    format_duration,
    format_temporal,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from oms_workflow.feel.normal import normalise, outward
from oms_workflow.feel.text import format_value
from oms_workflow.feel.values import FeelFunction, Range, Value, YearsMonths, kind_of

TAG = "$feel"
"""Only key of a context that stands for another value; a context that happens to have it is tagged itself."""

LARGEST_PLAIN = 40  # digits of a whole number that is still given as one

READERS = {"date": read_date, "time": read_time, "date and time": read_date_time, "duration": read_duration}


def to_plain(value: object) -> Any:
    """Give plain JSON for people: whole numbers as int, others as float, dates and durations as ISO 8601 text.

    Digits beyond those of a float are lost; use `encode` to keep them. Ranges and functions become text.

    Raises:
        TypeError, ValueError, FeelLimitExceeded: As `normalise`.
    """
    return _plain(outward(normalise(value)))


def encode(value: object) -> Any:
    """Give JSON from which `decode` makes the same value again.

    Whole numbers become int; what JSON lacks becomes `{"$feel": [kind, value]}`.

    Raises:
        TypeError: For functions, which cannot be stored, and as `normalise`.
        ValueError, FeelLimitExceeded: As `normalise`.
    """
    normal = normalise(value)
    outward(normal)  # refuses what is too large to walk through
    return _encode(normal)


def decode(data: Any) -> Value:
    """Give the value that `encode` made this JSON of.

    Raises:
        ValueError: When the JSON was not made by `encode`.
    """
    if isinstance(data, dict):
        if data.keys() == {TAG}:
            return _untag(data[TAG])
        return {key: decode(item) for key, item in data.items()}
    if isinstance(data, list):
        return [decode(item) for item in data]
    return normalise(data)


def _plain(value: Value) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        if value.adjusted() <= LARGEST_PLAIN and numbers.is_integer(value):
            return int(value)
        return float(value) if value.adjusted() < 308 else numbers.format_number(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return format_value(value, Budget())


def _encode(value: Value) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        encoded = {key: _encode(item) for key, item in value.items()}
        return {TAG: ["context", encoded]} if TAG in value else encoded
    return _encode_scalar(value)


def _encode_scalar(value: Value) -> Any:
    if isinstance(value, Decimal):
        whole = value.as_tuple().exponent == 0 and not (value.is_signed() and not value)
        return int(value) if whole else {TAG: ["number", str(value)]}
    if isinstance(value, (timedelta, YearsMonths)):
        return {TAG: ["duration", format_duration(value)]}
    if isinstance(value, Range):
        ends = [_encode(value.start), value.start_included, _encode(value.end), value.end_included]
        return {TAG: ["range", ends]}
    if isinstance(value, FeelFunction):
        raise TypeError(f"a function cannot be stored: {value.signature}")
    return _encode_moment(value)


def _encode_moment(value: Value) -> Any:
    tagged: list[Any] = [kind_of(value), format_temporal(value)]
    if isinstance(value, (datetime, time)) and value.fold:
        tagged.append(1)  # the second time in the hour that clocks show twice
    return {TAG: tagged}


def _untag(tagged: Any) -> Value:
    if not isinstance(tagged, list) or not 2 <= len(tagged) <= 3:
        raise ValueError(f"expected ['kind', value] under {TAG!r}")
    kind, content = tagged[:2]
    found: Value = None
    if kind == "context" and isinstance(content, dict):
        found = {key: decode(item) for key, item in content.items()}
    elif kind == "number" and isinstance(content, str):
        found = Decimal(content)
    elif kind == "range" and isinstance(content, list) and len(content) == 4:
        found = Range(decode(content[0]), content[1], decode(content[2]), content[3])
    elif kind in READERS and isinstance(content, str):
        found = READERS[kind](content)
        if found is not None and len(tagged) == 3:
            found = found.replace(fold=1)
    if found is None:
        raise ValueError(f"expected a value that 'encode' has made, found kind {kind!r}")
    return found
