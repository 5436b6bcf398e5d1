"""The tests of a cell as constants, where they hold nothing else: equal to these values, or between two."""

from __future__ import annotations

from dataclasses import dataclass

from oms_workflow.dmn.graph import Graph
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.compile.table import HANDLERS
from oms_workflow.feel.errors import FeelLimitExceeded, FeelSyntaxError
from oms_workflow.feel.parse.expressions import parse_unary_tests
from oms_workflow.feel.scope import Run
from oms_workflow.feel.syntax import Node, RangeLiteral, UnaryTest
from oms_workflow.feel.tree import free_names
from oms_workflow.feel.values import Range, Value, kind_of

CONVERSIONS = frozenset({"date", "time", "date and time", "duration", "number"})
"""Functions of the library whose answers depend on nothing but their arguments; others are not asked here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What one test lets through: everything, the given values, or what lies between two ends."""

    everything: bool = False
    equal: bool = False
    values: tuple[Value, ...] = ()
    low: Value = None
    low_included: bool = False
    high: Value = None
    high_included: bool = False
    negated: bool = False

    @property
    def points(self) -> list[Value]:
        """The values where what it lets through begins or ends."""
        return [*self.values, *(end for end in (self.low, self.high) if end is not None)]

    @property
    def is_ordering(self) -> bool:
        """Whether it compares by more than equality."""
        return not self.equal and not self.everything


def read_tests(text: str, graph: Graph, model: int) -> tuple[Test, ...] | None:
    """Give the tests of a cell; None when one of them depends on more than constants, or the text is no FEEL."""
    if text.strip() in ("", "-"):
        return (Test(everything=True),)
    try:
        tree = parse_unary_tests(text)
        tests = [_read(node, text) for node in tree.tests]
    except (FeelSyntaxError, FeelLimitExceeded):
        return None
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    if not tree.negated:
        return tuple(known)
    if len(known) == 1 or all(test.equal for test in known):
        values = tuple(value for test in known for value in test.values)
        first = known[0]
        return (Test(equal=True, values=values, negated=True),) if first.equal else (_negated(first),)
    return None


def _negated(test: Test) -> Test:
    return Test(
        low=test.low,
        low_included=test.low_included,
        high=test.high,
        high_included=test.high_included,
        negated=True,
    )


def _read(node: Node, text: str) -> Test | None:
    if isinstance(node, UnaryTest):
        return _of_comparison(node.operator, _constant(node.operand, text))
    if isinstance(node, RangeLiteral):
        low, high = _constant(node.start, text), _constant(node.end, text)
        if low is None or high is None:
            return None
        return Test(low=low, low_included=node.start_included, high=high, high_included=node.end_included)
    value = _constant(node, text)
    if isinstance(value, Range):
        return Test(
            low=value.start, low_included=value.start_included, high=value.end, high_included=value.end_included
        )
    if isinstance(value, list) and all(_is_single(item) for item in value):
        return Test(equal=True, values=tuple(value))
    return Test(equal=True, values=(value,)) if _is_single(value) else None


def _of_comparison(operator: str, value: Value) -> Test | None:
    if not _is_single(value):
        return None
    if operator in ("=", "!="):
        return Test(equal=True, values=(value,), negated=operator == "!=")
    if operator in ("<", "<="):
        return Test(high=value, high_included=operator == "<=")
    return Test(low=value, low_included=operator == ">=")


def _is_single(value: Value) -> bool:
    return value is not None and kind_of(value) not in ("list", "context", "function", "range")


def _constant(node: Node, text: str) -> Value:
    """The value of an expression without variables; None when it has some, or is null."""
    if not CONVERSIONS.issuperset(free_names(node)):
        return None
    return Compiler(text, HANDLERS, {}).compile(node)(Run({}, Budget()))
