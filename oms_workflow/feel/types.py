"""The types of FEEL, which values conform to them, and implicit conversions (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from oms_workflow.feel import type_syntax
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.chronology import at_midnight
from oms_workflow.feel.limits import STEPS_AN_ITEM
from oms_workflow.feel.values import FeelFunction, Range, Value, kind_of
from oms_workflow.feel.wide import WideDate


@dataclass(frozen=True, slots=True)
class AnyType:
    """Every value conforms."""


@dataclass(frozen=True, slots=True)
class SimpleType:
    """Values of one kind, as `values.kind_of` names it."""

    kind: str


@dataclass(frozen=True, slots=True)
class ListType:
    """Lists of it."""

    of: FeelType


@dataclass(frozen=True, slots=True)
class RangeType:
    """Ranges of it."""

    of: FeelType


@dataclass(frozen=True, slots=True)
class ContextType:
    """Contexts that have at least these entries."""

    entries: tuple[tuple[str, FeelType], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """Functions of these parameters."""

    parameters: tuple[FeelType, ...]
    result: FeelType


FeelType: TypeAlias = AnyType | SimpleType | ListType | RangeType | ContextType | FunctionType

ANY = AnyType()
SIMPLE_TYPES: dict[str, FeelType] = {
    "Any": ANY,
    "Null": SimpleType("null"),
    "number": SimpleType("number"),
    "string": SimpleType("text"),
    "boolean": SimpleType("boolean"),
    "date": SimpleType("date"),
    "time": SimpleType("time"),
    "date and time": SimpleType("date and time"),
    "dateTime": SimpleType("date and time"),
    "days and time duration": SimpleType("days and time duration"),
    "dayTimeDuration": SimpleType("days and time duration"),
    "years and months duration": SimpleType("years and months duration"),
    "yearMonthDuration": SimpleType("years and months duration"),
}
"""Names of types that need no definition; both spellings of DMN, in FEEL text and in models."""


def resolve(node: type_syntax.TypeNode, types: Mapping[str, FeelType]) -> FeelType | None:
    """Give the type an expression names; None when it names one that does not exist."""
    if isinstance(node, type_syntax.NamedType):
        return types.get(node.name) or SIMPLE_TYPES.get(node.name)
    if isinstance(node, (type_syntax.ListType, type_syntax.RangeType)):
        of = resolve(node.of, types)
        if of is None:
            return None
        return ListType(of) if isinstance(node, type_syntax.ListType) else RangeType(of)
    if isinstance(node, type_syntax.ContextType):
        entries = [(name, resolve(entry, types)) for name, entry in node.entries]
        known = tuple((name, entry) for name, entry in entries if entry is not None)
        return ContextType(known) if len(known) == len(entries) else None
    parts = [resolve(part, types) for part in (*node.parameters, node.result)]
    found = tuple(part for part in parts if part is not None)
    return FunctionType(found[:-1], found[-1]) if len(found) == len(parts) else None


def conforms(value: Value, wanted: FeelType, budget: Budget) -> bool:
    """Say whether a value may stand where a type is expected; null may everywhere.

    Raises:
        FeelLimitExceeded: When there is too much to look at.
    """
    if value is None or wanted is ANY:
        return True
    return CHECKS[type(wanted)](value, wanted, budget)


def describe(wanted: FeelType) -> str:
    """Name a type in plain words."""
    if isinstance(wanted, SimpleType):
        return wanted.kind
    if isinstance(wanted, ListType):
        return f"list of {describe(wanted.of)}"
    if isinstance(wanted, RangeType):
        return f"range of {describe(wanted.of)}"
    if isinstance(wanted, ContextType):
        return f"context with {', '.join(name for name, _ in wanted.entries)}"
    return "function" if isinstance(wanted, FunctionType) else "any value"


def type_conforms(narrow: FeelType, wide: FeelType, budget: Budget) -> bool:
    """Say whether every value of one type may stand where the other is expected.

    Raises:
        FeelLimitExceeded: When there is too much to look at.
    """
    budget.spend(1)
    if wide is ANY or narrow is wide or narrow == SIMPLE_TYPES["Null"]:
        return True
    if isinstance(narrow, SimpleType):
        return narrow == wide
    if isinstance(narrow, (ListType, RangeType)) and type(narrow) is type(wide):
        return type_conforms(narrow.of, wide.of, budget)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        mine = dict(narrow.entries)
        return all(name in mine and type_conforms(mine[name], entry, budget) for name, entry in wide.entries)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return _function_conforms(narrow, wide, budget)
    return False


def _function_conforms(narrow: FunctionType, wide: FunctionType, budget: Budget) -> bool:
    """Parameters the other way round, the answer the same way (DMN 1.5, 10.3.2.9.2)."""
    if len(narrow.parameters) != len(wide.parameters):
        return False
    pairs = zip(wide.parameters, narrow.parameters, strict=True)
    return all(type_conforms(theirs, mine, budget) for theirs, mine in pairs) and type_conforms(
        narrow.result, wide.result, budget
    )


def coerce(value: Value, wanted: FeelType, budget: Budget) -> tuple[bool, Value]:
    """Convert a value to a type as DMN allows: wrap or unwrap a list of one, take a date as midnight UTC.

    Returns:
        Whether the value fits, and the value; null when it does not fit.
    """
    if conforms(value, wanted, budget):
        return True, value
    if isinstance(value, list) and len(value) == 1 and not isinstance(wanted, ListType):
        return (True, value[0]) if conforms(value[0], wanted, budget) else (False, None)
    if isinstance(wanted, ListType) and not isinstance(value, list):
        return (True, [value]) if conforms(value, wanted.of, budget) else (False, None)
    if wanted == SIMPLE_TYPES["dateTime"] and type(value) in (date, WideDate):
        return True, at_midnight(value)
    return False, None


def _in_list(value: Value, wanted: ListType, budget: Budget) -> bool:
    if not isinstance(value, list):
        return False
    budget.spend(STEPS_AN_ITEM * len(value))
    return all(conforms(item, wanted.of, budget) for item in value)


def _in_context(value: Value, wanted: ContextType, budget: Budget) -> bool:
    if not isinstance(value, dict):
        return False
    budget.spend(len(wanted.entries))
    return all(name in value and conforms(value[name], entry, budget) for name, entry in wanted.entries)


def _in_range(value: Value, wanted: RangeType, budget: Budget) -> bool:
    ends = (value.start, value.end) if isinstance(value, Range) else ()
    return bool(ends) and all(conforms(end, wanted.of, budget) for end in ends)


CHECKS: dict[type, Callable[[Value, Any, Budget], bool]] = {
    AnyType: lambda value, wanted, budget: True,
    SimpleType: lambda value, wanted, budget: kind_of(value) == wanted.kind,
    ListType: _in_list,
    ContextType: _in_context,
    RangeType: _in_range,
    FunctionType: lambda value, wanted, budget: isinstance(value, FeelFunction) and value.conforms_to(wanted, budget),
}
