"""`value in tests`, and the cells of decision tables, which mean the same (DMN 1.5, table 55 and 10.3.2.10)."""

from __future__ import annotations

from collections.abc import Callable

from oms_workflow.feel import syntax
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.comparison import equals, within
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.compile.operators import both, compare, test_value
from oms_workflow.feel.scope import AnyFrame, Code, Frame
from oms_workflow.feel.tree import mentions
from oms_workflow.feel.values import Range, Value, kind_of

INPUT = "?"
Test = Callable[[Value, AnyFrame], "bool | None"]


def compile_membership(compiler: Compiler, node: syntax.Membership) -> Code:
    """True when one test passes, else null when one could not be answered."""
    value, tests = compiler.compile(node.value), compile_tests(compiler, node.tests)
    return lambda frame: any_passes(tests, value(frame), frame)


def any_passes(tests: tuple[Test, ...], value: Value, frame: AnyFrame) -> bool | None:
    """Give `test or test or ...` for a value, in three-valued logic."""
    unknown = False
    for test in tests:
        found = test(value, frame)
        if found:
            return True
        unknown = unknown or found is None
    return None if unknown else False


def compile_tests(compiler: Compiler, nodes: tuple[syntax.Node, ...]) -> tuple[Test, ...]:
    """Give one test per node."""
    return tuple(_compile_test(compiler, node) for node in nodes)


def _compile_test(compiler: Compiler, node: syntax.Node) -> Test:
    if isinstance(node, syntax.UnaryTest):
        sign, operand = node.operator, compiler.compile(node.operand)
        return lambda value, frame: test_value(sign, value, operand(frame), frame.run.budget)
    if isinstance(node, syntax.RangeLiteral):
        return _range_test(compiler, node)
    if mentions(node, INPUT):
        body = compiler.body(node, [INPUT])
        return lambda value, frame: _holds(value, body.code(Frame([value], frame)), frame.run.budget)
    code = compiler.compile(node)
    return lambda value, frame: _matches(value, code(frame), frame.run.budget)


def _range_test(compiler: Compiler, node: syntax.RangeLiteral) -> Test:
    """`x in (a..b]` is `x > a and x <= b`, so an end that is null gives null, not an open range."""
    low, high = compiler.compile(node.start), compiler.compile(node.end)
    above, below = ">=" if node.start_included else ">", "<=" if node.end_included else "<"

    def test(value: Value, frame: AnyFrame) -> bool | None:
        budget = frame.run.budget
        return both(compare(above, value, low(frame), budget), compare(below, value, high(frame), budget))

    return test


def _holds(value: Value, found: Value, budget: Budget) -> bool | None:
    """An expression that mentions `?` says itself whether it holds."""
    return found if type(found) is bool else _matches(value, found, budget)


def _matches(value: Value, found: Value, budget: Budget) -> bool | None:
    if isinstance(found, Range):
        return within(value, found)
    if type(found) is list and _in_list(value, found, budget):
        return True
    if type(found) is bool and type(value) is not bool:
        return found  # a condition on other values than the tested one
    if type(found) is list and type(value) is not list:
        return False
    same = equals(value, found, budget)
    if same is None:
        budget.note("cannot compare {} with {}", kind_of(value), kind_of(found))
    return same


def _in_list(value: Value, values: list[Value], budget: Budget) -> bool:
    budget.spend(len(values))
    for item in values:
        if isinstance(item, Range):
            if within(value, item):
                return True
        elif equals(value, item, budget):
            return True
    return False
