"""FEEL values as text, for string() and for people; contexts and lists are written as FEEL literals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.iso8601 import format_duration, format_temporal
from oms_workflow.feel.limits import MAX_VALUE_DEPTH
from oms_workflow.feel.names import is_plain
from oms_workflow.feel.numbers import format_number
from oms_workflow.feel.values import FeelFunction, Range, Value, YearsMonths
from oms_workflow.feel.wide import WideDate, WideDateTime, WideTime

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def format_value(value: Value, budget: Budget) -> str:
    """Write a value as string() does: text as it is, text inside lists and contexts in quotes.

    Raises:
        FeelLimitExceeded: When the text would become too long.
    """
    return value if isinstance(value, str) else budget.text(_format(value, budget, 0))


def _format(value: Value, budget: Budget, depth: int) -> str:
    if isinstance(value, str):
        return budget.text(f'"{value.translate(ESCAPES)}"')
    if isinstance(value, (list, dict, Range)):
        return _format_compound(value, budget, depth)
    return format_scalar(value)


def _format_compound(value: list[Value] | dict[str, Value] | Range, budget: Budget, depth: int) -> str:
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitExceeded(f"Values nested more than {MAX_VALUE_DEPTH} deep are not written as text.")
    if isinstance(value, Range):
        return format_range(value, budget, depth)
    budget.spend(len(value))
    if isinstance(value, list):
        parts, brackets = [_format(item, budget, depth + 1) for item in value], "[]"
    else:
        parts = [f"{_key(key)}: {_format(item, budget, depth + 1)}" for key, item in value.items()]
        brackets = "{}"
    return budget.text(f"{brackets[0]}{', '.join(parts)}{brackets[1]}")


def format_range(value: Range, budget: Budget, depth: int = 0) -> str:
    """Write a range: `[1..10)`, or `< 10` when one end is open without limit."""
    start, end = (_format(point, budget, depth + 1) for point in (value.start, value.end))
    if value.start is None:
        return f"{'<=' if value.end_included else '<'} {end}"
    if value.end is None:
        return f"{'>=' if value.start_included else '>'} {start}"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


def format_scalar(value: Value) -> str:
    """Write a value without parts."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, (timedelta, YearsMonths)):
        return format_duration(value)
    if isinstance(value, (date, time, datetime, WideDate, WideTime, WideDateTime)):
        return format_temporal(value)
    assert isinstance(value, FeelFunction)
    return value.signature


def _key(key: str) -> str:
    return key if is_plain(key) else f'"{key.translate(ESCAPES)}"'
