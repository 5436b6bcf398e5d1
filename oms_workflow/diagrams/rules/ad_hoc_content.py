"""An ad-hoc sub-process holds no activity, or holds start or end events, which it has not."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "ad-hoc-content"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look inside ad-hoc sub-processes (BPMN 2.0.2, 10.3.5, Ad-Hoc Sub-Process)."""
    for scope in document.executed("adHocSubProcess"):
        if not any(child.kind in ACTIVITY_KINDS for child in scope.children):
            message = "An ad-hoc sub-process offers activities to choose from; this one has none."
            yield finding(document, scope, CODE, message, "Draw at least one activity into it.")
        for event in (*scope.all("startEvent"), *scope.all("endEvent")):
            message = f"An ad-hoc sub-process has neither start nor end events; this is {said(event)}."
            yield finding(document, event, CODE, message, "Remove the event.")
