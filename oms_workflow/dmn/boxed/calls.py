"""Boxed functions and invocations."""

from __future__ import annotations

from oms_workflow.dmn.asking import Names, Setting
from oms_workflow.dmn.expressions import FunctionDefinition, Invocation
from oms_workflow.dmn.functions import ModelFunction
from oms_workflow.feel.values import FeelFunction, Value, kind_of


def evaluate_function(expression: FunctionDefinition, names: Names, setting: Setting) -> Value:
    """Give a function closed over the names it is made with; one in another language than FEEL is refused."""
    body = expression.body
    if expression.language != "FEEL":
        return setting.problem(f"functions in {expression.language} are not run", expression.line)
    parameters = tuple((one.name, one.type) for one in expression.parameters)

    def work_out(values: dict[str, Value]) -> Value:
        return setting.evaluate(body, {**names, **values}) if body is not None else None

    return ModelFunction("function", parameters, setting, work_out)


def evaluate_invocation(expression: Invocation, names: Names, setting: Setting) -> Value:
    """Call a function with named arguments."""
    function = setting.evaluate(expression.function, names)
    if not isinstance(function, FeelFunction):
        return setting.budget.null("an invocation expects a function, found {}", kind_of(function))
    arguments = {one.parameter: setting.evaluate(one.value, names) for one in expression.bindings}
    return function.call_named(arguments, setting.budget)
