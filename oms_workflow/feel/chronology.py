"""Arithmetic on dates, times and durations (DMN 1.5, tables 54, 57 and 59). No clock; None where FEEL says null.

Date-times count as nanoseconds since 1970-01-01T00:00:00, times of day as nanoseconds since midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from oms_workflow.feel import numbers
from oms_workflow.feel.iso8601 import days_time
from oms_workflow.feel.values import YearsMonths
from oms_workflow.feel.wide import (
    AnyDate,
    AnyDateTime,
    AnyTime,
    WideDateTime,
    date_of,
    day_number,
    days_in_month,
    make_date,
    make_date_time,
    make_time,
    nanoseconds,
)
from oms_workflow.feel.zones import offset_at

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = make_time(0, 0, 0, 0, UTC)


def clock(moment: AnyTime | AnyDateTime) -> int:
    """Count the nanoseconds since local midnight."""
    return (moment.hour * 3_600 + moment.minute * 60 + moment.second) * SECOND + nanoseconds(moment)


def local(moment: AnyDateTime) -> int:
    """Count the nanoseconds as the local clock shows them."""
    return day_number(moment) * DAY + clock(moment)


def length(duration: timedelta) -> int:
    """Count the nanoseconds of a duration."""
    return (duration // MICROSECOND) * 1_000


def difference(left: AnyDateTime, right: AnyDateTime) -> int:
    """Count the nanoseconds from right to left; a moment without zone takes that of the other (DMN 1.5, table 54)."""
    apart = local(left) - local(right)
    if left.tzinfo is None or right.tzinfo is None:
        return apart
    return apart - _offset(left) + _offset(right)


def clock_difference(left: AnyTime, right: AnyTime) -> int:
    """Count the nanoseconds from right to left on one day; a time without zone takes that of the other."""
    apart = clock(left) - clock(right)
    if left.tzinfo is None or right.tzinfo is None:
        return apart
    return apart - _offset(left) + _offset(right)


def between_date_times(left: AnyDateTime, right: AnyDateTime) -> timedelta | None:
    """Give the duration from right to left; None when only one of them has a zone (DMN 1.5, table 57)."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return days_time(difference(left, right) // 1_000)


def between_dates(left: AnyDate, right: AnyDate) -> timedelta | None:
    """Give the duration from right to left."""
    return days_time((day_number(left) - day_number(right)) * 86_400_000_000)


def at_midnight(day: AnyDate) -> AnyDateTime:
    """Give the date as a date and time, at midnight UTC (DMN 1.5, 10.3.2.9.4)."""
    assert MIDNIGHT is not None
    return make_date_time(day, MIDNIGHT, UTC)


def shift_date_time(moment: AnyDateTime, duration: timedelta) -> AnyDateTime | None:
    """Give the moment that much time later; in a named zone its clock changes are kept."""
    later = local(moment) + length(duration)
    if not isinstance(moment.tzinfo, ZoneInfo):
        return _at_local(later, moment.tzinfo)
    instant = _at_local(later - _offset(moment), UTC)
    if isinstance(instant, datetime) and 2 <= instant.year <= 9998:
        return instant.astimezone(moment.tzinfo)
    if isinstance(instant, WideDateTime) and 2 <= instant.year <= 9998:
        return _at_local(local(instant) + _offset(WideDateTime(*_fields(instant), moment.tzinfo)), moment.tzinfo)
    return _at_local(later, moment.tzinfo)


def shift_time(moment: AnyTime, duration: timedelta) -> AnyTime | None:
    """Give the time of day that much later, past midnight if need be."""
    return _at_clock((clock(moment) + length(duration)) % DAY, moment.tzinfo)


def shift_date(day: AnyDate, duration: timedelta) -> AnyDate | None:
    """Give the date on which midnight plus the duration falls."""
    return date_of(day_number(day) + length(duration) // DAY)


def shift_months(day: AnyDate, duration: YearsMonths) -> AnyDate | None:
    """Give the date so many months later; a day the month does not have becomes its last."""
    years, month = divmod(day.year * 12 + day.month - 1 + duration.months, 12)
    return make_date(years, month + 1, min(day.day, days_in_month(years, month + 1)))


def shift_date_time_months(moment: AnyDateTime, duration: YearsMonths) -> AnyDateTime | None:
    """Give the same time of day so many months later."""
    day = shift_months(_date_part(moment), duration)
    return make_date_time(day, moment, moment.tzinfo) if day else None


def months_between(start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> YearsMonths:
    """Give the whole months from one day to another; times of day do not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def multiply(duration: timedelta | YearsMonths, factor: Decimal) -> timedelta | YearsMonths | None:
    """Give the duration that many times; months and microseconds are cut to whole ones."""
    product = numbers.multiply(Decimal(_units(duration)), factor)
    return None if product is None else _of_units(product, duration)


def divide(duration: timedelta | YearsMonths, divisor: Decimal) -> timedelta | YearsMonths | None:
    """Give a part of the duration; None when divided by zero."""
    quotient = numbers.divide(Decimal(_units(duration)), divisor)
    return None if quotient is None else _of_units(quotient, duration)


def ratio(left: timedelta | YearsMonths, right: timedelta | YearsMonths) -> Decimal | None:
    """Say how often the right duration goes into the left one; None when it is zero."""
    return numbers.divide(Decimal(_units(left)), Decimal(_units(right)))


def date_part(moment: AnyDate | AnyDateTime) -> AnyDate:
    """Give the date without its time of day."""
    return _date_part(moment)


def time_part(moment: AnyTime | AnyDateTime) -> AnyTime:
    """Give the time of day without its date, in the same zone."""
    found = _at_clock(clock(moment), moment.tzinfo)
    assert found is not None
    return found


def _date_part(moment: AnyDate | AnyDateTime) -> AnyDate:
    found = make_date(moment.year, moment.month, moment.day)
    assert found is not None
    return found


def _units(duration: timedelta | YearsMonths) -> int:
    return duration.months if isinstance(duration, YearsMonths) else duration // MICROSECOND


def _of_units(amount: Decimal, like: timedelta | YearsMonths) -> timedelta | YearsMonths | None:
    if amount.adjusted() > 30:
        return None
    return YearsMonths(int(amount)) if isinstance(like, YearsMonths) else days_time(int(amount))


def _offset(moment: AnyTime | AnyDateTime) -> int:
    offset = offset_at(moment)
    return length(offset) if offset is not None else 0


def _at_clock(nanosecond: int, zone: tzinfo | None) -> AnyTime | None:
    second, nanosecond = divmod(nanosecond, SECOND)
    return make_time(second // 3_600, second // 60 % 60, second % 60, nanosecond, zone)


def _at_local(nanosecond: int, zone: tzinfo | None) -> AnyDateTime | None:
    days, nanosecond = divmod(nanosecond, DAY)
    day, moment = date_of(days), _at_clock(nanosecond, zone)
    return make_date_time(day, moment, zone) if day and moment else None


def _fields(moment: WideDateTime) -> tuple[int, int, int, int, int, int, int]:
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.nanosecond
