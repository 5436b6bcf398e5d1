"""Deploying a collection of diagrams: each process becomes a version with all it needs. Running orders stay as is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from oms_workflow.bpmn.events import MessageEvent, TimerEvent
from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.collection import Collection
from oms_workflow.engine.bundle import pack, sha256
from oms_workflow.errors import Diagnostic, DiagramRefused
from oms_workflow.store.database import Database
from oms_workflow.store.process_versions import Deployment, ProcessVersion, ProcessVersions
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.timer_starts import when


async def deploy(database: Database, read: Collection, *, by: str, at: datetime) -> tuple[ProcessVersion, ...]:
    """Store every process of a collection as its next version; one that did not change stays as it is.

    Raises:
        DiagramRefused: When the collection has errors, or a process begins at a time that cannot be planned; nothing
            is deployed then.
        WorldUnavailable: When the database does not answer.
    """
    read.require()
    _require_planned(read.definitions, at)
    sources = {path.name: path for path in read.files}
    async with UnitOfWork(database) as unit:
        versions = ProcessVersions(unit)
        deployed = [
            await versions.deploy(_deployment(read, definition, sources), by=by, at=at)
            for definition in read.definitions
        ]
        await unit.commit()
    return tuple(deployed)


def _require_planned(definitions: Iterable[Definition], at: datetime) -> None:
    found = [one for definition in definitions for one in _unplanned(definition, at)]
    if found:
        raise DiagramRefused(found)


def _unplanned(definition: Definition, at: datetime) -> Iterator[Diagnostic]:
    """Timer start events that would never start anything: drawn right, but nobody can say when they are due."""
    for start in _starts(definition):
        if "timer" not in start:
            continue
        try:
            when(start, at)
        except ValueError as error:
            node = next(node for node in definition.nodes if node.id == start["element"])
            yield Diagnostic(
                code="bad-timer",
                message=f"The process is to begin by this timer: {error}.",
                file=definition.file,
                line=node.line,
                element=node.id,
                name=node.name,
                fix="Draw a timeDate or a timeCycle with fixed text, such as 2026-11-22T10:00:00Z or R/P1D.",
            )


def _deployment(read: Collection, definition: Definition, sources: dict[str, Path]) -> Deployment:
    bundle = read.bundle(definition.id)
    return Deployment(
        process_id=definition.id,
        name=definition.name,
        version_tag=definition.version_tag,
        sha256=sha256(bundle),
        bundle=pack(bundle),
        source=sources[definition.file].read_bytes(),
        file=definition.file,
        starts=tuple(_starts(definition)),
    )


def _starts(definition: Definition) -> list[dict[str, str]]:
    """Start events that something outside triggers: by message, or by timer."""
    found: list[dict[str, str]] = []
    for start in definition.process.starts:
        node = definition.nodes[start]
        for event in node.events:
            if isinstance(event, MessageEvent):
                found.append({"message": event.name, "element": node.id})
            elif isinstance(event, TimerEvent):
                found.append({"timer": event.value, "measure": event.measure, "element": node.id})
    return found
