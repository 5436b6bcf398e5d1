"""A decision table has no output, so it can decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "table-without-output"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Count outputs."""
    for node in document.root.descendants():
        if node.kind == "decisionTable" and not node.all("output"):
            message = "Expected at least one output in the decision table, found none."
            yield document.finding(node, CODE, message, "Add an output column.")
