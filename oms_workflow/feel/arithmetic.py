"""What `+ - * /` and `**` give for which kinds of values (DMN 1.5, tables 56 to 60)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from oms_workflow.feel import chronology, numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.values import Value, YearsMonths, kind_of
from oms_workflow.feel.wide import AnyDate

Operation = Callable[[Any, Any], Value]
NUMBER, TEXT, DATE, TIME, MOMENT = "number", "text", "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"


def calculate(operator: str, left: Value, right: Value, budget: Budget) -> Value:
    """Give the result of an operator; null, with a note, where FEEL defines none."""
    if operator == "+" and type(left) is str and type(right) is str:
        budget.characters(len(left) + len(right))
        return left + right
    budget.spend(1)
    operation = OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        return budget.null("cannot {}", PHRASES[operator].format(kind_of(left), kind_of(right)))
    found = operation(left, right)
    if found is None:
        zero = operator == "/" and not right
        return budget.null("a division by zero" if zero else f"there is no such {kind_of(left)} as '{operator}' gives")
    return found


def negate(value: Value, budget: Budget) -> Value:
    """Give `-value`."""
    if isinstance(value, Decimal):
        return value.copy_negate() if value else value
    if isinstance(value, timedelta):
        return -value if value != timedelta.min else None
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    return budget.null("cannot put a minus before {}", kind_of(value))


def _back(value: timedelta | YearsMonths) -> Any:
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else -value


def _both_ways(left: str, right: str, operation: Operation) -> dict[tuple[str, str, str], Operation]:
    return {("+", left, right): operation, ("+", right, left): lambda a, b: operation(b, a)}


def _sum(left: timedelta, right: timedelta) -> timedelta | None:
    try:
        return left + right
    except OverflowError:
        return None


def _date_and_moment(left: Any, right: Any) -> timedelta | None:
    return chronology.between_date_times(_moment(left), _moment(right))


def _moment(value: Any) -> Any:
    return chronology.at_midnight(value) if kind_of(value) == DATE else value


def _shift(value: Any, duration: timedelta) -> Value:
    return SHIFTS[kind_of(value)](value, duration)


def _shift_back(value: Any, duration: timedelta | YearsMonths) -> Value:
    if duration == timedelta.min:
        return None
    if isinstance(duration, YearsMonths):
        return _shift_months(value, _back(duration))
    return _shift(value, _back(duration))


def _shift_months(value: Any, duration: YearsMonths) -> Value:
    if kind_of(value) == DATE:
        day: AnyDate = value
        return chronology.shift_months(day, duration)
    return chronology.shift_date_time_months(value, duration)


def _clock_apart(left: Any, right: Any) -> timedelta | None:
    return timedelta(microseconds=chronology.clock_difference(left, right) // 1_000)


SHIFTS: dict[str, Callable[[Any, timedelta], Value]] = {
    DATE: chronology.shift_date,
    TIME: chronology.shift_time,
    MOMENT: chronology.shift_date_time,
}

OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", NUMBER, NUMBER): numbers.add,
    ("-", NUMBER, NUMBER): numbers.subtract,
    ("*", NUMBER, NUMBER): numbers.multiply,
    ("/", NUMBER, NUMBER): numbers.divide,
    ("**", NUMBER, NUMBER): numbers.power,
    ("+", DAYS, DAYS): _sum,
    ("-", DAYS, DAYS): lambda a, b: _sum(a, -b) if b != timedelta.min else None,
    ("+", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months + b.months),
    ("-", MONTHS, MONTHS): lambda a, b: YearsMonths(a.months - b.months),
    **_both_ways(DATE, DAYS, _shift),
    **_both_ways(TIME, DAYS, _shift),
    **_both_ways(MOMENT, DAYS, _shift),
    **_both_ways(DATE, MONTHS, _shift_months),
    **_both_ways(MOMENT, MONTHS, _shift_months),
    ("-", DATE, DAYS): _shift_back,
    ("-", TIME, DAYS): _shift_back,
    ("-", MOMENT, DAYS): _shift_back,
    ("-", DATE, MONTHS): _shift_back,
    ("-", MOMENT, MONTHS): _shift_back,
    ("-", DATE, DATE): chronology.between_dates,
    ("-", MOMENT, MOMENT): chronology.between_date_times,
    ("-", DATE, MOMENT): _date_and_moment,
    ("-", MOMENT, DATE): _date_and_moment,
    ("-", TIME, TIME): _clock_apart,
    ("*", DAYS, NUMBER): chronology.multiply,
    ("*", MONTHS, NUMBER): chronology.multiply,
    ("*", NUMBER, DAYS): lambda a, b: chronology.multiply(b, a),
    ("*", NUMBER, MONTHS): lambda a, b: chronology.multiply(b, a),
    ("/", DAYS, NUMBER): chronology.divide,
    ("/", MONTHS, NUMBER): chronology.divide,
    ("/", DAYS, DAYS): chronology.ratio,
    ("/", MONTHS, MONTHS): chronology.ratio,
}
"""Operator and kinds of both sides -> what it gives; None for a result FEEL has no value for."""

PHRASES = {
    "+": "add {} and {}",
    "-": "subtract {1} from {0}",
    "*": "multiply {} by {}",
    "/": "divide {} by {}",
    "**": "raise {} to the power of {}",
}
