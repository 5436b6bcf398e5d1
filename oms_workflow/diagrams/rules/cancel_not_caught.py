"""A transaction can be cancelled, but nothing on its border says how to go on then, or two events do."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "cancel-not-caught"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Pair the cancel end events of a transaction with the cancel event on its border (BPMN 2.0.2, 10.3.5)."""
    for transaction in document.executed("transaction"):
        caught = [event for event in document.boundary_events(transaction) if "cancel" in document.event_kinds(event)]
        thrown = [event for event in transaction.all("endEvent") if "cancel" in document.event_kinds(event)]
        if thrown and not caught:
            message = f"The event cancels {transaction.id!r}, which has no cancel event on its border to go on from."
            yield finding(document, thrown[0], CODE, message, "Attach a cancel boundary event to the transaction.")
        for event in caught[1:]:
            message = f"The transaction has another cancel event on its border, {caught[0].id!r}; only one can go on."
            yield finding(document, event, CODE, message, "Keep one of them, with a parallel gateway behind it.")
