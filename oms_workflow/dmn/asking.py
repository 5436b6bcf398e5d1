"""What all parts of one evaluation share, and the place in the model where one part of it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from oms_workflow.dmn.expressions import Boxed
from oms_workflow.dmn.graph import Graph, Key
from oms_workflow.dmn.outcome import DecisionTrace, MatchedRule
from oms_workflow.dmn.types import TypeTable
from oms_workflow.feel.budget import Budget
from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.values import FeelFunction, Value

Names: TypeAlias = Mapping[str, Value]
Evaluator: TypeAlias = Callable[[Boxed, Names, "Setting"], Value]
FunctionMaker: TypeAlias = Callable[["Asking", Key], FeelFunction]
FRAMES_A_BOX = 4  # Python frames from one boxed expression to one inside it
FRAMES_AN_EXPRESSION = 5  # from a boxed expression to the FEEL inside it


class Asking:
    """One evaluation: models, limits, and what is to be told about it afterwards."""

    __slots__ = ("budget", "evaluate", "graph", "inputs", "make_function", "problems", "rules", "trace", "types")

    def __init__(
        self, graph: Graph, types: TypeTable, budget: Budget, evaluate: Evaluator, make_function: FunctionMaker
    ) -> None:
        self.graph = graph
        self.types = types
        self.budget = budget
        self.evaluate = evaluate
        self.make_function = make_function
        self.problems: list[str] = []
        self.trace: list[DecisionTrace] = []
        self.inputs: dict[str, Any] = {}  # of the decision being worked out, and what its tables test
        self.rules: list[MatchedRule] = []  # that match in these tables

    def problem(self, text: str) -> Any:
        """Write down what is wrong, and give null."""
        if text not in self.problems:
            self.problems.append(text)
        return None


class Setting:
    """Where an expression stands: its model, and what people call the place."""

    __slots__ = ("asking", "budget", "model", "place")

    def __init__(self, asking: Asking, model: int, place: str) -> None:
        self.asking = asking
        self.budget = asking.budget
        self.model = model
        self.place = place

    def evaluate(self, expression: Boxed, names: Names) -> Value:
        """Give the value of a boxed expression, brought into its type."""
        self.budget.enter(FRAMES_A_BOX)
        try:
            value = self.asking.evaluate(expression, names, self)
        finally:
            self.budget.leave(FRAMES_A_BOX)
        return self.fit(value, expression.type, "a result") if expression.type else value

    def feel(self, text: str, names: Names, line: int = 0) -> Value:
        """Give the value of FEEL text; a text that is none is a problem."""
        try:
            expression = self.asking.graph.expression(text, self.model, names)
        except FeelSyntaxError as error:
            return self.unreadable(error, line)
        frames = expression.depth + FRAMES_AN_EXPRESSION
        self.budget.enter(frames)
        try:
            return expression.value(names, self.budget)
        finally:
            self.budget.leave(frames)

    def test(self, tests: str, value: Value, names: Names, line: int = 0) -> bool | None:
        """Say whether a value passes the tests of a cell; a cell that is no FEEL is a problem."""
        try:
            return self.asking.graph.tests(tests, self.model, names).test(value, names, self.budget)
        except FeelSyntaxError as error:
            self.unreadable(error, line)
            return None

    def fit(self, value: Value, type_name: str, what: str) -> Value:
        """Bring a value into a type; one that does not fit is a problem, and null."""
        fitted, wrong = self.asking.types.fit(value, type_name, self.model, self.budget)
        return self.problem(f"{what} does not fit type '{type_name}': {wrong}") if wrong else fitted

    def problem(self, text: str, line: int = 0) -> Any:
        """Write down what is wrong here, and give null."""
        return self.asking.problem(f"{self.place}{f', line {line}' if line else ''}: {text}.")

    def unreadable(self, error: FeelSyntaxError, line: int) -> Any:
        """Write down that a text is no FEEL, and give null."""
        where = f" (column {error.column} of the text)" if error.line == 1 else f" (line {error.line} of the text)"
        return self.problem(f"{error.message.rstrip('.')}{where}", line)
