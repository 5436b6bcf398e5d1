"""What came of asking a decision: the value, how it was found, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from oms_workflow.feel.codec import to_plain
from oms_workflow.feel.values import Value, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRule:
    """A rule whose tests all passed."""

    table: str  # id of the decision table, '' when it has none
    rule: str  # id of the rule, '' when it has none
    number: int  # position in the table, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrace:
    """How one decision came to its answer."""

    decision: str  # id
    name: str
    inputs: dict[str, Any]  # what it requires and what its tables test; lists and contexts are named, not shown
    rules: tuple[MatchedRule, ...]  # empty for decisions without a table, and when no rule matched
    output: Any  # plain data

    def to_json(self) -> dict[str, Any]:
        """Give the trace as plain JSON."""
        return {
            "decision": self.decision,
            "name": self.name,
            "inputs": self.inputs,
            "rules": [{"table": one.table, "rule": one.rule, "number": one.number} for one in self.rules],
            "output": self.output,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one question."""

    value: Value  # not to be used when there is a problem
    trace: tuple[DecisionTrace, ...] = ()  # one per evaluated decision, in the order of evaluation
    problems: tuple[str, ...] = ()  # what is wrong with the model or the inputs, in words
    notes: tuple[str, ...] = field(default=())  # why something became null, in words; may well be meant so

    def trace_json(self) -> list[dict[str, Any]]:
        """Give the trace as plain JSON, one object per decision."""
        return [one.to_json() for one in self.trace]


def shown(value: Value) -> Any:
    """Give a value as a trace shows it: itself when it is a single one, else only its kind and size."""
    if isinstance(value, list):
        return f"list of {len(value)}"
    if isinstance(value, dict):
        return "context"
    return to_plain(value) if kind_of(value) != "function" else "function"


def shown_answer(value: Value) -> Any:
    """Give an answer as a trace shows it: in full."""
    return to_plain(value)
