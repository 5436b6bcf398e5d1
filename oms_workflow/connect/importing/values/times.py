"""Times as files write them, turned into moments in UTC. Knows no present."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

ISO = "iso"
EPOCHS = {"epoch_seconds": timedelta(seconds=1), "epoch_milliseconds": timedelta(milliseconds=1)}
EARLIEST, LATEST = 1980, 2200  # years; orders outside them are mistakes, such as 0000-00-00 and 1900-01-01

_DIGITS = re.compile(r"-?[0-9]{1,17}\Z")


class NotATime(Exception):
    """The text is no time in any of the formats; the message says why without repeating it."""


class Moment(NamedTuple):
    """A time that was read."""

    at: datetime  # UTC
    is_doubtful: bool = False  # the local time happened twice or never


def read_time(
    text: str, formats: Sequence[str], zone: tzinfo, *, midnight: Literal["start", "end"] = "start"
) -> Moment:
    """Read a time.

    Args:
        formats: Tried one after the other: `iso`, `epoch_seconds`, `epoch_milliseconds`, or directives of strptime
            such as `%d/%m/%Y %H:%M`; none means `iso`.
        zone: Of times that name none.
        midnight: `end` makes a local time of exactly 00:00 the last second of its day: a date that was written as a
            time promises the whole day.

    Raises:
        NotATime: If no format fits, or the year is impossible.
    """
    for one in formats or (ISO,):
        found = _read(text.strip(), one)
        if found is not None:
            return _moment(found, zone, midnight)
    named = " or ".join(formats or (ISO,))
    raise NotATime(f"expected a time written as {named}")


def check_format(text: str) -> str:
    """Say what is wrong with a format; '' when nothing is."""
    if text == ISO or text in EPOCHS:
        return ""
    if "%" not in text:
        return f"expected 'iso', {', '.join(map(repr, EPOCHS))}, or directives such as '%Y-%m-%d %H:%M:%S'"
    try:
        sample = datetime(2023, 11, 25, 13, 14, 15, 678901, tzinfo=UTC).strftime(text)
        read = datetime.strptime(sample, text)  # noqa: DTZ007 (only whether it can be read)
    except ValueError:
        return "these directives cannot be read"
    missing = [name for name in ("year", "month", "day") if getattr(read, name) != getattr(_SAMPLE, name)]
    return f"the {' and '.join(missing)} cannot be told from it" if missing else ""


_SAMPLE = datetime(2023, 11, 25, tzinfo=UTC)


def _read(text: str, one: str) -> datetime | None:
    try:
        if one in EPOCHS:
            if not _DIGITS.match(text):
                return None
            return datetime(1970, 1, 1, tzinfo=UTC) + int(text) * EPOCHS[one]
        return datetime.fromisoformat(text) if one == ISO else datetime.strptime(text, one)  # noqa: DTZ007 (below)
    except (ValueError, OverflowError):
        return None


def _moment(found: datetime, zone: tzinfo, midnight: str) -> Moment:
    if not EARLIEST <= found.year <= LATEST:
        raise NotATime(f"expected a year from {EARLIEST} to {LATEST}")
    if midnight == "end" and found.time() == time():
        found = found.replace(hour=23, minute=59, second=59)
    if found.utcoffset() is not None:
        return Moment(found.astimezone(UTC))
    first, second = found.replace(tzinfo=zone, fold=0), found.replace(tzinfo=zone, fold=1)
    return Moment(first.astimezone(UTC), first.utcoffset() != second.utcoffset())
