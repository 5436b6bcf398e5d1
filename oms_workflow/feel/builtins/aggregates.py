"""Functions that make one value of a list, or of any number of arguments (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from oms_workflow.feel import numbers
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.comparison import order
from oms_workflow.feel.values import Value, kind_of

Aggregate = Callable[[Budget, list[Any]], Value]


def aggregate(name: str, items: str) -> Callable[[Aggregate], Aggregate]:
    """Add a function that takes one list, or its items as arguments; `items` names these."""

    def add(implementation: Aggregate) -> Aggregate:
        builtin(f"{name}(list: list)")(implementation)

        def of_arguments(budget: Budget, first: Value, rest: list[Value]) -> Value:
            return implementation(budget, [first, *rest])

        builtin(f"{name}({items}: any, more...: any)")(of_arguments)
        return implementation

    return add


def _numbers(budget: Budget, name: str, values: list[Any]) -> list[Decimal] | None:
    """The values when all are numbers and there is at least one."""
    others = [kind_of(value) for value in values if type(value) is not Decimal]
    if values and not others:
        return values
    budget.note("{}: the list holds {} beside numbers" if others else "{}: the list is empty", name, *others[:1])
    return None


def total(budget: Budget, name: str, values: list[Decimal], step: Callable[..., Decimal | None]) -> Value:
    """Fold numbers with a step; null when a result is too large."""
    found = values[0]
    for value in values[1:]:
        result = step(found, value)
        if result is None:
            return budget.null("{}: the answer is larger than FEEL numbers go", name)
        found = result
    return found


@aggregate("min", "c1")
def minimum(budget: Budget, values: list[Any]) -> Value:
    """Give the smallest value."""
    return _extreme(budget, "min", values, -1)


@aggregate("max", "c1")
def maximum(budget: Budget, values: list[Any]) -> Value:
    """Give the largest value."""
    return _extreme(budget, "max", values, 1)


def _extreme(budget: Budget, name: str, values: list[Any], sign: int) -> Value:
    if not values:
        return budget.null("{}: the list is empty", name)
    found = values[0]
    for value in values:
        compared = order(value, found)
        if compared is None:
            return budget.null("{}: cannot compare {} with {}", name, kind_of(value), kind_of(found))
        if compared * sign > 0:
            found = value
    return found


@aggregate("sum", "n1")
def add_up(budget: Budget, values: list[Any]) -> Value:
    """Give the sum of numbers."""
    found = _numbers(budget, "sum", values)
    return None if found is None else total(budget, "sum", found, numbers.add)


@aggregate("product", "n1")
def product(budget: Budget, values: list[Any]) -> Value:
    """Give the product of numbers."""
    found = _numbers(budget, "product", values)
    return None if found is None else total(budget, "product", found, numbers.multiply)


@aggregate("mean", "n1")
def mean(budget: Budget, values: list[Any]) -> Value:
    """Give the average of numbers."""
    found = _numbers(budget, "mean", values)
    whole = None if found is None else total(budget, "mean", found, numbers.add)
    return None if whole is None else numbers.divide(whole, Decimal(len(values)))


@aggregate("median", "n1")
def median(budget: Budget, values: list[Any]) -> Value:
    """Give the number in the middle, or the average of the two there."""
    found = _numbers(budget, "median", values)
    if found is None:
        return None
    ordered, middle = sorted(found), len(found) // 2
    if len(ordered) % 2:
        return ordered[middle]
    both = numbers.add(ordered[middle - 1], ordered[middle])
    return None if both is None else numbers.divide(both, Decimal(2))


@aggregate("stddev", "n1")
def deviation(budget: Budget, values: list[Any]) -> Value:
    """Give the sample standard deviation of at least two numbers."""
    found = _numbers(budget, "stddev", values)
    if found is None or len(found) < 2:
        return budget.null("stddev: it takes at least two numbers")
    average = mean(budget, found)
    squares = [_square(value, average) for value in found] if average is not None else [None]
    known = [square for square in squares if square is not None]
    whole = total(budget, "stddev", known, numbers.add) if len(known) == len(found) else None
    variance = numbers.divide(whole, Decimal(len(found) - 1)) if whole is not None else None
    return None if variance is None else numbers.CONTEXT.sqrt(variance)


def _square(value: Decimal, average: Decimal) -> Decimal | None:
    apart = numbers.subtract(value, average)
    return None if apart is None else numbers.multiply(apart, apart)


@aggregate("mode", "n1")
def mode(budget: Budget, values: list[Any]) -> Value:
    """Give the numbers that occur most often, in ascending order."""
    if not values:
        return []
    found = _numbers(budget, "mode", values)
    if found is None:
        return None
    counts: dict[Decimal, int] = {}
    for value in found:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values())
    return sorted(value for value, count in counts.items() if count == most)


@aggregate("all", "b1")
def every(budget: Budget, values: list[Any]) -> Value:
    """Say whether all are true; false when one is false."""
    return _ternary(budget, "all", values, decisive=False)


@aggregate("any", "b1")
def some(budget: Budget, values: list[Any]) -> Value:
    """Say whether one is true."""
    return _ternary(budget, "any", values, decisive=True)


def _ternary(budget: Budget, name: str, values: list[Any], *, decisive: bool) -> Value:
    if any(value is decisive for value in values):
        return decisive
    if all(value is not decisive and type(value) is bool for value in values):
        return not decisive
    return budget.null("{}: the list holds more than true and false", name)
