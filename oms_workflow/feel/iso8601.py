"""ISO 8601 text to dates, times and durations and back, in the forms XML Schema allows (DMN 1.5, 10.3.4.1).

The `read_...` functions give None for text that is not of the form; the `parse_...` functions, for other rooms, raise.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from oms_workflow.feel.values import YearsMonths
from oms_workflow.feel.wide import (
    AnyDate,
    AnyDateTime,
    AnyTime,
    WideDateTime,
    WideTime,
    date_of,
    day_number,
    make_date,
    make_date_time,
    make_time,
    nanoseconds,
)
from oms_workflow.feel.zones import named_zone, offset_at, offset_zone, zone_name

_DATE = r"(?P<year>-?(?:[1-9][0-9]{3,8}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,30}))?"
_ZONE = (
    r"(?:(?P<utc>[zZ])|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-5][0-9])(?::(?P<seconds>[0-5][0-9]))?"
    r"|@(?P<name>[A-Za-z0-9_+/-]{1,60}))?"
)
_REGION = r"(?:\[(?P<region>[A-Za-z0-9_+/-]{1,60})\])?"  # behind an offset, as Camunda 8 writes it
DATE = re.compile(_DATE)
TIME = re.compile(f"T?{_TIME}{_ZONE}")  # `T`: as the examples of DMN 1.5, table 68, have it
DATE_TIME = re.compile(f"{_DATE}(?:T{_TIME})?{_ZONE}{_REGION}")
YEARS_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
DAYS_TIME = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18}(?:\.[0-9]{1,30})?)S)?)?"
)
WEEKS = re.compile(r"(-?)P([0-9]{1,9})W")
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = timedelta.max // _MICROSECOND


def read_date(text: str) -> AnyDate | None:
    """Give the date a text stands for; a date has no zone."""
    match = DATE.fullmatch(text)
    return make_date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None


def read_time(text: str) -> AnyTime | None:
    """Give the time of day a text stands for; `24:00:00` is midnight."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    found, zone = _zone(match)
    return _time(match, zone)[0] if found else None


def read_date_time(text: str) -> AnyDateTime | None:
    """Give the date and time a text stands for; without a time it is midnight."""
    match = DATE_TIME.fullmatch(text)
    day = make_date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    if not match or day is None:
        return None
    found, zone = _zone(match)
    moment, days = _time(match, zone) if match["hour"] else (make_time(0, 0, 0, 0, zone), 0)
    next_day = date_of(day_number(day) + days) if days else day
    value = make_date_time(next_day, moment, zone) if found and moment and next_day else None
    return _in_region(value, match["region"]) if match["region"] else value


def read_duration(text: str) -> timedelta | YearsMonths | None:
    """Give the duration a text stands for; months and days do not mix. Fractions end at the microsecond."""
    if match := YEARS_MONTHS.fullmatch(text):
        months = 12 * int(match[2] or 0) + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    if not (match := DAYS_TIME.fullmatch(text)):
        return None
    days, hours, minutes = (int(part or 0) for part in match.group(2, 3, 4))
    whole, _, fraction = (match[5] or "0").partition(".")
    seconds = days * 86_400 + hours * 3_600 + minutes * 60 + int(whole)
    microseconds = seconds * 1_000_000 + int(fraction[:6].ljust(6, "0"))
    return days_time(-microseconds if match[1] else microseconds)


def read_temporal(text: str) -> AnyDate | AnyTime | AnyDateTime | timedelta | YearsMonths | None:
    """Give what an at-literal (`@"2026-01-31"`) stands for."""
    clock = text.partition("@")[0]  # the name of a zone has letters of its own: Europe/Paris
    if "P" in clock:
        return read_duration(text)
    if "T" in clock:
        return read_date_time(text)
    return read_time(text) if ":" in text[:3] else read_date(text)


def days_time(microseconds: int) -> timedelta | None:
    """Give a days and time duration; None beyond the 2.7 million years Python can hold."""
    return timedelta(microseconds=microseconds) if abs(microseconds) <= _LONGEST else None


def format_temporal(value: AnyDate | AnyTime | AnyDateTime) -> str:
    """Write a date, a time or both; a named zone as `@Europe/Paris`, UTC as `Z`."""
    parts = []
    if not isinstance(value, (time, WideTime)):
        sign, year = "-" * (value.year < 0), abs(value.year)
        parts.append(f"{sign}{year:04}-{value.month:02}-{value.day:02}")
    if isinstance(value, (datetime, time, WideTime, WideDateTime)):
        fraction = f"{nanoseconds(value):09}".rstrip("0")
        clock = f"{value.hour:02}:{value.minute:02}:{value.second:02}{'.' * bool(fraction)}{fraction}"
        parts.append(clock + _format_zone(value))
    return "T".join(parts)


def format_duration(value: timedelta | YearsMonths) -> str:
    """Write a duration as ISO 8601, carried over as far as possible: `P1DT1H`, never `PT25H`."""
    if isinstance(value, YearsMonths):
        return str(value)
    microseconds = value // _MICROSECOND
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    tail = f".{fraction:06}".rstrip("0") if fraction else ""
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{seconds}{tail}S" * bool(seconds or tail)
    body = f"{days}D" * bool(days) + f"T{clock}" * bool(clock)
    return f"{'-' * (microseconds < 0)}P{body or 'T0S'}"


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Give an ISO 8601 duration, as timers and SLAs use it; weeks (`P2W`) are 7 days each.

    Raises:
        ValueError: When the text is no duration, or mixes months with days.
    """
    match = WEEKS.fullmatch(text)
    value = days_time(int(f"{match[1]}{match[2]}") * 7 * 86_400_000_000) if match else read_duration(text)
    if value is None:
        raise ValueError(f"expected an ISO 8601 duration such as 'PT2H', 'P1DT12H' or 'P3M', found {text!r}")
    return value


def parse_date_time(text: str) -> datetime:
    """Give an ISO 8601 date and time with its zone; a text without zone is UTC.

    Raises:
        ValueError: When the text is no date and time, or lies outside the years 1 to 9999.
    """
    value = read_date_time(text)
    if not isinstance(value, datetime):
        raise ValueError(f"expected an ISO 8601 date and time such as '2026-01-31T08:00:00Z', found {text!r}")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _time(match: re.Match[str], zone: tzinfo | None) -> tuple[AnyTime | None, int]:
    """The time of day and the days to carry over."""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    nanosecond = int((match["fraction"] or "0").ljust(9, "0")[:9])
    if hour == 24 and minute == second == nanosecond == 0:  # XML Schema Part 2, 3.2.7.1: the end of the day
        return make_time(0, 0, 0, 0, zone), 1
    return make_time(hour, minute, second, nanosecond, zone), 0


def _in_region(value: AnyDateTime | None, region: str) -> AnyDateTime | None:
    """The same clock in a named zone, which must show it at the offset that was written."""
    zone = named_zone(region)
    if value is None or zone is None or value.tzinfo is None or zone_name(value.tzinfo) is not None:
        return None
    named = make_date_time(value, value, zone)
    return named if offset_at(named) == offset_at(value) else None


def _zone(match: re.Match[str]) -> tuple[bool, tzinfo | None]:
    """Whether the zone exists, and the zone."""
    if match["utc"]:
        return True, UTC
    if match["name"]:
        zone: tzinfo | None = named_zone(match["name"])
        return zone is not None, zone
    if not match["sign"]:
        return True, None
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]), seconds=int(match["seconds"] or 0))
    zone = offset_zone(-offset if match["sign"] == "-" else offset)
    return zone is not None, zone


def _format_zone(value: AnyTime | AnyDateTime) -> str:
    name = zone_name(value.tzinfo)
    if name is not None:
        return f"@{name}"
    offset = offset_at(value)
    if offset is None:
        return ""
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"
