"""Filters: `list[position]` and `list[condition]` (DMN 1.5, 10.3.2.5 and table 68)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oms_workflow.feel import syntax
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.compile.access import live_partial
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.limits import STEPS_AN_ITEM
from oms_workflow.feel.numbers import to_integer
from oms_workflow.feel.scope import AnyFrame, Body, Code, Frame
from oms_workflow.feel.tree import mentions
from oms_workflow.feel.values import Value

CONDITIONS = (
    syntax.Comparison,
    syntax.Between,
    syntax.Membership,
    syntax.InstanceOf,
    syntax.Conjunction,
    syntax.Disjunction,
    syntax.Quantified,
)
"""Constructs that never give a number, and so no position."""


def compile_filter(compiler: Compiler, node: syntax.Filter) -> Code:
    """By position when what stands in the brackets is a number outside of any item, else item by item."""
    base = live_partial(compiler, node.base) or compiler.compile(node.base)
    if isinstance(node.condition, syntax.Literal) and type(node.condition.value) is Decimal:
        wanted = node.condition.value
        return lambda frame: _at_position(base(frame), wanted, frame.run.budget)
    matching = compiler.body(node.condition, None)
    if isinstance(node.condition, CONDITIONS) or mentions(node.condition, "item"):
        return lambda frame: _matching(base(frame), matching, frame)
    position = compiler.compile(node.condition)

    def run(frame: AnyFrame) -> Value:
        values, budget = base(frame), frame.run.budget
        notes, budget.notes = budget.notes, None  # names may belong to the items: no word about those missing here
        try:
            found = position(frame)
        finally:
            budget.notes = notes
        if type(found) is Decimal:
            return _at_position(values, found, budget)
        return _matching(values, matching, frame)

    return run


def _at_position(values: Value, position: Decimal, budget: Budget) -> Value:
    index = to_integer(position)
    if index is None:
        return budget.null("a position in a list must be a whole number")
    if values is None:
        return budget.null("null has no items")
    items: list[Any] = values if type(values) is list else [values]
    if not 0 < abs(index) <= len(items):
        return budget.null("a list has no item at the position asked for")
    return items[index - 1 if index > 0 else index]


def _matching(values: Value, condition: Body, frame: AnyFrame) -> Value:
    budget = frame.run.budget
    if values is None:
        return budget.null("null has no items")
    items: list[Any] = list(values) if type(values) is list else [values]
    code, weight, kept = condition.code, condition.weight, []
    for item in items:
        budget.spend(weight + STEPS_AN_ITEM)
        if code(Frame([item], frame)) is True:
            kept.append(item)
    return kept
