"""Going on in another version of the process: an update that brings all of that version along.

The bundle stands in the history from then on, as the first one does, so the history still replays by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from oms_workflow.engine import facts, snapshot
from oms_workflow.engine.migration.identity import fingerprint
from oms_workflow.temporal import border, instructions, names
from oms_workflow.temporal.clock import OrderClock
from oms_workflow.temporal.intervened import Intervened
from oms_workflow.temporal.perform import Performer
from oms_workflow.temporal.programs import program_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Where an instance is, for whoever tries something on a copy of it."""

    process: str
    fingerprint: str  # of the definition it runs, see engine.migration.identity
    state: dict[str, Any]  # engine.snapshot
    engine: int  # whose rules it follows, see engine.edition


class Migrating(Intervened):
    """Takes in another version, and shows where the instance is so that this can be tried before."""

    def __init__(self, performer: Performer, clock: OrderClock, told: border.InstanceInput, packed: bytes) -> None:
        super().__init__(performer, clock, told)
        self._packed = packed

    @workflow.update(name=names.MIGRATE)
    def migrate(self, packed: bytes, told: instructions.Migrate) -> dict[str, Any]:
        """Go on in another version; gives the view after it."""
        self._take_in(told.at)
        fact = self._migrated(packed, told)
        self._performer.tell(fact)
        if self._performer.instance.program is fact.program:
            self._adopt(packed, told)
        return self.view()

    @migrate.validator
    def _may_migrate(self, packed: bytes, told: instructions.Migrate) -> None:
        now = self._performer.instance.program.definition
        if fingerprint(now) != told.source:
            raise ApplicationError(
                f"The plan is for version {told.from_version} of {now.id!r}, and the instance runs another one.",
                type="Refused",
            )
        try:
            fact = self._migrated(packed, told)
        except (KeyError, ValueError) as unknown:
            raise ApplicationError(f"The bundle holds no process {self._told.process!r}.", type="Refused") from unknown
        self._require_taken(fact)

    def recorded(self) -> Recorded:
        """Give where the instance is; nothing that happens later changes it."""
        state = snapshot.to_json(self._performer.instance.state)
        mine = fingerprint(self._performer.instance.program.definition)
        return Recorded(process=self._told.process, fingerprint=mine, state=state, engine=self._told.engine)

    def _migrated(self, packed: bytes, told: instructions.Migrate) -> facts.Migrated:
        program, decisions = program_of(told.sha256, packed, self._told.process)
        return facts.Migrated(
            at=self._clock.now(),
            program=program,
            decisions=decisions,
            elements=told.elements,
            sha256=told.sha256,
            version=told.version,
            from_version=told.from_version,
            by=told.by,
            reason=told.reason,
        )

    def _adopt(self, packed: bytes, told: instructions.Migrate) -> None:
        self._packed = packed
        self._told = replace(self._told, sha256=told.sha256, version_tag="")
        self._performer.adopt(self._told, packed)
        named = names.definition(self._told.process, told.version, told.sha256)
        workflow.upsert_search_attributes([names.DEFINITION.value_set(named)])
