"""A message flow does not connect two pools, or ends at something that neither sends nor receives messages."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import process_of
from oms_workflow.diagrams.vocabulary import EVENT_KINDS, GATEWAY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "message-flow"

_FIX = "Connect a sender in one pool with a receiver in another one."
_SEND = frozenset({"endEvent", "intermediateThrowEvent"})
_ONLY_RECEIVE = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
_ONLY_SEND = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_NO_ENDS = GATEWAY_KINDS


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at both ends of every message flow (BPMN 2.0.2, 7.6.2 and 9.4)."""
    for flow in document.of_kind("messageFlow"):
        source, target = document.refer(flow.get("sourceRef")), document.refer(flow.get("targetRef"))
        if source is None or target is None:
            continue  # told as a reference to nothing
        if _pool(document, source) is _pool(document, target):
            message = "A message flow connects two pools; both ends of this one are in the same pool."
            yield finding(document, flow, CODE, message, "Use a sequence flow inside a pool.")
        for end, wrong, does in ((source, _ONLY_RECEIVE, "sends no"), (target, _ONLY_SEND, "receives no")):
            if end.kind in wrong | _NO_ENDS:
                message = f"A message flow is connected to {said(end)}, which {does} message."
                yield finding(document, flow, CODE, message, _FIX)
            elif end.kind in EVENT_KINDS and "message" not in document.event_kinds(end):
                message = f"A message flow is connected to {said(end)}, which has no message."
                yield finding(document, end, CODE, message, "Make it a message event.")


def _pool(document: Document, end: Element) -> Element:
    """What stands for the pool of an end: the process drawn in it, or the participant itself."""
    if end.kind == "participant":
        process = document.refer(end.get("processRef")) if end.get("processRef") else None
        return process if process is not None else end
    return process_of(end)
