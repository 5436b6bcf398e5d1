"""The default flow of a node does not leave that node, or has a condition that is ignored."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

CODE = "default-flow"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at every default flow (BPMN 2.0.2, table 10.3: a condition on it shall be ignored)."""
    for node in document.nodes:
        flow = document.refer(node.get("default")) if node.get("default") else None
        if flow is None or flow.kind != "sequenceFlow":
            continue  # told as a reference to nothing
        if document.refer(flow.get("sourceRef")) is not node:
            message = f"The default flow {flow.id!r} does not leave the {said(node)}."
            yield finding(document, node, CODE, message, "Choose one of its own flows as default.")
        elif flow.first("conditionExpression") is not None:
            message = f"The default flow of {said(node)} has a condition, which is ignored."
            fix = "Remove the condition, or choose another default flow."
            yield finding(document, flow, CODE, message, fix, Severity.WARNING)
