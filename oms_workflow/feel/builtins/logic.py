"""Functions on truth and on missing values (DMN 1.5, 10.3.4.2) and those Camunda 8 adds."""

from __future__ import annotations

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.signature import builtin
from oms_workflow.feel.values import Value


@builtin("not(negand: any)")
def negate(budget: Budget, value: Value) -> Value:
    """Give true for false and false for true, null for all else."""
    return not value if type(value) is bool else None


@builtin("is defined(value: any)")
def is_defined(budget: Budget, value: Value) -> Value:
    """Say whether there is a value (Camunda 8)."""
    return value is not None


@builtin("get or else(value: any, default: any)")
def get_or_else(budget: Budget, value: Value, default: Value) -> Value:
    """Give a value, or another when it is null (Camunda 8)."""
    return default if value is None else value


@builtin("assert(value: any, condition: any, cause?: text)")
def assert_condition(budget: Budget, value: Value, condition: Value, cause: str | None = None) -> Value:
    """Give a value when a condition holds, else null and the cause as a note (Camunda 8)."""
    if condition is True:
        return value
    return budget.null("assert: {}", cause or "the condition does not hold")
