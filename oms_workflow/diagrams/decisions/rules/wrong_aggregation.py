"""An aggregation stands where it has no meaning: without COLLECT, or on a table with several outputs."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "wrong-aggregation"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare aggregation, hit policy and number of outputs (DMN 1.5, 8.2.11)."""
    for node in document.root.descendants():
        aggregation = node.get("aggregation")
        if node.kind != "decisionTable" or not aggregation:
            continue
        policy = node.get("hitPolicy", "UNIQUE")
        if policy != "COLLECT":
            message = f"Expected hit policy COLLECT with aggregation {aggregation}, found {policy}."
            yield document.finding(node, CODE, message, "Choose hit policy COLLECT, or remove the aggregation.")
        elif len(node.all("output")) > 1 and aggregation != "COUNT":
            message = f"Expected one output for aggregation {aggregation}, found {len(node.all('output'))}."
            yield document.finding(node, CODE, message, "Use one table per output, or remove the aggregation.")
