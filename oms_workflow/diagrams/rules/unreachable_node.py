"""No path leads to a node, so it would never run."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.paths import level
from oms_workflow.errors import Diagnostic

CODE = "unreachable-node"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Walk from the beginnings of each level (BPMN 2.0.2, 10.5.2: beside start events every node needs a flow)."""
    for scope in document.scopes:
        if scope.kind == "adHocSubProcess":
            continue
        here = level(document, scope)
        reached = here.reached_from(node.id for node in here.beginnings)
        for node in here.nodes:
            if node.id not in reached and node.kind != "boundaryEvent":
                led = bool(document.incoming(node))
                message = "No path from a start event leads here." if led else "No flow leads to this node."
                yield finding(document, node, CODE, message, "Draw the flow that leads to it, or remove the node.")
