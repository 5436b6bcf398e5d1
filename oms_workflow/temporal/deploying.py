"""Deploying a collection of diagrams: each process becomes a version with all it needs. Running orders stay as is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from oms_workflow.bpmn.events import MessageEvent, SignalEvent, TimerEvent
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.diagrams.bundling import OtherVersion, tags_called
from oms_workflow.diagrams.collection import Collection
from oms_workflow.engine.bundle import Bundle, pack, sha256, unpack
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
        tagged = await _tagged(versions, read.definitions)
        deployed = [
            await versions.deploy(_deployment(read, definition, sources, tagged), by=by, at=at)
            for definition in read.definitions
        ]
        await unit.commit()
    return tuple(deployed)


async def _tagged(versions: ProcessVersions, definitions: Iterable[Definition]) -> dict[tuple[str, str], Bundle]:
    """Give the deployed versions that are called by their tags and are not among these definitions.

    Raises:
        DiagramRefused: When no version has such a tag.
    """
    given = {(one.id, one.version_tag) for one in definitions}
    found: dict[tuple[str, str], Bundle] = {}
    missing: list[Diagnostic] = []
    for definition in definitions:
        for node, process, tag in tags_called(definition):
            if (process, tag) in given or (process, tag) in found:
                continue
            packed = await versions.tagged(process, tag)
            if packed is not None:
                found[process, tag] = unpack(packed)
                continue
            message = f"No version of process {process!r} with version tag {tag!r} is deployed, or among the files."
            missing.append(_refusal(definition, node, message, "Deploy it first, or correct the tag."))
    if missing:
        raise DiagramRefused(missing)
    return found


def _refusal(definition: Definition, node: Node, message: str, fix: str) -> Diagnostic:
    return Diagnostic(
        code="reference-to-nothing",
        message=message,
        file=definition.file,
        line=node.line,
        element=node.id,
        name=node.name,
        fix=fix,
    )


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


def _deployment(
    read: Collection, definition: Definition, sources: dict[str, Path], tagged: dict[tuple[str, str], Bundle]
) -> Deployment:
    try:
        bundle = read.bundle(definition.id, tagged)
    except OtherVersion as other:
        fix = "Give the process that is needed in two versions a version tag, and call it by that."
        raise DiagramRefused([_refusal(other.definition, other.node, f"{other}.".capitalize(), fix)]) from None
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
    """What something outside triggers to start the process: by message, signal or timer."""
    found: list[dict[str, str]] = []
    for node in outside_starts(definition):
        for event in node.events:
            if isinstance(event, MessageEvent):
                found.append({"message": event.name, "element": node.id})
            elif isinstance(event, SignalEvent):
                found.append({"signal": event.name, "element": node.id})
            elif isinstance(event, TimerEvent):
                found.append({"timer": event.value, "measure": event.measure, "element": node.id})
    return found
