"""Logic reads an element of the model that its decision does not require, so it is null there.

A warning only, because inside a filter the name may be an entry of the filtered items.
"""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.model_reader import key_of
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.dmn.model import BusinessKnowledge, Decision
from oms_workflow.errors import Diagnostic, Severity

CODE = "missing-requirement"
OWN_NAMES = {
    "contextEntry": "variable",
    "encapsulatedLogic": "formalParameter",
    "functionDefinition": "formalParameter",
}


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare the names that logic reads with what is required (DMN 1.5, 10.4)."""
    declared = document.graph.declared(document.position)
    seen: dict[Node, set[str]] = {}
    for one in document.texts:
        node = _element_around(one.node)
        if node.kind not in ("decision", "businessKnowledgeModel"):
            continue
        if node not in seen:
            seen[node] = _required(document, node) | _given_inside(node)
        for name in one.names:
            if name in declared and name not in seen[node]:
                seen[node].add(name)  # told once for each decision
                message = f"Expected a requirement for '{name}', which the logic reads, found none."
                fix = f"Draw a requirement from '{name}' to '{node.name}'."
                yield document.finding(one.node, CODE, message, fix, Severity.WARNING)


def _element_around(node: Node) -> Node:
    """The child of the root that a text stands in."""
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node


def _required(document: DecisionDocument, node: Node) -> set[str]:
    """Names of what is required, and of the element itself where it may call itself."""
    element = document.graph.elements.get((document.position, key_of(node)))
    if isinstance(element, Decision):
        references, own = (*element.information, *element.knowledge), set()
    elif isinstance(element, BusinessKnowledge):
        references, own = element.knowledge, {element.name}
    else:
        return set()
    targets = [document.graph.resolve(document.position, reference) for reference in references]
    return own | {document.graph.elements[target].name for target in targets if target}


def _given_inside(node: Node) -> set[str]:
    """Names that the logic itself gives: parameters, entries, iteration variables."""
    found: set[str] = set()
    for inner in node.descendants():
        kind = OWN_NAMES.get(inner.kind)
        found.update(child.name for child in inner.all(kind) if child.name) if kind else None
        found.add(inner.get("iteratorVariable"))
    return found
