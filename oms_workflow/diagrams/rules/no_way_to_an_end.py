"""A path stops in the middle, or no path leads from a node to an end."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, is_event_sub_process
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.paths import Level, level
from oms_workflow.errors import Diagnostic, Severity

CODE = "no-way-to-an-end"

_ELSEWHERE = frozenset({"endEvent", "boundaryEvent", "intermediateThrowEvent", "intermediateCatchEvent"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Walk backwards from the ends of each level (BPMN 2.0.2, 10.5.3: beside end events every node needs a way on)."""
    for scope in document.scopes:
        if scope.kind == "adHocSubProcess":
            continue
        here = level(document, scope)
        ends = [node for node in here.nodes if node.kind == "endEvent"]
        stops = [node for node in here.nodes if not document.outgoing(node) and not _is_left_by_link(here, node)]
        for node in stops if ends else ():
            if node.kind not in _ELSEWHERE:  # what stands there has a rule of its own
                message = "No flow leaves this node, though paths end at end events here."
                yield finding(document, node, CODE, message, "Draw the flow that goes on from it, to an end event.")
        yield from _endless(document, here, stops)


def _endless(document: Document, here: Level, stops: list[Element]) -> Iterator[Diagnostic]:
    if any(_interrupts(document, child) for child in here.scope.children):
        return
    finishing = here.reached_from([node.id for node in stops], here.backwards())
    endless = [node for node in here.nodes if node.id not in finishing]
    if endless:
        others = f" and {len(endless) - 1} more nodes" if len(endless) > 1 else ""
        message = f"From this node{others} no path leads to an end: once there, the process runs for ever."
        fix = "Draw a way out, such as a condition, a boundary event or an interrupting event sub-process."
        yield finding(document, endless[0], CODE, message, fix, Severity.WARNING)


def _is_left_by_link(here: Level, node: Element) -> bool:
    return node.kind == "intermediateThrowEvent" and bool(here.ways[node.id])


def _interrupts(document: Document, child: Element) -> bool:
    return is_event_sub_process(child) and any(
        start.is_true("isInterrupting", default=True) for start in child.all("startEvent")
    )
