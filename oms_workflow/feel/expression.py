"""The doors of the room: compile an expression or the tests of a cell once, evaluate it often.

Names with signs or keywords in them can only be told apart with the names in scope (`names`). So a text is parsed once
without any, which is right for nearly every context, and once more for each set of special names that occurs in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from oms_workflow.feel.budget import Budget
from oms_workflow.feel.builtins.library import LIBRARY
from oms_workflow.feel.compile.compiler import Compiler
from oms_workflow.feel.compile.membership import INPUT, Test, any_passes, compile_tests
from oms_workflow.feel.compile.table import HANDLERS
from oms_workflow.feel.edition import NEWEST
from oms_workflow.feel.errors import FeelLimitExceeded, FeelSyntaxError
from oms_workflow.feel.names import is_plain, tokens_of
from oms_workflow.feel.normal import normalise, outward
from oms_workflow.feel.parse.expressions import parse_expression, parse_unary_tests
from oms_workflow.feel.scope import Code, Run
from oms_workflow.feel.tree import free_names
from oms_workflow.feel.types import FeelType
from oms_workflow.feel.values import Value

NO_TYPES: Mapping[str, FeelType] = MappingProxyType({})
NO_NAMES: frozenset[str] = frozenset()
MAX_VARIANTS = 64  # readings of one text kept; more special names in scope than that are read anew each time


class Expression:
    """A FEEL expression, ready to be evaluated."""

    __slots__ = ("_code", "_declared", "_types", "_variants", "depth", "names", "text")

    def __init__(self, text: str, declared: frozenset[str], types: Mapping[str, FeelType]) -> None:
        self.text = text
        self._declared = declared
        self._types = types
        tree = parse_expression(text, declared)
        self.names = tuple(name for name in free_names(tree) if name not in LIBRARY)
        compiler = Compiler(text, HANDLERS, types)
        self._code = compiler.compile(tree)
        self.depth = compiler.depth  # Python frames that evaluating takes at most, calls of functions not counted
        self._variants: dict[frozenset[str], Code] = {}

    def evaluate(
        self,
        context: Mapping[str, Value],
        *,
        at: datetime | None = None,
        notes: list[str] | None = None,
        edition: int = NEWEST,
    ) -> Value:
        """Give the value for variables.

        Args:
            context: The variables; see `normalise` for what plain Python values stand for.
            at: The time for now() and today(), with its zone; None makes them null.
            notes: Takes the reasons, in plain words, why something became null.
            edition: Whose answers are given; see `edition.py`.

        Raises:
            FeelLimitExceeded: When it would take too much time or memory.
            TypeError: When a variable that is used has no counterpart in FEEL.
        """
        return outward(self.value(context, Budget(at, notes, edition)))

    def value(self, context: Mapping[str, Value], budget: Budget) -> Value:
        """Give the value as part of a larger evaluation, whose budget is used and which looks at the size itself."""
        try:
            return self._reading(context)(Run(context, budget))
        except RecursionError:
            raise FeelLimitExceeded("The expression is nested too deeply.") from None

    def _reading(self, context: Mapping[str, Value]) -> Code:
        special = special_names(self.text, context)
        if not special or special <= self._declared:
            return self._code
        code = self._variants.get(special)
        if code is None:
            tree = parse_expression(self.text, self._declared | special)
            code = Compiler(self.text, HANDLERS, self._types).compile(tree)
            if len(self._variants) < MAX_VARIANTS:
                self._variants[special] = code
        return code


class UnaryTests:
    """The tests in a cell of a decision table, ready to be asked; `?` stands for the tested value."""

    __slots__ = ("_declared", "_negated", "_tests", "_types", "_variants", "names", "text")

    def __init__(self, text: str, declared: frozenset[str], types: Mapping[str, FeelType]) -> None:
        self.text = text
        self._declared = declared
        self._types = types
        tree = parse_unary_tests(text, declared)
        found = {name: None for test in tree.tests for name in free_names(test)}
        self.names = tuple(name for name in found if name not in LIBRARY and name != INPUT)
        self._negated = tree.negated
        self._tests = compile_tests(Compiler(text, HANDLERS, types), tree.tests)
        self._variants: dict[frozenset[str], tuple[Test, ...]] = {}

    def matches(
        self, value: Value, context: Mapping[str, Value], *, at: datetime | None = None, notes: list[str] | None = None
    ) -> bool | None:
        """Say whether a value passes; None when that cannot be said. Arguments and errors as `Expression.evaluate`."""
        return self.test(normalise(value), context, Budget(at, notes))

    def test(self, value: Value, context: Mapping[str, Value], budget: Budget) -> bool | None:
        """Say whether a value passes, as part of a larger evaluation."""
        tests = self._reading(context)
        if not tests:
            return True
        try:
            passes = any_passes(tests, value, Run(context, budget))
        except RecursionError:
            raise FeelLimitExceeded("The tests are nested too deeply.") from None
        return (None if passes is None else not passes) if self._negated else passes

    def position(self, value: Value, context: Mapping[str, Value], budget: Budget) -> int | None:
        """Give the index of the first test a value passes; None when it passes none."""
        frame = Run(context, budget)
        passing = (index for index, test in enumerate(self._reading(context)) if test(value, frame))
        return next(passing, None)

    def _reading(self, context: Mapping[str, Value]) -> tuple[Test, ...]:
        special = special_names(self.text, context)
        if not special or special <= self._declared:
            return self._tests
        tests = self._variants.get(special)
        if tests is None:
            tree = parse_unary_tests(self.text, self._declared | special)
            tests = compile_tests(Compiler(self.text, HANDLERS, self._types), tree.tests)
            if len(self._variants) < MAX_VARIANTS:
                self._variants[special] = tests
        return tests


def evaluate(expression: str, context: Mapping[str, object], *, at: datetime | None = None) -> Value:
    """Give the value of a FEEL expression for variables.

    >>> str(evaluate("amount * (1 + tax)", {"amount": 100, "tax": 0.19}))
    '119.00'

    Errors while evaluating give null. For the reasons use `compile_expression(...).evaluate(..., notes=[...])`.

    Args:
        context: The variables, plain Python values allowed.
        at: The time for now() and today(), with its zone; None makes them null.

    Raises:
        FeelSyntaxError: When the text is no FEEL.
        FeelLimitExceeded: When it would take too much time or memory.
    """
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # a name with an apostrophe or a keyword in it is FEEL only once it is known
        special = special_names(expression, context)
        if not special:
            raise
        compiled = compile_expression(expression, names=special)
    return compiled.evaluate(context, at=at)


def compile_expression(text: str, *, names: Iterable[str] = (), types: Mapping[str, FeelType] = NO_TYPES) -> Expression:
    """Give an expression, from a cache when it was compiled before.

    Args:
        names: Names with signs or keywords that the expression may use inside its data (`order.ship-to`). Those of
            variables need not be given: the context has them.
        types: Named types for `instance of` and parameters; the same object each time, or nothing is cached.

    Raises:
        FeelSyntaxError: When the text is no FEEL.
    """
    if names == () and types is NO_TYPES:
        return _cached_expression(text, NO_NAMES)
    declared = frozenset(name for name in names if not is_plain(name))
    if types is NO_TYPES:
        return _cached_expression(text, declared)
    return Expression(text, declared, types)


def compile_unary_tests(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, FeelType] = NO_TYPES
) -> UnaryTests:
    """Give the tests of a decision table's cell; see `compile_expression`."""
    declared = frozenset(name for name in names if not is_plain(name))
    if types is NO_TYPES:
        return _cached_unary_tests(text, declared)
    return UnaryTests(text, declared, types)


@lru_cache(maxsize=2048)
def _cached_expression(text: str, declared: frozenset[str]) -> Expression:
    return Expression(text, declared, NO_TYPES)


@lru_cache(maxsize=2048)
def _cached_unary_tests(text: str, declared: frozenset[str]) -> UnaryTests:
    return UnaryTests(text, declared, NO_TYPES)


def special_names(text: str, context: Mapping[str, Value]) -> frozenset[str]:
    """Give the variables with special names that the text may mean."""
    odd = [name for name in context if not name.isidentifier()]
    if not odd:
        return frozenset()
    return frozenset(name for name in odd if not is_plain(name) and _occurs(name, text))


@lru_cache(maxsize=8192)
def _occurs(name: str, text: str) -> bool:
    tokens = tokens_of(name)
    return tokens is not None and all(token in text for token in tokens)
