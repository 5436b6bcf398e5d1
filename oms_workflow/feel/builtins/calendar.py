"""Functions on dates and the clock (DMN 1.5, 10.3.4.6, .8 and .12) and those Camunda 8 adds."""

from __future__ import annotations

from decimal import Decimal

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.chronology import date_part
from oms_workflow.feel.comparison import same_element
from oms_workflow.feel.values import Value
from oms_workflow.feel.wide import AnyDate, AnyDateTime, WideDate, date_of, day_number, days_in_month, make_date

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def weekday(day: AnyDate | AnyDateTime) -> int:
    """Number the day of the week, Monday 1 to Sunday 7 (ISO 8601)."""
    return (day_number(day) + 3) % 7 + 1  # 1970-01-01 was a Thursday


def _day_of_year(day: AnyDate | AnyDateTime) -> int:
    return day_number(day) - day_number(WideDate(day.year, 1, 1)) + 1


@builtin("day of year(date: day)")
def day_of_year(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Number the day within its year."""
    return Decimal(_day_of_year(day))


@builtin("day of week(date: day)")
def day_of_week(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Name the day of the week, in English."""
    return WEEKDAYS[weekday(day) - 1]


@builtin("month of year(date: day)")
def month_of_year(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Name the month, in English."""
    return MONTHS[day.month - 1]


@builtin("week of year(date: day)")
def week_of_year(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Number the week by ISO 8601: a week belongs to the year its Thursday lies in."""
    thursday = date_of(day_number(day) - weekday(day) + 4)
    return None if thursday is None else Decimal((_day_of_year(thursday) - 1) // 7 + 1)


@builtin("last day of month(date: day)")
def last_day_of_month(budget: Budget, day: AnyDate | AnyDateTime) -> Value:
    """Give the last date of the month (Camunda 8)."""
    return make_date(day.year, day.month, days_in_month(day.year, day.month))


@builtin("now()")
def now(budget: Budget) -> Value:
    """Give the current date and time."""
    return budget.at if budget.at is not None else budget.null("now: the current time is not known here")


@builtin("today()")
def today(budget: Budget) -> Value:
    """Give the current date."""
    return date_part(budget.at) if budget.at is not None else budget.null("today: the current time is not known here")


@builtin("is(value1: any, value2: any)")
def is_same(budget: Budget, value1: Value, value2: Value) -> Value:
    """Say whether two values are the same element of the FEEL domain, zones included."""
    return same_element(value1, value2, budget)
