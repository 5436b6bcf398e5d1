"""No process of the file is executable, so deploying it would do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import NODE_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "nothing-to-run"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look for executable processes with something in them."""
    if not document.is_bpmn:
        return
    drawn = list(document.of_kind("process"))
    if not document.processes:
        place = drawn[0] if drawn else next((element for element in document.elements if element.id), document.root)
        message = "No process of this file is executable." if drawn else "There is no process in this file."
        yield finding(document, place, CODE, message, 'Draw a process and set isExecutable="true" on it.')
    elif len(drawn) > len(document.processes):
        for process in drawn:
            if not process.is_true("isExecutable"):
                message = "This process is not executable: it is not checked and does not run."
                fix = 'Set isExecutable="true" if it is to run.'
                yield finding(document, process, CODE, message, fix, Severity.INFO)
    for process in document.processes:
        if not any(inner.kind in NODE_KINDS for inner in document.inside(process)):
            yield finding(document, process, CODE, "The process is empty.", "Draw at least one node into it.")
