"""The diagram holds something that is kept as documentation and changes nothing of a run."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.bpmn import support
from oms_workflow.bpmn.support import Row, Standing
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

CODE = "documentation-only"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Tell once for each kind of element, at its first place, how many there are."""
    found: dict[str, tuple[Row, list[Element]]] = {}
    for element in document.checked:
        if element.kind.startswith("{"):
            continue
        row = support.element(element.kind)
        if row.standing is Standing.DOCUMENTATION and row.announced:
            found.setdefault(row.subject, (row, []))[1].append(element)
    for row, elements in found.values():
        times = f"{len(elements)} times in this file" if len(elements) > 1 else "here"
        message = f"{row.subject} ({times}) is documentation only: {row.note}"
        fix = "Nothing to do, if that is meant; docs/elements.md says what is executed."
        yield finding(document, elements[0], CODE, message, fix, Severity.INFO)
