"""From what was read to what travels: one process with the processes, decisions and calendars it can come to need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.bpmn.work import ProcessCall
from oms_workflow.dmn.model import DecisionModel
from oms_workflow.engine.bundle import Bundle

Tagged = Mapping[tuple[str, str], Bundle]
NOTHING: Tagged = {}


class OtherVersion(Exception):
    """Two versions of one process would have to come along without a tag that tells them apart."""

    def __init__(self, definition: Definition, node: Node, process: str) -> None:
        super().__init__(f"the version that {node.label!r} calls needs another version of process {process!r}")
        self.definition = definition
        self.node = node


def bundle_of(
    process_id: str,
    definitions: Iterable[Definition],
    decisions: Sequence[DecisionModel] = (),
    calendars: Mapping[str, Calendar] | None = None,
    tagged: Tagged = NOTHING,
) -> Bundle:
    """Give the bundle of a process.

    A called process that is not among the definitions is left out; the call becomes an incident then. A call or
    decision named by FEEL is known only at run time, so all that there are come along.

    Args:
        definitions: All definitions there are, as `Reading.require()` gives them.
        decisions: Decision models of the bundle, all of which come along when the process asks any decision.
        calendars: Calendars by id; those that a deadline of the bundle names come along, all when one is named by FEEL.
        tagged: Bundles of versions deployed before, by process and tag; those that are called come along.

    Raises:
        KeyError: When no definition has this id.
        OtherVersion: When a version that is called by its tag needs another version of a process that comes along.
    """
    known = {definition.id: definition for definition in definitions}
    wanted = _called(known[process_id], known)
    older = _with_tags(wanted, tagged)
    nodes = [node for definition in wanted for node in definition.nodes]
    named = _calendars_named(nodes, calendars or {}) - {ALWAYS.id}
    own = tuple(map(_without_folder, decisions)) if any(node.decision is not None for node in nodes) else ()
    dated = {calendar.id: calendar for bundle in older for calendar in bundle.calendars}
    dated |= {key: calendar for key, calendar in (calendars or {}).items() if key in named}
    return Bundle(
        process_id=process_id,
        definitions=tuple(wanted),
        decisions=(*own, *(model for bundle in older for model in bundle.decisions if model not in own)),
        calendars=tuple(calendar for _, calendar in sorted(dated.items())),
    )


def _calendars_named(nodes: Iterable[Node], known: Iterable[str]) -> set[str]:
    """Ids of the calendars that deadlines name; all there are when one of them is known only at run time."""
    deadlines = [node.sla for node in nodes if node.sla is not None]
    return set(known) if any(one.calendar_by for one in deadlines) else {one.calendar for one in deadlines}


def tags_called(definition: Definition) -> list[tuple[Node, str, str]]:
    """Give the calls of a process that name a version tag: the node, the process and the tag."""
    return [
        (node, node.call.process, node.call.version_tag)
        for node in definition.nodes
        if node.call is not None and node.call.version_tag and not node.call.process.startswith("=")
    ]


def _with_tags(wanted: list[Definition], tagged: Tagged) -> list[Bundle]:
    """Add to the definitions what is called by a tag and was deployed before; gives the bundles it came in."""
    brought: list[Bundle] = []
    for definition in tuple(wanted):
        for node, process, tag in tags_called(definition):
            bundle = tagged.get((process, tag))
            if bundle is None or any(one.id == process and one.version_tag == tag for one in wanted):
                continue
            for one in bundle.definitions:
                same = next((other for other in wanted if other.id == one.id), None)
                if same is not None and same != one and one.id != process:
                    raise OtherVersion(definition, node, one.id)
            wanted += [one for one in bundle.definitions if one not in wanted]
            brought.append(bundle)
    return brought


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
                if _is_another(known.get(process), node.call):
                    continue
                if process in known and process not in found:
                    found[process] = known[process]
                    waiting.append(known[process])
    return list(found.values())


def _is_another(known: Definition | None, call: ProcessCall) -> bool:
    """Whether the process at hand is not the version that is called."""
    return known is not None and call.version_tag not in ("", known.version_tag)
