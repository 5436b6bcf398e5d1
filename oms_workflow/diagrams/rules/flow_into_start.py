"""A sequence flow leads into a start event, where paths only begin."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "flow-into-start"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the flows into start events (BPMN 2.0.2, 10.5.2)."""
    for node in document.executed("startEvent", "receiveTask"):
        if node.kind == "receiveTask" and not node.is_true("instantiate"):
            continue
        for flow in document.incoming(node):
            message = f"Flow {flow.id!r} leads into {said(node)}, which starts the process."
            yield finding(document, node, CODE, message, "Let it lead to the node behind.")
