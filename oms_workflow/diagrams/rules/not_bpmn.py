"""The file is no BPMN 2.0 diagram: its root is not `definitions` of the BPMN 2.0 name space."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import BPMN
from oms_workflow.errors import Diagnostic

CODE = "not-bpmn"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the root element."""
    if not document.is_bpmn:
        yield finding(
            document,
            document.root,
            CODE,
            f"The root element must be 'definitions' of {BPMN}; it is {document.root.kind!r}.",
            "Save the diagram as BPMN 2.0 XML.",
        )
