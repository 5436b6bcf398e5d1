"""An error, cancel or compensation boundary event is drawn as not interrupting, which those never are."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "boundary-must-interrupt"

_NEVER_BESIDE = frozenset({"error", "cancel", "compensation"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at cancelActivity (BPMN 2.0.2, table 10.91)."""
    for event in document.executed("boundaryEvent"):
        for kind in document.event_kinds(event):
            if kind in _NEVER_BESIDE and not event.is_true("cancelActivity", default=True):
                message = f"A boundary event for {kind} cannot leave its activity running; cancelActivity is false."
                yield finding(document, event, CODE, message, "Remove cancelActivity, or use an escalation event.")
