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
    """Look at cancel events: ends inside a transaction, boundary events on one (BPMN 2.0.2, 10.3.5 and 10.5.5)."""
    for event in document.executed("endEvent", "boundaryEvent"):
        if "cancel" not in document.event_kinds(event):
            continue
        transaction = document.refer(event.get("attachedToRef")) if event.kind == "boundaryEvent" else _around(event)
        if transaction is None or transaction.kind != "transaction":
            where = "on a transaction" if event.kind == "boundaryEvent" else "inside a transaction"
            message = f"A cancel event stands {where}; this one does not."
            yield finding(document, event, CODE, message, "Use an error event, or draw the transaction.")


def _around(event: Element) -> Element | None:
    scopes = (scope_of(event), *event.ancestors())
    return next((scope for scope in scopes if scope.kind == "transaction"), None)
