"""A node has no shape on the page, so nobody sees it, nor an order in it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

CODE = "not-drawn"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare nodes and shapes; a file without any drawing is told once, as information."""
    hidden = [node for node in document.nodes if node.id not in document.drawn]
    if not hidden:
        return
    if not document.drawn:
        message = "The file has no drawing; the console shows the process as a list."
        yield finding(
            document, document.processes[0], CODE, message, "Open and lay it out in a modeler.", Severity.INFO
        )
        return
    message = f"{len(hidden)} of {len(document.nodes)} nodes have no shape: {listed(node.id for node in hidden)}."
    yield finding(document, hidden[0], CODE, message, "Draw them, or remove them.", Severity.WARNING)
