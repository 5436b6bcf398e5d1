"""A gateway has neither several flows into it nor several out of it, so it decides and joins nothing."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import GATEWAY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "pointless-gateway"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Count the flows of each gateway (BPMN 2.0.2, 10.6.1: several in, several out, or both)."""
    for node in document.executed(*GATEWAY_KINDS):
        into, out = len(document.incoming(node)), len(document.outgoing(node))
        if into < 2 and out < 2:
            message = f"The gateway has {into} flow in and {out} out; a gateway splits or joins several."
            yield finding(document, node, CODE, message, "Connect its other flows, or remove the gateway.")
