"""A condition stands on a flow whose source never asks for one."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "condition-not-asked"

_ASK = ACTIVITY_KINDS | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the source of each conditional flow (BPMN 2.0.2, 8.4.13)."""
    for flow in document.flows:
        source = document.refer(flow.get("sourceRef"))
        if flow.first("conditionExpression") is None or source is None:
            continue
        if source.kind not in _ASK:
            message = (
                f"The flow has a condition, but its source, {said(source)}, asks for none: all its flows are taken."
            )
            fix = "Decide with an exclusive or inclusive gateway, or remove the condition."
            yield finding(document, flow, CODE, message, fix)
        elif source.kind in ACTIVITY_KINDS and len(document.outgoing(source)) == 1:
            message = (
                f"The only flow out of {said(source)} has a condition; when it does not hold, the path just stops."
            )
            fix = "Draw what happens otherwise as a second flow, or remove the condition."
            yield finding(document, flow, CODE, message, fix)
