"""One DMN file as the rules of the linter see it: its elements, the model made of it, how findings are placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.texts import LogicText
from oms_workflow.dmn.graph import Graph
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.dmn.types import TypeTable
from oms_workflow.errors import Diagnostic, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDocument:
    """A file among those it belongs with."""

    file: str
    root: Node
    model: DecisionModel
    position: int  # of the model in `graph`
    graph: Graph
    types: TypeTable
    texts: list[LogicText]  # of the logic
    worked_out: dict[str, Any] = field(default_factory=dict)  # what several rules ask for

    def once(self, what: str, work: Callable[[], T]) -> T:
        """Give the outcome of `work`, which is done at the first call only."""
        if what not in self.worked_out:
            self.worked_out[what] = work()
        found: T = self.worked_out[what]
        return found

    def finding(self, node: Node, code: str, message: str, fix: str, severity: Severity = Severity.ERROR) -> Diagnostic:
        """Make a finding, placed at the line of an element and named by the nearest one with an id."""
        return place(self.file, node, code, message, fix, severity)


def place(file: str, node: Node, code: str, message: str, fix: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    """Make a finding about an element of a file."""
    named = node.named()
    return Diagnostic(
        code=code,
        message=message,
        file=file,
        line=node.line,
        element=named.id or node.kind,
        name=node.name or named.name,
        fix=fix,
        severity=severity,
    )
