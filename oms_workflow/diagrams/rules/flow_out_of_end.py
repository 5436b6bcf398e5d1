"""A sequence flow leaves an end event, where paths only end."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "flow-out-of-end"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the flows out of end events (BPMN 2.0.2, 10.5.3)."""
    for node in document.executed("endEvent"):
        for flow in document.outgoing(node):
            message = f"Flow {flow.id!r} leaves the end event."
            yield finding(document, node, CODE, message, "Use an intermediate throw event, or end the path here.")
