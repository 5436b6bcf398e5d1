"""Taking many running instances to another version: who is concerned, a dry run on where they are, one after another.

A dry run asks each instance for its state, which Temporal gives by replaying its recorded history where no worker has
it at hand, and migrates a copy of it. Nothing is written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from oms_workflow.bpmn.model import Definition
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine import facts, snapshot
from oms_workflow.engine.bundle import travelling, unpack
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.migration.identity import fingerprint
from oms_workflow.engine.migration.migrating import CannotMigrate, migrated
from oms_workflow.engine.migration.plan import Plan
from oms_workflow.engine.program import Program
from oms_workflow.engine.records import RecordKind
from oms_workflow.errors import Diagnostic, OrderRefused
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.process_versions import ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import instructions, names
from oms_workflow.temporal.operating import Operator

MOST = 100_000  # running instances of one process that are looked through


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
    outcome: str  # can, cannot, migrated, refused
    moved: tuple[tuple[str, str], ...] = ()  # (element, its new element) of tokens whose element has another id now
    findings: tuple[Diagnostic, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A plan with both versions read."""

    plan: Plan
    source: Version
    target: Version
    rows: tuple[InstanceRow, ...] = field(default=())  # instances that run the source version, oldest first


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


async def concerned(unit: UnitOfWork, source: Version, only: tuple[str, ...] = ()) -> tuple[InstanceRow, ...]:
    """Give the running instances of a version, oldest first; called ones, too, whichever bundle they came in."""
    running = await Instances(unit).find(process_id=source.row.process_id, status="running", limit=MOST)
    named = [one for one in running if not only or one.workflow_id in only]
    mine = fingerprint(source.definition)
    known: dict[str, bool] = {source.row.sha256: True}
    for version in await ProcessVersions(unit).all() if any(one.sha256 not in known for one in named) else ():
        packed = await ProcessVersions(unit).bundle(version.process_id, version.version)
        inside = unpack(packed).definitions if packed is not None else ()
        known[version.sha256] = any(one.id == source.row.process_id and fingerprint(one) == mine for one in inside)
    return tuple(reversed([one for one in named if known.get(one.sha256, False)]))


class Migrations:
    """Tries journeys and makes them."""

    def __init__(self, operator: Operator, journey: Journey) -> None:
        self._operator = operator
        self._journey = journey

    async def dry_run(self, row: InstanceRow) -> Concerned:
        """Migrate a copy of an instance, and tell what becomes of it."""
        about: dict[str, Any] = {"instance": row.workflow_id, "order": row.order_id}
        try:
            recorded = await self._operator.recorded(row.workflow_id)
        except OrderRefused as refused:
            return Concerned(**about, outcome="cannot", message=str(refused))
        state = snapshot.from_json(recorded.state)
        if recorded.fingerprint != fingerprint(self._journey.source.definition):
            return Concerned(**about, outcome="cannot", message="It runs another version now.")
        if state.finished or state.clock is None:
            return Concerned(**about, outcome="cannot", message="It is over, or has not begun.")
        program, plan = self._journey.source.program, self._journey.plan
        target = self._journey.target
        fact = facts.Migrated(
            at=state.clock, program=target.program, decisions=target.decisions, elements=plan.elements
        )
        try:
            migrated(program, state, fact, state.clock)
        except CannotMigrate as cannot:
            return Concerned(**about, outcome="cannot", findings=cannot.findings, message=str(cannot))
        tried = Instance(program, decisions=self._journey.source.decisions, state=state)
        tried.receive(fact)
        renamed = [one for one in tried.take_records() if one.kind is RecordKind.TOKEN_MIGRATED]
        moved = tuple((str(one.detail["origin"]), one.element) for one in renamed)
        return Concerned(**about, outcome="can", moved=moved)

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
            source=fingerprint(self._journey.source.definition),
            elements=plan.elements,
        )
        try:
            await self._operator.instruct(row.workflow_id, names.MIGRATE, target.packed, told)
        except OrderRefused as refused:
            return Concerned(instance=row.workflow_id, order=row.order_id, outcome="refused", message=str(refused))
        return Concerned(instance=row.workflow_id, order=row.order_id, outcome="migrated", moved=tried.moved)
