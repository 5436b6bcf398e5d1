"""Which function evaluates which kind of boxed expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from oms_workflow.dmn import expressions
from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.boxed.calls import evaluate_function, evaluate_invocation
from oms_workflow.dmn.boxed.choices import evaluate_conditional, evaluate_filter, evaluate_iteration
from oms_workflow.dmn.boxed.context import evaluate_context, evaluate_list, evaluate_relation
from oms_workflow.dmn.boxed.literal import evaluate_literal
from oms_workflow.dmn.boxed.table import evaluate_table
from oms_workflow.feel.values import Value

KINDS: Mapping[type, Callable[[Any, Names, Setting], Value]] = MappingProxyType(
    {
        expressions.BoxedContext: evaluate_context,
        expressions.BoxedFilter: evaluate_filter,
        expressions.BoxedList: evaluate_list,
        expressions.Conditional: evaluate_conditional,
        expressions.DecisionTable: evaluate_table,
        expressions.FunctionDefinition: evaluate_function,
        expressions.Invocation: evaluate_invocation,
        expressions.Iteration: evaluate_iteration,
        expressions.LiteralExpression: evaluate_literal,
        expressions.Relation: evaluate_relation,
    }
)


def evaluate_boxed(expression: expressions.Boxed, names: Names, setting: Setting) -> Value:
    """Give the value of a boxed expression, before it is brought into its type."""
    return KINDS[type(expression)](expression, names, setting)
