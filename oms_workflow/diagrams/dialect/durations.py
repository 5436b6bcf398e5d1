"""ISO 8601 durations, times and repetitions as they are written into a diagram. No arithmetic with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EXACT = re.compile(
    r"P(?!$)(?:(?P<weeks>\d+(?:\.\d+)?)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CALENDAR = re.compile(r"P(?!$)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_MONTHS = re.compile(r"P(?!$)(?:\d+Y)?(?:\d+M)?")
_REPEATS = re.compile(r"R(\d{0,9})")
_MOST_CHARACTERS = 64


def exact_duration(text: str) -> timedelta:
    """Read a duration of weeks, days and smaller units (`P1DT12H`).

    Raises:
        ValueError: When it is no ISO 8601 duration, or has years or months, whose length is not fixed.
    """
    matched = _EXACT.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    if matched is None:
        if is_duration(text):
            raise ValueError(f"{text!r} has years or months, which are not always equally long")
        raise ValueError(f"{text!r} is no ISO 8601 duration such as PT2H or P1DT12H")
    try:
        return timedelta(**{unit: float(number) for unit, number in matched.groupdict().items() if number})
    except OverflowError:
        raise ValueError(f"{text!r} is longer than any deadline can be") from None


def is_duration(text: str) -> bool:
    """Say whether a text is an ISO 8601 duration, years and months included."""
    return len(text) <= _MOST_CHARACTERS and _CALENDAR.fullmatch(text) is not None


def is_date_time(text: str) -> bool:
    """Say whether a text is an ISO 8601 date and time; without a zone it means UTC."""
    return _date_time(text) is not None


def has_zone(text: str) -> bool:
    """Say whether an ISO 8601 date and time names its zone."""
    read = _date_time(text)
    return read is not None and read.tzinfo is not None


def is_cycle(text: str) -> bool:
    """Say whether a text is an ISO 8601 repetition: `R3/PT10M`, `R/P1M` or `R3/2026-01-05T08:00:00Z/PT10M`."""
    repeats, *rest = text.split("/")
    if _REPEATS.fullmatch(repeats) is None or not 1 <= len(rest) <= 2:
        return False
    if len(rest) == 2 and not is_date_time(rest[0]):
        return False
    if len(rest[-1]) <= _MOST_CHARACTERS and _MONTHS.fullmatch(rest[-1]) is not None:
        return any(digit in "123456789" for digit in rest[-1])
    try:
        return exact_duration(rest[-1]) > timedelta(0)
    except ValueError:
        return False


def _date_time(text: str) -> datetime | None:
    if len(text) > _MOST_CHARACTERS or "T" not in text:
        return None
    try:
        read = datetime.fromisoformat(text.partition("[")[0])
        read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read
