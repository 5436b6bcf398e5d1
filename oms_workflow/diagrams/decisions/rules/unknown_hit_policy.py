"""A decision table names a hit policy or aggregation that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import AGGREGATIONS, HIT_POLICIES
from oms_workflow.errors import Diagnostic

CODE = "unknown-hit-policy"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at the attributes of every table."""
    for node in document.root.descendants():
        if node.kind != "decisionTable":
            continue
        for attribute, known in (("hitPolicy", HIT_POLICIES), ("aggregation", AGGREGATIONS)):
            found = node.get(attribute)
            if found and found not in known:
                message = f"Expected {attribute} {', '.join(known)}, found '{found}'."
                yield document.finding(node, CODE, message, f"Choose one of these for {attribute}.")
