"""Two elements have the same id, so nothing can say which of them is meant."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "duplicate-id"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare ids within the file, and ids of executable processes across files."""
    for element in document.elements:
        first = document.by_id.get(element.id)
        if element.is_bpmn and first is not element and first is not None:
            yield finding(
                document,
                element,
                CODE,
                f"Id {element.id!r} is used twice: here and by {said(first)} in line {first.line}.",
                "Give each element an id of its own.",
            )
    for process in document.processes:
        owner, other = knowledge.processes_by_id.get(process.id, (document, process))
        if owner is not document and process.id:
            yield finding(
                document,
                process,
                CODE,
                f"Process {process.id!r} is also drawn in {owner.file}, line {other.line}.",
                "Give each process an id of its own, or leave one of the files out.",
            )
