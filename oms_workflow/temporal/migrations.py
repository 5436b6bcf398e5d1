"""Taking running instances to another version: who is concerned, a dry run on recorded histories, then the step.

A dry run fetches the history of an instance, replays it with the code that is installed here, and migrates a copy of
the state that came of it. Nothing is written anywhere. One instance is held at a time, however many there are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from typing import Any

from oms_workflow.bpmn.model import Definition
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine import facts, snapshot, view
from oms_workflow.engine.bundle import travelling, unpack
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.migration.identity import fingerprint
from oms_workflow.engine.migration.migrating import CannotMigrate, migrated
from oms_workflow.engine.migration.plan import Plan
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import RecordKind
from oms_workflow.errors import Diagnostic, OrderRefused
from oms_workflow.store.batches import Batches
from oms_workflow.store.database import Database
from oms_workflow.store.instances import InstanceRow
from oms_workflow.store.process_versions import ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import instructions, names
from oms_workflow.temporal.operating import Operator
from oms_workflow.temporal.restoring import CannotRestore, Restored, Restorer

OTHER_VERSION = "It runs another version now."
NOT_BEGUN = "It is over, or has not begun."


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a process, ready to run."""

    row: ProcessVersion
    packed: bytes  # as it travels to instances
    program: Program
    decisions: tuple[DecisionModel, ...]

    @property
    def definition(self) -> Definition:
        """The process itself."""
        return self.program.definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What a dry run, or a migration, came to for one instance."""

    instance: str
    order: str
    process: str
    outcome: str  # can, cannot, migrated, refused; already: it runs the new version
    events: int = 0  # of its history, which was replayed
    stands: tuple[str, ...] = ()  # elements at which it would wait, or waits, in the new version
    moved: tuple[tuple[str, str], ...] = ()  # (element, its new element) of tokens whose element has another id now
    findings: tuple[Diagnostic, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A plan with both versions read."""

    plan: Plan
    source: Version
    target: Version
    only: frozenset[str] = frozenset()  # instances that are meant; none: all

    def turned(self) -> Journey:
        """Give the way back.

        Raises:
            NotReversible: When two elements go to one.
        """
        back = self.plan.reversed(self.source.definition, self.target.definition)
        return Journey(plan=back, source=self.target, target=self.source, only=self.only)


async def read_version(unit: UnitOfWork, process: str, version: int) -> Version:
    """Give a deployed version.

    Raises:
        OrderRefused: When there is none.
    """
    versions = ProcessVersions(unit)
    row = next((one for one in await versions.all(process) if one.version == version), None)
    packed = await versions.bundle(process, version) if row is not None else None
    if row is None or packed is None:
        raise OrderRefused(f"Version {version} of process {process!r} is not deployed.", code="UNKNOWN_VERSION")
    bundle = unpack(packed)
    program = prepare(bundle.definition, {calendar.id: calendar for calendar in bundle.calendars})
    return Version(row=row, packed=travelling(packed), program=program, decisions=bundle.decisions)


class Travellers:
    """The running instances that a journey concerns: also called ones, whichever bundle they came in."""

    def __init__(self, database: Database, journey: Journey) -> None:
        self._database = database
        self._journey = journey
        self._bundles: frozenset[str] | None = None

    async def count(self) -> int:
        """Say how many there are now."""
        async with UnitOfWork(self._database) as unit:
            batches = self._batches(unit)
            return await batches.count(await self._of(batches, unit))

    async def each(self) -> AsyncIterator[InstanceRow]:
        """Give one after the other, oldest first; those of the same bundles that start meanwhile, too."""
        last: InstanceRow | None = None
        while True:
            async with UnitOfWork(self._database) as unit:
                batches = self._batches(unit)
                page = await batches.page(await self._of(batches, unit), after=last)
            for row in page:
                yield row
            if not page:
                return
            last = page[-1]

    def _batches(self, unit: UnitOfWork) -> Batches:
        return Batches(unit, self._journey.plan.process, self._journey.only)

    async def _of(self, batches: Batches, unit: UnitOfWork) -> frozenset[str]:
        if self._bundles is None:
            self._bundles = await _holding(unit, self._journey.source, await batches.bundles())
        return self._bundles


async def _holding(unit: UnitOfWork, source: Version, bundles: Collection[str]) -> frozenset[str]:
    """Give those of the bundles in which a process is exactly as it is in one version."""
    mine, process = fingerprint(source.definition), source.row.process_id
    holding = {source.row.sha256}
    others = set(bundles) - holding
    versions = ProcessVersions(unit)
    for version in await versions.all() if others else ():
        if version.sha256 in others - holding:
            packed = await versions.bundle(version.process_id, version.version)
            inside = unpack(packed).definitions if packed is not None else ()
            if any(one.id == process and fingerprint(one) == mine for one in inside):
                holding.add(version.sha256)
    return frozenset(holding)


class Migrations:
    """Tries a journey and makes it, one instance at a time."""

    def __init__(self, operator: Operator, restorer: Restorer, journey: Journey) -> None:
        self._operator = operator
        self._restorer = restorer
        self._journey = journey
        self._source = fingerprint(journey.source.definition)
        self._target = fingerprint(journey.target.definition)

    async def dry_run(self, row: InstanceRow) -> Concerned:
        """Restore an instance from its history, migrate what came of it, and tell what becomes of it."""
        about = _about(row)
        try:
            restored = await self._restorer.restore(row.workflow_id)
        except OrderRefused as refused:
            return Concerned(**about, outcome="cannot", message=str(refused))
        except CannotRestore as cannot:
            told = f"Its recorded history does not replay with the code that is installed here: {cannot}"
            return Concerned(**about, outcome="cannot", message=told)
        return self._tried(about | {"events": restored.events}, restored)

    def _tried(self, about: dict[str, Any], restored: Restored) -> Concerned:
        state = snapshot.from_json(restored.recorded.state)
        if restored.recorded.fingerprint != self._source:
            is_there = restored.recorded.fingerprint == self._target
            return Concerned(**about, outcome="already" if is_there else "cannot", message=OTHER_VERSION)
        if state.finished or state.clock is None:
            return Concerned(**about, outcome="cannot", message=NOT_BEGUN)
        target, plan = self._journey.target, self._journey.plan
        fact = facts.Migrated(
            at=state.clock, program=target.program, decisions=target.decisions, elements=plan.elements
        )
        try:
            migrated(self._journey.source.program, state, fact, state.clock, restored.recorded.engine)
        except CannotMigrate as cannot:
            return Concerned(**about, outcome="cannot", findings=cannot.findings, message=str(cannot))
        source, edition = self._journey.source, restored.recorded.engine
        return self._arrived(
            about, Instance(source.program, decisions=source.decisions, state=state, edition=edition), fact
        )

    def _arrived(self, about: dict[str, Any], tried: Instance, fact: facts.Migrated) -> Concerned:
        """Tell where a copy stands once everything that the new version sets going has moved."""
        tried.receive(fact)
        tokens = view.of(tried)["tokens"]
        scopes = {one["scope"] for one in tokens}
        renamed = [one for one in tried.take_records() if one.kind is RecordKind.TOKEN_MIGRATED]
        return Concerned(
            **about,
            outcome="can",
            stands=tuple(dict.fromkeys(one["element"] for one in tokens if one["token"] not in scopes)),
            moved=tuple(dict.fromkeys((str(one.detail["origin"]), one.element) for one in renamed)),
        )

    async def migrate(self, row: InstanceRow, *, by: str, reason: str, at: str = "") -> Concerned:
        """Take an instance over; one that cannot go is left as it is, with the reason."""
        tried = await self.dry_run(row)
        if tried.outcome != "can":
            return tried
        plan, target = self._journey.plan, self._journey.target
        told = instructions.Migrate(
            by=by,
            reason=reason,
            at=at,
            sha256=target.row.sha256,
            version=plan.to_version,
            from_version=plan.from_version,
            source=self._source,
            elements=plan.elements,
        )
        try:
            await self._operator.instruct(row.workflow_id, names.MIGRATE, target.packed, told)
        except OrderRefused as refused:
            return Concerned(**_about(row), outcome="refused", events=tried.events, message=str(refused))
        return replace(tried, outcome="migrated")


def _about(row: InstanceRow) -> dict[str, Any]:
    return {"instance": row.workflow_id, "order": row.order_id, "process": row.process_id}
