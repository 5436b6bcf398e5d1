"""A zeebe element or attribute stands where it means nothing, so it would be ignored."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS, EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "misplaced-extension"

_JOBS = frozenset(
    {
        "serviceTask",
        "sendTask",
        "scriptTask",
        "businessRuleTask",
        "userTask",
        "intermediateThrowEvent",
        "endEvent",
    }
)
_PEOPLE = frozenset({"userTask", "manualTask"})

PLACES: dict[str, frozenset[str]] = {
    "zeebe:taskDefinition": _JOBS,
    "zeebe:ioMapping": ACTIVITY_KINDS | EVENT_KINDS,
    "zeebe:taskHeaders": ACTIVITY_KINDS | EVENT_KINDS,
    "zeebe:calledElement": frozenset({"callActivity"}),
    "zeebe:calledDecision": frozenset({"businessRuleTask"}),
    "zeebe:script": frozenset({"scriptTask"}),
    "zeebe:loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
    "zeebe:adHoc": frozenset({"adHocSubProcess"}),
    "zeebe:subscription": frozenset({"message"}),
    "zeebe:userTask": frozenset({"userTask"}),
    "zeebe:assignmentDefinition": _PEOPLE,
    "zeebe:taskSchedule": _PEOPLE,
    "zeebe:priorityDefinition": _PEOPLE,
    "zeebe:formDefinition": _PEOPLE | {"startEvent"},
    "zeebe:versionTag": frozenset({"process"}),
    "zeebe:input": frozenset({"zeebe:ioMapping"}),
    "zeebe:output": frozenset({"zeebe:ioMapping"}),
    "zeebe:header": frozenset({"zeebe:taskHeaders"}),
    "zeebe:property": frozenset({"zeebe:properties"}),
}
"""Dialect element -> kinds of element it may belong to. Elements without a row may stand anywhere."""

_NO_INPUT = frozenset({"startEvent", "boundaryEvent"})  # nothing runs before they happen


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare each dialect element with its places; a second one of its kind would be ignored, too."""
    for element in document.elements:
        if not element.kind.startswith("zeebe:"):
            continue
        holder = _holder(element)
        places = PLACES.get(element.kind)
        if places is not None and (holder is None or holder.kind not in places):
            where = holder.kind if holder is not None else "the file itself"
            message = f"{element.kind} belongs to {', '.join(sorted(places))}; here it stands in {where}."
            yield finding(document, element, CODE, message, "Move it there, or remove it.")
        elif element.kind == "zeebe:input" and _drawn(element).kind in _NO_INPUT:
            message = f"A {_drawn(element).kind} has no inputs: it happens before anything is mapped."
            yield finding(document, element, CODE, message, "Use an output mapping.")
        elif places is not None and _is_second(element):
            message = f"There is more than one {element.kind} here; only the first would count."
            yield finding(document, element, CODE, message, "Keep one.")


def _holder(element: Element) -> Element | None:
    parent = element.parent
    return parent.parent if parent is not None and parent.kind == "extensionElements" else parent


def _drawn(element: Element) -> Element:
    return next((around for around in element.ancestors() if around.kind in ACTIVITY_KINDS | EVENT_KINDS), element)


def _is_second(element: Element) -> bool:
    parent = element.parent
    repeated = {"zeebe:input", "zeebe:output", "zeebe:header", "zeebe:property"}
    return parent is not None and element.kind not in repeated and parent.first(element.kind) is not element
