"""Logic reads an element of the model that its decision does not require, so it is null there.

A warning only, because inside a filter the name may be an entry of the filtered items.
"""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import is_feel
from oms_workflow.diagrams.decisions.model_reader import key_of
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import NOT_FEEL, UNARY_TESTS
from oms_workflow.dmn.model import BusinessKnowledge, Decision
from oms_workflow.errors import Diagnostic, Severity
from oms_workflow.feel import compile_expression, compile_unary_tests
from oms_workflow.feel.errors import FeelSyntaxError

CODE = "missing-requirement"
OWN_NAMES = {
    "contextEntry": "variable",
    "encapsulatedLogic": "formalParameter",
    "functionDefinition": "formalParameter",
}


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare the names that logic reads with what is required (DMN 1.5, 10.4)."""
    names = document.graph.names_in(document.position)
    for node in document.root.all("decision", "businessKnowledgeModel"):
        unseen = document.graph.declared(document.position) - _required(document, node) - _given_inside(node)
        told: set[str] = set()
        for text in node.descendants():
            for name in _names_read(text, names) if unseen and text.kind == "text" else ():
                if name in unseen and name not in told:
                    told.add(name)
                    message = f"Expected a requirement for '{name}', which the logic reads, found none."
                    fix = f"Draw a requirement from '{name}' to '{node.name}'."
                    yield document.finding(text, CODE, message, fix, Severity.WARNING)


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


def _names_read(node: Node, names: frozenset[str]) -> tuple[str, ...]:
    parent = node.parent
    assert parent is not None
    text = node.text.strip()
    if parent.kind in NOT_FEEL or text in ("", "-") or not is_feel(parent):
        return ()
    try:
        if parent.kind in UNARY_TESTS:
            return compile_unary_tests(text, names=names).names
        return compile_expression(text, names=names).names
    except FeelSyntaxError:
        return ()
