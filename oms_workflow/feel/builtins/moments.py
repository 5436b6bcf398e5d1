"""Conversion functions for dates and times (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.chronology import at_midnight, date_part, shift_date_time, time_part
from oms_workflow.feel.iso8601 import read_date, read_date_time, read_time
from oms_workflow.feel.values import Value
from oms_workflow.feel.wide import AnyDate, AnyDateTime, AnyTime, make_date, make_date_time, make_time
from oms_workflow.feel.zones import named_zone, offset_at, offset_zone


@builtin("date(from: text)")
def date_from_text(budget: Budget, text: str) -> Value:
    """Give the date a text stands for."""
    found = read_date(text)
    return found if found is not None else budget.null("date: the text is no ISO 8601 date")


@builtin("date(from: day)")
def date_from_day(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Give the date without its time."""
    return date_part(day)


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(budget: Budget, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Give the date of a year, month and day."""
    whole = [numbers.to_integer(part) for part in (year, month, day)]
    found = make_date(*whole) if None not in whole else None  # type: ignore[arg-type]
    return found if found is not None else budget.null("date: there is no such day")


@builtin("time(from: text)")
def time_from_text(budget: Budget, text: str) -> Value:
    """Give the time of day a text stands for."""
    found = read_time(text)
    return found if found is not None else budget.null("time: the text is no ISO 8601 time, or its zone is unknown")


@builtin("time(from: time | date and time)")
def time_from_moment(budget: Budget, moment: AnyTime | AnyDateTime) -> Value:
    """Give the time of day without its date."""
    return time_part(moment)


@builtin("time(from: date)")
def time_from_date(budget: Budget, day: AnyDate) -> Value:
    """Give midnight UTC."""
    return time_part(at_midnight(day))


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration)")
def time_from_parts(
    budget: Budget, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> Value:
    """Give the time of day of its parts; the second may have a fraction, no offset is a local time."""
    zone = offset_zone(offset) if offset is not None else None
    if offset is not None and zone is None:
        return budget.null("time: there is no such offset from UTC")
    found = _clock(hour, minute, second, zone)
    return found if found is not None else budget.null("time: there is no such time of day")


@builtin("date and time(from: text)")
def moment_from_text(budget: Budget, text: str) -> Value:
    """Give the date and time a text stands for."""
    found = read_date_time(text)
    reason = "date and time: the text is no ISO 8601 date and time, or its zone is unknown"
    return found if found is not None else budget.null(reason)


@builtin("date and time(from: date and time)")
def moment_from_moment(budget: Budget, moment: AnyDateTime) -> Value:
    """Give the date and time itself; a date is taken as midnight UTC."""
    return moment


@builtin("date and time(date: day, time: time)")
def moment_from_day(budget: Budget, day: AnyDate | AnyDateTime, moment: AnyTime) -> Value:
    """Give the day of the one at the time, and in the zone, of the other."""
    return make_date_time(day, moment, moment.tzinfo)


@builtin("date and time(date: date and time, timezone: text)")
def moment_in_zone(budget: Budget, moment: AnyDateTime, timezone: str) -> Value:
    """Give the same moment as the clocks of a zone show it; a local time is read as of that zone (Camunda 8)."""
    zone = _zone(timezone)
    if zone is None:
        return budget.null("date and time: there is no such time zone")
    if moment.tzinfo is None:
        return make_date_time(moment, moment, zone)
    if isinstance(moment, datetime) and 2 <= moment.year <= 9998:
        return moment.astimezone(zone)
    before = offset_at(moment) or timedelta(0)
    after = offset_at(make_date_time(moment, moment, zone)) or timedelta(0)
    shifted = shift_date_time(make_date_time(moment, moment, UTC), after - before)
    return make_date_time(shifted, shifted, zone) if shifted is not None else None


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " offset?: days and time duration)"
)
def moment_from_parts(budget: Budget, *parts: Value) -> Value:
    """Give the date and time of its parts; no offset is a local time."""
    offset = parts[6] if len(parts) > 6 else None
    zone = offset_zone(offset) if offset is not None else None
    if offset is not None and zone is None:
        return budget.null("date and time: there is no such offset from UTC")
    return _moment(budget, parts, zone)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " timezone: text)"
)
def moment_from_parts_in_zone(budget: Budget, *parts: Value) -> Value:
    """Give the date and time of its parts in a time zone."""
    zone = _zone(parts[6])
    if zone is None:
        return budget.null("date and time: there is no such time zone")
    return _moment(budget, parts, zone)


def _moment(budget: Budget, parts: tuple[Value, ...], zone: tzinfo | None) -> Value:
    day = date_from_parts(budget, *parts[:3])
    moment = _clock(parts[3], parts[4], parts[5], zone)
    if day is None or moment is None:
        return budget.null("date and time: there is no such day or time of day")
    return make_date_time(day, moment, zone)


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> AnyTime | None:
    whole_hour, whole_minute = numbers.to_integer(hour), numbers.to_integer(minute)
    if whole_hour is None or whole_minute is None or not 0 <= second < 60:
        return None
    seconds, nanosecond = divmod(int(second.scaleb(9, numbers.CONTEXT)), 1_000_000_000)
    return make_time(whole_hour, whole_minute, seconds, nanosecond, zone)


def _zone(name: str) -> tzinfo | None:
    found: ZoneInfo | None = named_zone(name)
    if found is not None:
        return found
    moment = read_time(f"00:00:00{name}")
    return moment.tzinfo if moment is not None else None
