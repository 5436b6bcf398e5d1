"""One fact being worked off: the state, what comes out, and the agenda of flows still to be followed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from oms_workflow import feel
from oms_workflow.bpmn.model import Node
from oms_workflow.engine.commands import Command
from oms_workflow.engine.facts import Fact
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.engine.scopes import visible
from oms_workflow.engine.state import Role, State, Token

if TYPE_CHECKING:
    from oms_workflow.dmn.model import DecisionModel
    from oms_workflow.engine.program import Program, Step

_written = tuple.__new__  # makes a record at half the price of its constructor; a node makes two or more


@lru_cache(maxsize=20_000)
def _compiled(text: str) -> feel.Expression:
    """Compile a drawn text; by text, as it is pure: that two diagrams share it changes no outcome."""
    return feel.compile_expression(text.removeprefix("="))


class ExpressionFailed(Exception):
    """An expression of the diagram gave no usable value; the token becomes an incident with this text."""

    code = "expression-failed"


class Run:
    """The working context that every engine module is handed. Lives for one `receive`."""

    __slots__ = (
        "agenda",
        "at",
        "commands",
        "decisions",
        "edition",
        "flows",
        "holds_changed",
        "program",
        "records",
        "starving",
        "state",
        "steps",
        "variables_changed",
        "visited",
    )

    def __init__(
        self, program: Program, decisions: tuple[DecisionModel, ...], state: State, at: datetime, edition: int
    ) -> None:
        self.program = program
        self.decisions = decisions
        self.steps = program.steps
        self.flows = program.definition.flows
        self.state = state
        self.at = at
        self.edition = edition  # whose rules the instance began with; see `edition.py`
        self.commands: list[Command] = []
        self.records: list[Record] = []
        self.agenda: deque[tuple[int, int, int, int]] = deque()  # (node, scope token, epoch of the scope, flow or -1)
        self.variables_changed = False
        self.holds_changed = False
        self.starving: dict[int, None] = {}  # scopes to look at, once nothing moves: maybe only joins wait in them
        self.visited: deque[int] = deque(maxlen=64)  # nodes entered last, to name the cycle of a runaway

    def step_of(self, token: Token) -> Step:
        """Give the node a token is at, made ready to run."""
        return self.steps[token.node]

    def node_of(self, token: Token) -> Node:
        """Give the drawn node a token is at."""
        return self.steps[token.node].node

    def new_token(self, node: int, scope: Token, role: Role = "plain") -> Token:
        """Let a token be born inside a scope."""
        state = self.state
        state.last_id = number = state.last_id + 1
        state.tokens[number] = token = Token(number, node, scope.id, self.at, role)
        if scope.children is None:
            scope.children = {}
        scope.children[number] = None
        return token

    def command(self, command: Command) -> None:
        """Ask the host for something."""
        self.commands.append(command)

    def record(self, kind: RecordKind, element: str, token: int = 0, scope: int = 0, /, **detail: Any) -> None:
        """Write down that something happened, now."""
        state = self.state
        state.last_seq += 1
        self.records.append(_written(Record, (state.last_seq, self.at, kind, element, token, scope, detail)))

    def record_token(self, kind: RecordKind, token: Token, /, **detail: Any) -> None:
        """Write down that something happened to a token, now."""
        state = self.state
        state.last_seq += 1
        told = (state.last_seq, self.at, kind, self.steps[token.node].node.id, token.id, token.parent, detail)
        self.records.append(_written(Record, told))

    def ignore(self, fact: Fact, why: str) -> None:
        """Write down that a fact changes nothing, and why."""
        about = getattr(fact, "token", 0) or getattr(fact, "timer", 0) or getattr(fact, "subscription", 0)
        self.record(RecordKind.FACT_IGNORED, "", about, 0, fact=type(fact).__name__, why=why)

    # -- expressions

    def value(self, text: str, token: Token, extra: Mapping[str, Any] | None = None) -> Any:
        """Give the value of a drawn text: FEEL after `=`, else the text itself.

        Raises:
            ExpressionFailed: When evaluation exceeds a bound.
        """
        if not text.startswith("="):
            return text
        return self.evaluate(text, token, extra)[0]

    def evaluate(self, text: str, token: Token, extra: Mapping[str, Any] | None = None) -> tuple[Any, list[str]]:
        """Give the value of a FEEL text and, in words, why parts of it are null."""
        notes: list[str] = []
        context = visible(self, token) if extra is None else {**visible(self, token), **extra}
        try:
            return _compiled(text).evaluate(context, at=self.at, notes=notes, edition=self.edition), notes
        except feel.FeelLimitExceeded as limit:
            raise ExpressionFailed(f"The expression {text!r} is too large to evaluate: {limit}") from limit

    def condition(self, text: str, token: Token, extra: Mapping[str, Any] | None = None) -> bool:
        """Give the truth of a FEEL condition.

        Raises:
            ExpressionFailed: When it is neither true nor false; the text says which part was null and why.
        """
        value = self._quick(text, token) if extra is None else None
        if value is True or value is False:
            return value
        value, notes = self.evaluate(text, token, extra)
        if value is True or value is False:
            return value
        raise ExpressionFailed(
            f"The condition {text!r} must be true or false, but is {_shown(value)}{_because(notes)}. "
            "Set the variables it reads, then retry."
        )

    def _quick(self, text: str, token: Token) -> Any:
        """Evaluate without gathering reasons, which most conditions never need."""
        try:
            return _compiled(text).evaluate(visible(self, token), at=self.at, edition=self.edition)
        except feel.FeelLimitExceeded:
            return None

    def text(self, text: str, token: Token, what: str) -> str:
        """Give a drawn text that must come out as text or number, such as a correlation key.

        Raises:
            ExpressionFailed: When it comes out as anything else.
        """
        if not text.startswith("="):
            return text
        value, notes = self.evaluate(text, token)
        if isinstance(value, str) and value:
            return value
        plain = feel.to_plain(value)
        if isinstance(plain, int | float) and not isinstance(plain, bool):
            return str(plain)
        raise ExpressionFailed(
            f"The {what} {text!r} must be text or a number, but is {_shown(value)}{_because(notes)}. "
            "Set the variables it reads, then retry."
        )


def _shown(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__}"


def _because(notes: list[str]) -> str:
    return f" ({'; '.join(notes[:3])})" if notes else ""
