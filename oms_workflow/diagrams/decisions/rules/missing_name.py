"""A decision, input, function, service or type has no name, so nothing can refer to it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "missing-name"
NAMED = frozenset(
    {
        *("decision", "inputData", "businessKnowledgeModel", "decisionService", "itemDefinition", "itemComponent"),
        *("formalParameter", "parameter", "column"),
    }
)


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at everything that logic reads by its name; references in a service have none."""
    for node in document.root.descendants():
        if node.kind in NAMED and not node.name and not node.get("href"):
            yield document.finding(node, CODE, f"Expected a name on the {node.kind}, found none.", "Give it a name.")
