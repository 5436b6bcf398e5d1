"""A process or sub-process has start events but no end event, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "start-and-end"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at each level (BPMN 2.0.2, 10.5.2 and 10.5.3): both kinds of event, or neither."""
    for scope in document.scopes:
        starts, ends = scope.all("startEvent"), scope.all("endEvent")
        if scope.kind == "adHocSubProcess":
            continue  # it has a rule of its own
        if starts and not ends:
            message = f"The {said(scope)} has a start event but no end event, so no path of it is drawn to its end."
            yield finding(document, starts[0], CODE, message, "Draw an end event where each path ends.")
        elif ends and not starts and not any(child.is_true("instantiate") for child in scope.children):
            message = f"The {said(scope)} has an end event but no start event."
            yield finding(document, ends[0], CODE, message, "Draw a start event where it begins.")
