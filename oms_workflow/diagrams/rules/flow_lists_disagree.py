"""The `incoming` and `outgoing` lists of a node do not agree with the sequence flows."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "flow-lists-disagree"

_ENDS = {"incoming": ("targetRef", "leads to"), "outgoing": ("sourceRef", "leaves")}
_FIX = "Draw the flow anew, or save the diagram again with a modeler."


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare lists and flows (BPMN 2.0.2, 8.4.13); a process without any such list is right, too."""
    for process in document.processes:
        inside = [element for element in document.inside(process) if element.kind in ("incoming", "outgoing")]
        if inside:
            yield from _listed(document, inside)
            yield from _unlisted(document, process, inside)


def _listed(document: Document, lists: list[Element]) -> Iterator[Diagnostic]:
    for entry in lists:
        node, flow = entry.parent, document.refer(entry.text)
        if node is None or flow is None or flow.kind != "sequenceFlow":
            continue  # told as a reference to nothing
        end, does = _ENDS[entry.kind]
        if flow.get(end) != node.id and document.refer(flow.get(end)) is not node:
            message = f"Flow {entry.text!r} is listed as {entry.kind}, but no such flow {does} the {said(node)}."
            yield finding(document, entry, CODE, message, _FIX)


def _unlisted(document: Document, process: Element, lists: list[Element]) -> Iterator[Diagnostic]:
    listed = {kind: {document.refer(entry.text) for entry in lists if entry.kind == kind} for kind in _ENDS}
    for flow in document.inside(process):
        if flow.kind != "sequenceFlow" or flow.id in document.flows_named_here:
            continue
        for kind, (end, does) in _ENDS.items():
            node = document.refer(flow.get(end)) if flow not in listed[kind] else None
            if node is not None:
                message = f"Flow {flow.id!r} {does} the {said(node)}, which does not list it as {kind}."
                yield finding(document, flow, CODE, message, _FIX)
