"""A cancel event stands where there is no transaction to cancel."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "cancel-outside-transaction"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at cancel events: ends of a transaction, boundary events on one (BPMN 2.0.2, 10.3.5 and 10.5.5)."""
    for event in document.executed("endEvent", "boundaryEvent"):
        if "cancel" not in document.event_kinds(event):
            continue
        on_border = event.kind == "boundaryEvent"
        transaction = document.refer(event.get("attachedToRef")) if on_border else scope_of(event)
        if transaction is None or transaction.kind != "transaction":
            where = "on a transaction" if on_border else "directly inside a transaction"
            message = f"A cancel event stands {where}; this one does not."
            yield finding(document, event, CODE, message, _fix(event))


def _fix(event: Element) -> str:
    """A sub-process inside a transaction may end with an error, which leads to the cancel end event outside it."""
    if event.kind == "endEvent" and any(around.kind == "transaction" for around in event.ancestors()):
        return "End the sub-process with an error, and catch it on its border with a path to the cancel end event."
    return "Use an error event, or draw the transaction."
