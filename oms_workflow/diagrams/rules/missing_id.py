"""A process or node has no id, so neither flows nor people can refer to it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic, Severity

CODE = "missing-id"

_REFERRED_TO = ("message", "signal", "error", "escalation", "correlationProperty")


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at everything that is executed by its id."""
    for element in (*document.processes, *document.nodes):
        if not element.id:
            yield finding(
                document,
                element,
                CODE,
                f"The {said(element)} in line {element.line} has no id.",
                "Give it an id that is unique in the file.",
            )
    for element in document.of_kind(*_REFERRED_TO):
        if not element.id:
            message = f"The {said(element)} has no id, so nothing can refer to it."
            yield finding(document, element, CODE, message, "Give it an id, or remove it.")
    for flow in document.flows:
        if flow.id in document.flows_named_here:
            message = f"The flow has no id of its own; histories and statistics call it {flow.id!r}."
            fix = "Save the diagram again with a modeler, which gives it one."
            yield finding(document, flow, CODE, message, fix, Severity.INFO)
