"""Dates and times Python cannot hold: years beyond 1 to 9999, and billionths of a second (DMN 1.5, 10.3.2.3.4 to .6).

They have the same field names as Python's own, plus `nanosecond`. The `make_...` functions give Python's type whenever
it can hold the value, so that the wide ones appear only where nothing else would do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import TypeAlias

MAX_YEAR = 999_999_999  # DMN 1.5, 10.3.2.3.5; the same before year 0
DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EPOCH_SHIFT = 719_468  # days from 0000-03-01 to 1970-01-01
DAYS_IN_ERA = 146_097  # 400 years


@dataclass(frozen=True, slots=True)
class WideDate:
    """A day of the proleptic Gregorian calendar; year 0 exists (ISO 8601)."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day; `tzinfo` None is a local time."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and a time of day; `tzinfo` None is a local time."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


AnyDate: TypeAlias = date | WideDate
AnyTime: TypeAlias = time | WideTime
AnyDateTime: TypeAlias = datetime | WideDateTime


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month, 1 to 12."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return DAYS_IN_MONTH[month - 1] + leap


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """Give the date; None when there is no such day."""
    if not (1 <= month <= 12 and abs(year) <= MAX_YEAR and 1 <= day <= days_in_month(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanosecond: int, zone: tzinfo | None) -> AnyTime | None:
    """Give the time of day; None when there is no such time."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59 and 0 <= nanosecond <= 999_999_999):
        return None
    if nanosecond % 1000:
        return WideTime(hour, minute, second, nanosecond, zone)
    return time(hour, minute, second, nanosecond // 1000, zone)


def make_date_time(day: AnyDate | AnyDateTime, moment: AnyTime | AnyDateTime, zone: tzinfo | None) -> AnyDateTime:
    """Give the day of the one at the time of the other, both read as in `zone`."""
    nanosecond = nanoseconds(moment)
    if 1 <= day.year <= 9999 and not nanosecond % 1000:
        return datetime(
            day.year, day.month, day.day, moment.hour, moment.minute, moment.second, nanosecond // 1000, zone
        )
    return WideDateTime(day.year, day.month, day.day, moment.hour, moment.minute, moment.second, nanosecond, zone)


def nanoseconds(moment: AnyTime | AnyDateTime) -> int:
    """Give the fraction of the second in billionths."""
    return moment.nanosecond if isinstance(moment, (WideTime, WideDateTime)) else moment.microsecond * 1000


def day_number(day: AnyDate | AnyDateTime) -> int:
    """Count the days since 1970-01-01; years begin in March here, so that the leap day comes last."""
    year = day.year - (day.month <= 2)
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((day.month + 9) % 12) + 2) // 5 + day.day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * DAYS_IN_ERA + day_of_era - EPOCH_SHIFT


def date_of(number: int) -> AnyDate | None:
    """Give the date that is this many days after 1970-01-01; None beyond the years FEEL knows."""
    era, day_of_era = divmod(number + EPOCH_SHIFT, DAYS_IN_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return make_date(era * 400 + year_of_era + (month <= 2), month, day)
