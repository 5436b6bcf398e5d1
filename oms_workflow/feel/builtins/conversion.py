"""Conversion functions (DMN 1.5, 10.3.4.1) for numbers, text, durations and ranges; `moments` has dates and times."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.chronology import months_between
from oms_workflow.feel.comparison import order
from oms_workflow.feel.edition import CYCLE
from oms_workflow.feel.iso8601 import read_duration, read_temporal
from oms_workflow.feel.lexer import TOKEN, unescape
from oms_workflow.feel.text import format_value
from oms_workflow.feel.values import Range, Value, YearsMonths
from oms_workflow.feel.wide import AnyDate, AnyDateTime

GROUPINGS = (None, " ", ",", ".")
DECIMALS = (None, ",", ".")
POINT = (
    r'(-?[0-9.]+(?:[eE][+-]?[0-9]+)?|@?"(?:[^"\\]|\\.)*"'
    r'|(?:date|time|date and time|duration)\(\s*"[^"]*"\s*\)|)'
)
RANGE = re.compile(rf"\s*([\[\](])\s*{POINT}\s*\.\.\s*{POINT}\s*([\[\])])\s*")


@builtin("number(from: text)")
def number(budget: Budget, text: str) -> Value:
    """Give the number a text stands for."""
    found = numbers.parse_number(text)
    return found if found is not None else budget.null("number: the text is no number")


@builtin("number(from: text, grouping separator: text | null, decimal separator: text | null)")
def number_with_separators(budget: Budget, text: str, grouping: str | None, point: str | None) -> Value:
    """Give the number a text stands for that is written with these separators."""
    if grouping not in GROUPINGS or point not in DECIMALS or (grouping is not None and grouping == point):
        return budget.null(
            "number: the grouping separator is ' ', ',' or '.', the decimal separator another of the last two"
        )
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        if "." in plain:
            return budget.null("number: the text is no number")
        plain = plain.replace(",", ".")
    return number(budget, plain)


@builtin("number(from: text, grouping separator: text | null)")
def number_with_grouping(budget: Budget, text: str, grouping: str | None) -> Value:
    """Give the number a text stands for whose digits are grouped; the decimal separator is a point (Camunda 8)."""
    return number_with_separators(budget, text, grouping, None)


@builtin("string(from: any)")
def string(budget: Budget, value: Value) -> Value:
    """Give a value as text; null stays null."""
    return None if value is None else format_value(value, budget)


@builtin("duration(from: text)")
def duration(budget: Budget, text: str) -> Value:
    """Give the duration a text stands for."""
    found = read_duration(text)
    return found if found is not None else budget.null("duration: the text is no ISO 8601 duration")


@builtin("duration(from: duration)")
def same_duration(budget: Budget, value: timedelta | YearsMonths) -> Value:
    """Give the duration itself."""
    return value


@builtin("years and months duration(from: day, to: day)")
def years_and_months(budget: Budget, start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> Value:
    """Give the whole months from one day to another."""
    return months_between(start, end)


@builtin("range(from: text)")
def make_range(budget: Budget, text: str) -> Value:
    """Give the range a text such as `[18..65)` stands for; an end left out is open without limit."""
    match = RANGE.fullmatch(text)
    if not match:
        return budget.null("range: the text is no range")
    start, end = _point(match[2]), _point(match[3])
    lacking = (start is None and match[2]) or (end is None and match[3]) or not (match[2] or match[3])
    closed = (start is None and match[1] == "[") or (end is None and match[4] == "]")
    if lacking or closed or _disordered(start, end):
        return budget.null("range: the ends are no values of one kind in ascending order")
    return Range(start, match[1] == "[", end, match[4] == "]")


def _point(text: str) -> Value:
    if not text:
        return None
    if text[0] == '"':
        whole = TOKEN.fullmatch(text)
        return unescape(text[1:-1]) if whole and whole.lastgroup == "string" else None
    if text[-1] in '")':
        return read_temporal(text[text.index('"') + 1 : text.rindex('"')])
    return numbers.parse_number(text)


def _disordered(start: Value, end: Value) -> bool:
    if start is None or end is None:
        return False
    found = order(start, end)
    return found is None or found > 0


@builtin("cycle(interval: duration)", since=CYCLE)
def cycle_without_end(budget: Budget, interval: timedelta | YearsMonths) -> Value:
    """Give the text of a timer that fires again and again, `R/PT1H` (Camunda 8)."""
    return f"R/{format_value(interval, budget)}"


@builtin("cycle(repetitions: number | null, interval: duration)", since=CYCLE)
def cycle(budget: Budget, repetitions: Decimal | None, interval: timedelta | YearsMonths) -> Value:
    """Give the text of a timer that fires this often, `R3/PT1H`; null means without end (Camunda 8)."""
    if repetitions is None:
        return cycle_without_end(budget, interval)
    if repetitions != repetitions.to_integral_value() or repetitions < 0:
        return budget.null("cycle: repetitions must be a whole number from 0")
    return f"R{int(repetitions)}/{format_value(interval, budget)}"
