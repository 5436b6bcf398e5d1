"""Two events share an event definition that belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "shared-event-definition"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at eventDefinitionRef: only definitions at the top of the file are shared (BPMN 2.0.2, table 10.82)."""
    for event in document.executed(*EVENT_KINDS):
        for reference in event.all("eventDefinitionRef"):
            shared = document.refer(reference.text)
            owner = shared.parent if shared is not None else None
            if shared is not None and owner is not None and owner.kind in EVENT_KINDS:
                message = (
                    f"The event definition {shared.id!r} belongs to {said(owner)}; it cannot be used here as well."
                )
                fix = "Give this event its own definition, or move the shared one to the top of the file."
                yield finding(document, event, CODE, message, fix)
