"""A node that decides has a flow without a condition, or no flow for the case that no condition holds."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "missing-default"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the flows out of gateways that decide (BPMN 2.0.2, 13.4.2 and 13.4.3), and out of activities (8.4.13)."""
    for node in document.executed("exclusiveGateway", "inclusiveGateway", "complexGateway", *ACTIVITY_KINDS):
        flows = document.outgoing(node)
        if len(flows) < 2:
            continue
        default = node.get("default")
        open_flows = [flow for flow in flows if flow.first("conditionExpression") is None and flow.id != default]
        for flow in open_flows if node.kind not in ACTIVITY_KINDS else ():  # behind an activity they are all taken
            message = (
                f"Flow {flow.id!r} has no condition and is not the default flow, so nothing says when it is taken."
            )
            yield finding(document, flow, CODE, message, "Give it a condition, or make it the default flow.")
        if not default and not open_flows:
            message = (
                "Every flow has a condition and none is the default: when no condition holds, an incident is raised."
            )
            fix = "Make the flow for all other cases the default flow."
            yield finding(document, node, CODE, message, fix, Severity.WARNING)
