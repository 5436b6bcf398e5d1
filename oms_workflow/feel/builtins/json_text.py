"""to json() and from json() of Camunda 8: values as JSON text and back; numbers keep all their digits."""

from __future__ import annotations

import json
from decimal import Decimal

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_VALUE_DEPTH
from oms_workflow.feel.normal import normalise
from oms_workflow.feel.numbers import format_number, rounded
from oms_workflow.feel.text import format_scalar, format_value
from oms_workflow.feel.values import FeelFunction, Range, Value


@builtin("to json(value: any)")
def to_json(budget: Budget, value: Value) -> Value:
    """Write a value as JSON; dates, times and durations become ISO 8601 text."""
    return _write(value, budget, 0)


@builtin("from json(value: text)")
def from_json(budget: Budget, text: str) -> Value:
    """Read a value from JSON."""
    try:
        return normalise(json.loads(text, parse_float=_number, parse_constant=_refuse))
    except (ValueError, RecursionError, ArithmeticError):
        return budget.null("from json: the text is no JSON")


def _number(text: str) -> Decimal:
    found = rounded(Decimal(text))
    if found is None:
        raise ValueError("the number is larger than FEEL numbers go")
    return found


def _refuse(name: str) -> None:
    raise ValueError(f"JSON knows no {name}")


def _write(value: Value, budget: Budget, depth: int) -> str:
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitExceeded(f"Values nested more than {MAX_VALUE_DEPTH} deep are not written as JSON.")
    if isinstance(value, list):
        budget.spend(len(value))
        return budget.text(f"[{','.join(_write(item, budget, depth + 1) for item in value)}]")
    if isinstance(value, dict):
        budget.spend(len(value))
        entries = (f"{_quoted(key)}:{_write(item, budget, depth + 1)}" for key, item in value.items())
        return budget.text(f"{{{','.join(entries)}}}")
    if isinstance(value, Decimal):
        return format_number(value)
    if value is None or isinstance(value, bool):
        return format_scalar(value)
    if isinstance(value, (Range, FeelFunction)):
        return _quoted(format_value(value, budget))
    return budget.text(_quoted(value if isinstance(value, str) else format_scalar(value)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
