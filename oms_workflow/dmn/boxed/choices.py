"""Boxed conditionals, filters and iterations (DMN 1.4)."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.expressions import BoxedFilter, Conditional, Iteration
from oms_workflow.feel.iteration import items_of
from oms_workflow.feel.limits import MAX_ITEMS, STEPS_A_CALL
from oms_workflow.feel.values import Value, kind_of


def evaluate_conditional(expression: Conditional, names: Names, setting: Setting) -> Value:
    """Give `then` when the condition is true, else `otherwise`."""
    condition = setting.evaluate(expression.condition, names)
    if type(condition) is not bool:
        setting.budget.note("'if' expects a condition, found {}", kind_of(condition))
    return setting.evaluate(expression.then if condition is True else expression.otherwise, names)


def evaluate_filter(expression: BoxedFilter, names: Names, setting: Setting) -> Value:
    """Give the items for which the condition is true; it sees the entries of each item, and `item`."""
    source = setting.evaluate(expression.source, names)
    if source is None:
        return setting.budget.null("null has no items")
    kept = []
    for item in source if isinstance(source, list) else [source]:
        setting.budget.spend(STEPS_A_CALL)
        seen = {**names, "item": item, **(item if isinstance(item, dict) else {})}
        if setting.evaluate(expression.match, seen) is True:
            kept.append(item)
    return kept


def evaluate_iteration(expression: Iteration, names: Names, setting: Setting) -> Value:
    """Give what `for` returns for each item, or whether some or every item satisfies the condition."""
    items = items_of(setting.evaluate(expression.source, names), setting.budget)
    if items is None:
        return None
    results: list[Value] = []
    values = _values(expression, iter(items), names, setting, results)
    if expression.kind == "for":
        for value in values:
            results.append(value)
            if len(results) > MAX_ITEMS:
                setting.budget.room(len(results))
        return results
    return _quantified(values, setting, decisive=expression.kind == "some")


def _values(
    expression: Iteration, items: Iterator[Value], names: Names, setting: Setting, results: list[Value]
) -> Iterator[Value]:
    for item in items:
        setting.budget.spend(STEPS_A_CALL)
        seen = {**names, expression.variable: item}
        if expression.kind == "for":
            setting.budget.spend(len(results))
            seen["partial"] = list(results)
        yield setting.evaluate(expression.body, seen)


def _quantified(values: Iterator[Value], setting: Setting, *, decisive: bool) -> bool | None:
    answer: bool | None = not decisive
    for value in values:
        if value is decisive:
            return value is True
        if type(value) is not bool:
            setting.budget.note("'satisfies' expects a condition, found {}", kind_of(value))
            answer = None
    return answer
