"""What diagrams need: packages that can be imported, a catalog without contradictions, clean files, calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oms_workflow.cli.asking import now
from oms_workflow.cli.doctor.finding import Finding, fine, off
from oms_workflow.errors import DiagramRefused, WorldUnavailable
from oms_workflow.settings import Settings

if TYPE_CHECKING:
    from oms_workflow.diagrams.collection import Collection

ANNOUNCED = 12  # month in which next year's moved days should be known


def packages(settings: Settings) -> Iterator[Finding]:
    """Import what engineers wrote: activities and workers."""
    from oms_workflow.catalog.registry import discover
    from oms_workflow.temporal.worker import discover_specs

    catalog = _imported("activities", settings.activities, discover)
    if isinstance(catalog, Finding):
        yield catalog
    else:
        yield fine("activities", "activities", count=len(catalog), packages=", ".join(settings.activities))
    specs = _imported("workers", settings.workers, discover_specs)
    if isinstance(specs, Finding):
        yield specs
        return
    served = {spec.queue for spec in specs}
    wanted = set() if isinstance(catalog, Finding) else {one.queue for one in catalog.values()}
    if not any(spec.workflows for spec in specs):
        yield off("queues", "fail", "queues.no_workflows")
    elif wanted - served:
        yield off("queues", "fail", "queues.unserved", queues=", ".join(sorted(wanted - served)))
    else:
        yield fine("queues", "queues", count=len(served))


def _imported(check: str, names: tuple[str, ...], read: Callable[[tuple[str, ...]], Any]) -> Any:
    """Give what `read` gives, or the finding that says why it does not; anybody's code may run at import."""
    try:
        return read(names)
    except Exception as error:  # an engineer's package may fail in any way; it is told, not hidden
        return off(check, "fail", "package.broken", packages=", ".join(names), kind=type(error).__name__, reason=error)


def processes(settings: Settings) -> Iterator[Finding]:
    """Read the folder of diagrams as a deployment would."""
    from oms_workflow.catalog.registry import discover
    from oms_workflow.cli.opening import processes_folder
    from oms_workflow.diagrams.collection import read_collection

    try:
        folder = processes_folder(settings)
    except WorldUnavailable as missing:
        yield off("processes", "fail", "processes.missing", reason=missing)
        return
    catalog = _imported("activities", settings.activities, discover)
    read = read_collection(
        [folder],
        year=now().year,
        catalog=None if isinstance(catalog, Finding) else catalog,
        strict_references=True,
    )
    if read.errors:
        yield off("processes", "fail", "processes.errors", count=len(read.errors), folder=folder)
    else:
        yield fine("processes", "processes", count=len(read.definitions), folder=folder)
    yield from _forms(read, folder)
    yield from _calendars(read)


def _forms(read: Collection, folder: Path) -> Iterator[Finding]:
    from oms_workflow.diagrams.forms import read_form

    named = {node.human.form for one in read.definitions for node in one.nodes if node.human and node.human.form}
    bad: list[str] = []
    for name in sorted(name for name in named if not name.startswith("=")):
        try:
            if read_form(folder, name) is None:
                bad.append(name)
        except DiagramRefused:
            bad.append(name)
    if bad:
        yield off("forms", "fail", "forms.bad", names=", ".join(bad), folder=folder)
    else:
        yield fine("forms", "forms", count=len(named))


def _calendars(read: Collection) -> Iterator[Finding]:
    today = now().date()
    needed = date(today.year + (today.month >= ANNOUNCED), 12, 31)
    short = [one for one in read.calendars.values() if one.final_until is not None and one.final_until < needed]
    if short:
        told = "; ".join(f"{one.id}: {one.final_until}" for one in short)
        yield off("calendars", "warn", "calendars.short", calendars=told, needed=needed)
        return
    until = min((one.final_until for one in read.calendars.values() if one.final_until), default=None)
    yield fine("calendars", "calendars", count=len(read.calendars), until=until or "-")
