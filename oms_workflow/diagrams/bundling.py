"""From what was read to what travels: one process with the processes, decisions and calendars it can come to need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.model import Definition
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine.bundle import Bundle


def bundle_of(
    process_id: str,
    definitions: Iterable[Definition],
    decisions: Sequence[DecisionModel] = (),
    calendars: Mapping[str, Calendar] | None = None,
) -> Bundle:
    """Give the bundle of a process.

    A called process that is not among the definitions is left out; the call becomes an incident then. A call or
    decision named by FEEL is known only at run time, so all that there are come along.

    Args:
        definitions: All definitions there are, as `Reading.require()` gives them.
        decisions: Decision models of the bundle, all of which come along when the process asks any decision.
        calendars: Calendars by id; those that a deadline of the bundle names come along.

    Raises:
        KeyError: When no definition has this id.
    """
    known = {definition.id: definition for definition in definitions}
    wanted = _called(known[process_id], known)
    nodes = [node for definition in wanted for node in definition.nodes]
    named = {node.sla.calendar for node in nodes if node.sla is not None} - {ALWAYS.id}
    return Bundle(
        process_id=process_id,
        definitions=tuple(wanted),
        decisions=tuple(map(_without_folder, decisions)) if any(node.decision is not None for node in nodes) else (),
        calendars=tuple(calendar for key, calendar in sorted((calendars or {}).items()) if key in named),
    )


def _without_folder(model: DecisionModel) -> DecisionModel:
    """A model with the plain name of its file: the content hash must not depend on where a checkout lies."""
    return replace(model, file=PurePosixPath(model.file.replace("\\", "/")).name)


def _called(first: Definition, known: Mapping[str, Definition]) -> list[Definition]:
    """The process itself, then every process it can call, in the order in which they are come across."""
    found = {first.id: first}
    waiting = [first]
    for definition in waiting:
        for node in definition.nodes:
            if node.call is None:
                continue
            named = sorted(known) if node.call.process.startswith("=") else [node.call.process]
            for process in named:
                if process in known and process not in found:
                    found[process] = known[process]
                    waiting.append(known[process])
    return list(found.values())
