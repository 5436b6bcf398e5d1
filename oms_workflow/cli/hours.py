"""Times of day, lengths and days as people type and read them: `16:00`, `2h`, `09:00-12:00`. Reads no clock."""

from __future__ import annotations

import re
from datetime import date, timedelta

from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_LENGTH = re.compile(r"(?:(\d{1,3})h)?\s*(?:(\d{1,4})m)?")


def time_of_day(text: str) -> int:
    """Give the minutes since midnight.

    Raises:
        Unusable: When it is no time from 00:00 to 24:00.
    """
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
    if not 0 <= minutes <= 24 * 60:
        raise Unusable(say("hours.bad_time", text=repr(text)), code="bad-time")
    return minutes


def clock(minutes: int) -> str:
    """Write a time of day.

    >>> clock(965)
    '16:05'
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def length(text: str) -> timedelta:
    """Read a length of working time.

    >>> length("2h 30m")
    datetime.timedelta(seconds=9000)

    Raises:
        Unusable: When it is none.
    """
    found = _LENGTH.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise Unusable(say("hours.bad_length", text=repr(text)), code="bad-length")
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def shifts(texts: list[str]) -> tuple[tuple[int, int], ...]:
    """Read the hours of a day, ascending.

    Raises:
        Unusable: When they overlap or end before they begin.
    """
    found: list[tuple[int, int]] = []
    for text in texts:
        begin, _, end = text.partition("-")
        shift = time_of_day(begin), time_of_day(end)
        if shift[0] >= shift[1] or (found and shift[0] < found[-1][1]):
            raise Unusable(say("hours.bad_shift", text=repr(text)), code="bad-hours")
        found.append(shift)
    return tuple(found)


def a_day(text: str) -> date:
    """Read a day.

    Raises:
        Unusable: When it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(say("hours.bad_day", text=repr(text)), code="bad-day") from None
