"""One decision file in memory: load it, ask its decisions, call its services and functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oms_workflow.diagrams.decisions.reading import SUFFIX, load_decisions, namespace_of
from oms_workflow.dmn.evaluate import call, decide
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.dmn.outcome import Outcome
from oms_workflow.errors import Diagnostic, DiagramRefused, Severity
from oms_workflow.feel.values import Value

LOCAL = frozenset({"feel-syntax", "foreign-function"})
"""Errors that spoil one expression only: it becomes null with a problem, and the rest of the file can be tried."""


class Decisions:
    """The decisions of a file, with those it imports."""

    def __init__(self, models: Sequence[DecisionModel], diagnostics: Sequence[Diagnostic]) -> None:
        self.models = tuple(models)  # that of the file itself first
        self.diagnostics = tuple(diagnostics)  # everything found in the files, of any severity

    def outcome(self, name: str, inputs: Mapping[str, Any], *, at: datetime | None = None) -> Outcome:
        """Give the answer of a decision with its trace and problems.

        Args:
            name: Id or name of the decision.
            inputs: Values by name, of input data and of decisions; the value of a decision replaces its logic.
            at: The time for now() and today(), with its zone; None: that of the machine, as a file is only tried here.

        Raises:
            KeyError: When the files have no such decision.
            FeelLimitExceeded: When it would take too much time or memory.
        """
        return decide(self.models, name, inputs, given=inputs, at=at or _now())

    def decide(self, name: str, inputs: Mapping[str, Any], *, at: datetime | None = None) -> Value:
        """Give the value of a decision; null when there is a problem. See `outcome`."""
        return self.outcome(name, inputs, at=at).value

    def call(self, name: str, arguments: Mapping[str, Any], *, at: datetime | None = None) -> Value:
        """Give the value of a decision service or business knowledge model for arguments by name.

        Raises:
            KeyError: When the files have none of that name.
            FeelLimitExceeded: When it would take too much time or memory.
        """
        return call(self.models, name, arguments, at=at or _now()).value


def load(path: Path | str) -> Decisions:
    """Read a decision file; models it imports are looked for among the files beside it.

    Raises:
        DiagramRefused: When a file has errors. An expression that is no FEEL is none here: the decisions that need it
            answer null and say so in their problems, so that the others can be tried.
    """
    main = Path(path)
    models, findings = load_decisions([main])
    beside = _imported(models, main)
    if beside:
        models, findings = load_decisions([main, *beside])
    errors = [one for one in findings if one.severity is Severity.ERROR and one.code not in LOCAL]
    if errors:
        raise DiagramRefused(errors)
    return Decisions(models, findings)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the person's now; an order that asks hands its own time to `dmn`


def _imported(models: Sequence[DecisionModel], main: Path) -> list[Path]:
    """The files beside one that hold the models it imports, directly or not."""
    found: list[Path] = []
    wanted = [one.namespace for model in models for one in model.imports if one.kind == "dmn"]
    if not wanted:
        return found
    others = {other: namespace_of(other) for other in sorted(main.parent.glob(f"*{SUFFIX}")) if other != main}
    while wanted:
        namespace = wanted.pop(0)
        for other, own in others.items():
            if own == namespace and other not in found:
                found.append(other)
                imported, _ = load_decisions([other])
                wanted += [one.namespace for model in imported for one in model.imports if one.kind == "dmn"]
    return found
