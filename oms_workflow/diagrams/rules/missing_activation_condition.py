"""A complex gateway joins several flows and does not say when it goes on."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "missing-activation-condition"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at each complex gateway with several flows into it (BPMN 2.0.2, 10.6.5 and 13.4.5)."""
    for node in document.executed("complexGateway"):
        into = len(document.incoming(node))
        if into > 1 and node.first("activationCondition") is None:
            message = f"{into} flows lead into this complex gateway, and no activation condition says when it goes on."
            fix = "Write an activationCondition, such as =activationCount >= 2, or use another kind of gateway."
            yield finding(document, node, CODE, message, fix)
