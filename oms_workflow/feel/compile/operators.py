"""Arithmetic, comparison, membership and type tests."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from oms_workflow.feel import syntax
from oms_workflow.feel.arithmetic import calculate, negate
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.comparison import equals, order
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.numbers import CONTEXT
from oms_workflow.feel.scope import AnyFrame, Code
from oms_workflow.feel.types import SIMPLE_TYPES, conforms, resolve
from oms_workflow.feel.values import Value, kind_of

FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
}
ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_negation(compiler: Compiler, node: syntax.Negation) -> Code:
    """`-value`."""
    operand = compiler.compile(node.operand)
    return lambda frame: negate(operand(frame), frame.run.budget)


def compile_arithmetic(compiler: Compiler, node: syntax.Arithmetic) -> Code:
    """A chain of operators of one precedence, from left to right."""
    first = compiler.compile(node.first)
    rest = tuple((sign, compiler.compile(operand)) for sign, operand in node.rest)
    if len(rest) == 1 and rest[0][0] in FAST:
        return _simple(first, *rest[0])

    def run(frame: AnyFrame) -> Value:
        value, budget = first(frame), frame.run.budget
        for sign, operand in rest:
            value = calculate(sign, value, operand(frame), budget)
        return value

    return run


def _simple(first: Code, sign: str, second: Code) -> Code:
    fast = FAST[sign]

    def run(frame: AnyFrame) -> Value:
        left, right = first(frame), second(frame)
        if type(left) is Decimal and type(right) is Decimal:
            try:
                return fast(left, right)
            except DecimalException:
                pass  # too large: the slow way says so
        return calculate(sign, left, right, frame.run.budget)

    return run


def compile_comparison(compiler: Compiler, node: syntax.Comparison) -> Code:
    """`=`, `!=` and the orderings; null for values of different kinds."""
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if node.operator in ORDERINGS:
        return _ordering(node.operator, left, right)
    wanted = node.operator == "="

    def run(frame: AnyFrame) -> Value:
        found = _equal(left(frame), right(frame), frame.run.budget)
        return found if found is None else found is wanted

    return run


def _ordering(sign: str, left: Code, right: Code) -> Code:
    test = ORDERINGS[sign]

    def run(frame: AnyFrame) -> Value:
        first, second = left(frame), right(frame)
        if type(first) is Decimal and type(second) is Decimal:
            return test(first, second)
        return compare(sign, first, second, frame.run.budget)

    return run


def compare(sign: str, left: Value, right: Value, budget: Budget) -> bool | None:
    """Give the answer of an ordering operator."""
    found = order(left, right)
    if found is None:
        budget.note("cannot compare {} with {}", kind_of(left), kind_of(right))
        return None
    return ORDERINGS[sign](found, 0)


def test_value(sign: str, value: Value, operand: Value, budget: Budget) -> bool | None:
    """Give the answer of a unary test such as `< 10` for a value."""
    if sign in ORDERINGS:
        return compare(sign, value, operand, budget)
    found = _equal(value, operand, budget)
    return found if found is None else found is (sign == "=")


def _equal(left: Value, right: Value, budget: Budget) -> bool | None:
    found = equals(left, right, budget)
    if found is None:
        budget.note("cannot compare {} with {}", kind_of(left), kind_of(right))
    return found


def compile_between(compiler: Compiler, node: syntax.Between) -> Code:
    """`a between b and c` is `a >= b and a <= c` (DMN 1.5, table 55)."""
    value, low, high = (compiler.compile(part) for part in (node.value, node.low, node.high))

    def run(frame: AnyFrame) -> Value:
        found, budget = value(frame), frame.run.budget
        above = compare(">=", found, low(frame), budget)
        below = compare("<=", found, high(frame), budget)
        return both(above, below)

    return run


def both(left: bool | None, right: bool | None) -> bool | None:
    """Give `left and right` in three-valued logic."""
    if left is False or right is False:
        return False
    return True if left and right else None


def compile_instance_of(compiler: Compiler, node: syntax.InstanceOf) -> Code:
    """Null is an instance of Null alone (DMN 1.5, table 61)."""
    value, wanted = compiler.compile(node.value), resolve(node.type, compiler.types)
    if wanted is None:
        return lambda frame: frame.run.budget.null("'instance of' asks for a type that does not exist")
    of_null = wanted == SIMPLE_TYPES["Null"]

    def run(frame: AnyFrame) -> Value:
        found = value(frame)
        return of_null if found is None else conforms(found, wanted, frame.run.budget)

    return run
