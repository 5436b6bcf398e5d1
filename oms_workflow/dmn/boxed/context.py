"""Boxed contexts, lists and relations."""

from __future__ import annotations

from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.expressions import BoxedContext, BoxedList, Relation
from oms_workflow.feel.values import Value


def evaluate_context(expression: BoxedContext, names: Names, setting: Setting) -> Value:
    """Give the context of all entries, or the result box when there is one; each entry sees those before it."""
    made: dict[str, Value] = {}
    for entry in expression.entries:
        value = setting.evaluate(entry.value, {**names, **made})
        if entry.variable is None:
            return value
        made[entry.variable.name] = setting.fit(value, entry.variable.type, f"entry '{entry.variable.name}'")
    return made


def evaluate_list(expression: BoxedList, names: Names, setting: Setting) -> Value:
    """Give the list of all items."""
    return [setting.evaluate(item, names) for item in expression.items]


def evaluate_relation(expression: Relation, names: Names, setting: Setting) -> Value:
    """Give a list of contexts, one per row."""
    rows: list[Value] = []
    for row in expression.rows:
        made: dict[str, Value] = {}
        for column, cell in zip(expression.columns, row, strict=False):
            made[column.name] = setting.fit(setting.evaluate(cell, names), column.type, f"column '{column.name}'")
        rows.append(made)
    return rows
