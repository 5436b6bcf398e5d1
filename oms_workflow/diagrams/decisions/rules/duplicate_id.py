"""Two elements have the same id, so a reference to it could mean either."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "duplicate-id"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Count ids in the file, and ids of decisions in all files that belong together."""
    seen: dict[str, int] = {}
    for node in document.root.descendants():
        if not node.id:
            continue
        if node.id in seen:
            message = f"Expected the id '{node.id}' once, found it again; it is on line {seen[node.id]}, too."
            yield document.finding(node, CODE, message, "Give one of them another id.")
        seen.setdefault(node.id, node.line)
    earlier = {
        decision.id: model.file for model in document.graph.models[: document.position] for decision in model.decisions
    }
    for node in document.root.all("decision"):
        if node.id in earlier:
            message = f"Expected the decision id '{node.id}' once, found it in {earlier[node.id]}, too."
            yield document.finding(node, CODE, message, "Give one of the decisions another id.")
