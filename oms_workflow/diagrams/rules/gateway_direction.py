"""The direction written on a gateway contradicts its flows."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import GATEWAY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "gateway-direction"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare gatewayDirection with the number of flows (BPMN 2.0.2, 8.4.6)."""
    for node in document.executed(*GATEWAY_KINDS):
        into, out = len(document.incoming(node)), len(document.outgoing(node))
        direction = node.get("gatewayDirection")
        wrong = {
            "Converging": out > 1,
            "Diverging": into > 1,
            "Mixed": into < 2 or out < 2,
        }.get(direction, False)
        if wrong:
            message = f"gatewayDirection is {direction}, but the gateway has {into} incoming and {out} outgoing flows."
            yield finding(document, node, CODE, message, "Correct the flows, or set gatewayDirection to Unspecified.")
