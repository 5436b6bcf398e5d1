"""The door of the engine: one instance of one process. Facts go in, commands and records come out, nothing else.

The engine has no clock, no chance and no I/O: the same facts in the same order give the same commands and records,
on every machine. Hosts are `play` (in memory, virtual clock), `simulate` and `temporal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.engine import draining, receiving, suspension
from oms_workflow.engine.commands import Command
from oms_workflow.engine.edition import NEWEST
from oms_workflow.engine.facts import Fact, Migrated, Started
from oms_workflow.engine.migration.migrating import CannotMigrate, migrated
from oms_workflow.engine.nodes.table import BEHAVIOURS
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import State

if TYPE_CHECKING:
    from oms_workflow.dmn.model import DecisionModel


def prepare(definition: Definition, calendars: Mapping[str, Calendar] | None = None) -> Program:
    """Make a definition ready to run; do it once and share it between instances."""
    return Program(definition, BEHAVIOURS, calendars or {})


class Instance:
    """One running process."""

    def __init__(
        self,
        program: Program,
        *,
        decisions: tuple[DecisionModel, ...] = (),
        state: State | None = None,
        edition: int = NEWEST,
    ) -> None:
        """Begin a new instance, or with `state` go on with one that was restored, by the rules it began with."""
        self.program = program
        self.decisions = decisions
        self.state = state or State()
        self.edition = edition
        self._records: list[Record] = []

    def receive(self, fact: Fact) -> list[Command]:
        """Take in one fact and give what the host has to do about it, in order.

        A fact that is dated before an earlier one counts as happening with the earlier one: time never runs back.
        A fact for something that is over, or before the start, changes nothing and leaves a record that says so.
        """
        at = fact.at if self.state.clock is None else max(fact.at, self.state.clock)
        if isinstance(fact, Migrated):
            return self._migrate(fact, at)
        run = Run(self.program, self.decisions, self.state, at, self.edition)
        why = self._untimely(fact)
        if why:
            run.record(RecordKind.FACT_IGNORED, "", 0, 0, fact=type(fact).__name__, why=why)
        else:
            self.state.clock = at
            if self.state.suspension is not None:
                suspension.receive(run, fact)
            else:
                receiving.RECEIVERS[type(fact)](run, fact)
                draining.drain(run)
        self._records.extend(run.records)
        return run.commands

    def _migrate(self, fact: Migrated, at: datetime) -> list[Command]:
        """Go on in another version; what it was is kept whole until that is sure to succeed."""
        why = self._untimely(fact)
        try:
            run = migrated(self.program, self.state, fact, at, self.edition) if not why else None
        except CannotMigrate as cannot:
            run, why = None, str(cannot)
        if run is None:
            run = Run(self.program, self.decisions, self.state, at, self.edition)
            run.record(RecordKind.FACT_IGNORED, "", 0, 0, fact=type(fact).__name__, why=why)
        else:
            self.program, self.decisions, self.state = fact.program, fact.decisions, run.state
            if run.state.suspension is None:
                draining.drain(run)
        self._records.extend(run.records)
        return run.commands

    def take_records(self) -> list[Record]:
        """Give the records written since the last call."""
        records, self._records = self._records, []
        return records

    @property
    def finished(self) -> bool:
        """Whether the instance is over."""
        return bool(self.state.finished)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the process scope, as FEEL values; empty before the start and after the end."""
        root = self.state.tokens.get(self.state.root)
        return dict(root.variables or {}) if root is not None else {}

    def _untimely(self, fact: Fact) -> str:
        if self.state.finished:
            return "the instance is over"
        if isinstance(fact, Started) and self.state.root:
            return "the instance has started already"
        if not isinstance(fact, Started) and not self.state.root:
            return "the instance has not started yet"
        return ""
