"""List functions (DMN 1.5, 10.3.4.4) and those Camunda 8 adds. Positions count from 1, from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.comparison import contains_value, equals
from oms_workflow.feel.errors import FeelLimitExceeded
from oms_workflow.feel.limits import MAX_ITEMS, MAX_VALUE_DEPTH
from oms_workflow.feel.values import FeelFunction, Value, kind_of

DIRECT = frozenset({"number", "text", "boolean", "years and months duration", "days and time duration"})
"""Kinds whose equal values have equal hashes."""


class Seen:
    """The values met so far; finds equal ones without comparing each with each where that can be avoided."""

    def __init__(self, budget: Budget) -> None:
        self._direct: set[tuple[str, Value]] = set()
        self._others: dict[str, list[Value]] = {}
        self._budget = budget

    def add(self, value: Value) -> bool:
        """Remember a value; True when it is new."""
        kind = kind_of(value)
        if kind in DIRECT:
            new = (kind, value) not in self._direct
            self._direct.add((kind, value))
            return new
        others = self._others.setdefault(kind, [])
        new = not contains_value(others, value, self._budget)
        if new:
            others.append(value)
        return new


@builtin("list contains(list: list, element: any)")
def list_contains(budget: Budget, values: list[Value], element: Value) -> Value:
    """Say whether a list holds a value."""
    return contains_value(values, element, budget)


@builtin("count(list: list)")
def count(budget: Budget, values: list[Value]) -> Value:
    """Count the items."""
    return Decimal(len(values))


@builtin("is empty(list: list)")
def is_empty(budget: Budget, values: list[Value]) -> Value:
    """Say whether a list has no items (Camunda 8)."""
    return not values


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(budget: Budget, values: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """Give part of a list."""
    begin = _index(values, start)
    if begin is None:
        return budget.null("sublist: the start position lies outside the list")
    size = len(values) - begin if length is None else numbers.to_integer(length)
    if size is None or not 1 <= size <= len(values) - begin:
        return budget.null("sublist: the length must lie between 1 and the items that are left")
    return values[begin : begin + size]


@builtin("append(list: list, item...: any)")
def append(budget: Budget, values: list[Value], items: list[Value]) -> Value:
    """Give the list with items at its end."""
    return [*values, *items]


@builtin("concatenate(list...: list)")
def concatenate(budget: Budget, lists: list[list[Value]]) -> Value:
    """Give one list of the items of all."""
    budget.room(sum(map(len, lists)))
    return [item for values in lists for item in values]


@builtin("insert before(list: list, position: number, newItem/new item: any)")
def insert_before(budget: Budget, values: list[Value], position: Decimal, item: Value) -> Value:
    """Give the list with an item before a position."""
    index = _index(values, position)
    if index is None:
        return budget.null("insert before: the position lies outside the list")
    return [*values[:index], item, *values[index:]]


@builtin("remove(list: list, position: number)")
def remove(budget: Budget, values: list[Value], position: Decimal) -> Value:
    """Give the list without the item at a position."""
    index = _index(values, position)
    if index is None:
        return budget.null("remove: the position lies outside the list")
    return [*values[:index], *values[index + 1 :]]


@builtin("list replace(list: list, position: number, newItem/new item: any)")
def replace_at(budget: Budget, values: list[Value], position: Decimal, item: Value) -> Value:
    """Give the list with another item at a position."""
    index = _index(values, position)
    if index is None:
        return budget.null("list replace: the position lies outside the list")
    return [*values[:index], item, *values[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem/new item: any)")
def replace_matching(budget: Budget, values: list[Value], match: FeelFunction, item: Value) -> Value:
    """Give the list with another item wherever `match(item, newItem)` is true."""
    answers = [match.call([value, item], budget) for value in values]
    if any(type(answer) is not bool for answer in answers):
        return budget.null("list replace: {} gives more than true and false", match.signature)
    return [item if answer else value for value, answer in zip(values, answers, strict=True)]


@builtin("reverse(list: list)")
def reverse(budget: Budget, values: list[Value]) -> Value:
    """Give the list from its end."""
    return values[::-1]


@builtin("index of(list: list, match: any)")
def index_of(budget: Budget, values: list[Value], match: Value) -> Value:
    """Give the positions of a value."""
    return [Decimal(index) for index, value in enumerate(values, 1) if equals(value, match, budget) is True]


@builtin("union(list...: list)")
def union(budget: Budget, lists: list[list[Value]]) -> Value:
    """Give one list of the items of all, each value once."""
    return distinct_values(budget, concatenate(budget, lists))


@builtin("distinct values(list: list)")
def distinct_values(budget: Budget, values: list[Value]) -> Value:
    """Give each value once, in the order of first occurrence."""
    seen = Seen(budget)
    return [value for value in values if seen.add(value)]


@builtin("duplicate values(list: list)")
def duplicate_values(budget: Budget, values: list[Value]) -> Value:
    """Give the values that occur more than once (Camunda 8)."""
    seen, given = Seen(budget), Seen(budget)
    return [value for value in values if not seen.add(value) and given.add(value)]


@builtin("flatten(list: list)")
def flatten(budget: Budget, values: list[Value]) -> Value:
    """Give the items of lists inside the list in their place."""
    flat: list[Value] = []
    _flatten(values, flat, budget, 0)
    return flat


@builtin("partition(list: list, size: number)")
def partition(budget: Budget, values: list[Value], size: Decimal) -> Value:
    """Give lists of that many items each, the last with the rest (Camunda 8)."""
    step = numbers.to_integer(size)
    if step is None or step < 1:
        return budget.null("partition: the size must be a whole number of at least 1")
    return [values[index : index + step] for index in range(0, len(values), step)]


@builtin("sort(list: list, precedes: function)")
def sort(budget: Budget, values: list[Value], precedes: FeelFunction) -> Value:
    """Give the list in an order; items of which none precedes the other keep theirs.

    Merges from the bottom up in a fixed way, so that even an inconsistent order gives the same answer everywhere.
    """
    runs: list[list[Any]] = [[value] for value in values]
    while len(runs) > 1:
        pairs = [runs[index : index + 2] for index in range(0, len(runs), 2)]
        runs = [_merge(pair[0], pair[1], precedes, budget) if len(pair) == 2 else pair[0] for pair in pairs]
    return runs[0] if runs else []


def _merge(left: list[Value], right: list[Value], precedes: FeelFunction, budget: Budget) -> list[Value]:
    merged: list[Value] = []
    first = second = 0
    budget.spend(len(left) + len(right))
    while first < len(left) and second < len(right):
        if precedes.call([right[second], left[first]], budget) is True:
            merged.append(right[second])
            second += 1
        else:
            merged.append(left[first])
            first += 1
    return [*merged, *left[first:], *right[second:]]


def _flatten(values: list[Value], flat: list[Value], budget: Budget, depth: int) -> None:
    if depth > MAX_VALUE_DEPTH:
        raise FeelLimitExceeded(f"Lists nested more than {MAX_VALUE_DEPTH} deep are not flattened.")
    budget.spend(len(values))
    for value in values:
        if isinstance(value, list):
            _flatten(value, flat, budget, depth + 1)
        else:
            flat.append(value)
    if len(flat) > MAX_ITEMS:
        budget.room(len(flat))


def _index(values: list[Value], position: Decimal) -> int | None:
    """The index for a position, None when it lies outside the list."""
    wanted = numbers.to_integer(position)
    if wanted is None or not 0 < abs(wanted) <= len(values):
        return None
    return wanted - 1 if wanted > 0 else len(values) + wanted
