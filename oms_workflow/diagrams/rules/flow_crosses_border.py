"""A sequence flow leads into or out of a pool or sub-process; a token cannot cross that border."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import NODE_KINDS
from oms_workflow.errors import Diagnostic

CODE = "flow-crosses-border"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare the scopes of both ends (BPMN 2.0.2, 7.6.1), and where the flow itself is written."""
    for flow in document.flows:
        source, target = document.refer(flow.get("sourceRef")), document.refer(flow.get("targetRef"))
        if source is None or target is None or source.kind not in NODE_KINDS or target.kind not in NODE_KINDS:
            continue
        inside, outside = scope_of(source), scope_of(target)
        if inside is not outside:
            message = f"The flow leads from {said(source)} in {said(inside)} to {said(target)} in {said(outside)}."
            fix = "Keep both ends on one level: use the flows of the sub-process itself, a message or a link event."
            yield finding(document, flow, CODE, message, fix)
        elif scope_of(flow) is not inside:
            message = f"The flow is written into {said(scope_of(flow))}, but both its ends are in {said(inside)}."
            yield finding(document, flow, CODE, message, "Move the flow to the level of its nodes.")
    for node in document.executed("boundaryEvent"):
        host = document.refer(node.get("attachedToRef"))
        if host is not None and host.kind in NODE_KINDS and scope_of(host) is not scope_of(node):
            message = (
                f"The boundary event is written into {said(scope_of(node))}, its host into {said(scope_of(host))}."
            )
            yield finding(document, node, CODE, message, "Move the event to the level of its host.")
