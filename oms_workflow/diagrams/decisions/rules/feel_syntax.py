"""An expression is not FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.logic_reader import is_feel
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.diagrams.decisions.vocabulary import NOT_FEEL, PARTS, UNARY_TESTS
from oms_workflow.errors import Diagnostic
from oms_workflow.feel.errors import FeelSyntaxError

CODE = "feel-syntax"
SHOWN = 80  # characters of an expression in a message


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compile every text of the logic."""
    names = document.graph.names_in(document.position)
    for node in document.root.descendants():
        if node.kind == "text" and node.parent is not None and _is_logic(node.parent) and is_feel(node.parent):
            error = _error(document, node, names)
            if error is not None:
                yield document.finding(node, CODE, _message(node, error), "Correct the expression.")


def _is_logic(parent: Node) -> bool:
    foreign = parent.parent is not None and _in_foreign_function(parent)
    return "text" in PARTS.get(parent.kind, ()) and parent.kind not in NOT_FEEL and not foreign


def _in_foreign_function(node: Node) -> bool:
    one: Node | None = node
    while one is not None:
        if one.kind in ("functionDefinition", "encapsulatedLogic") and one.get("kind", "FEEL") != "FEEL":
            return True
        one = one.parent
    return False


def _error(document: DecisionDocument, node: Node, names: frozenset[str]) -> FeelSyntaxError | None:
    assert node.parent is not None
    text = node.text.strip()
    try:
        if node.parent.kind in UNARY_TESTS:
            document.graph.tests(text, document.position, names)
        elif text not in ("", "-"):
            document.graph.expression(text, document.position, names)
    except FeelSyntaxError as error:
        return error
    return None


def _message(node: Node, error: FeelSyntaxError) -> str:
    text = node.text.strip()
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    where = f"line {error.line}, column {error.column}" if error.line > 1 else f"column {error.column}"
    assert node.parent is not None
    return f"The {node.parent.kind} is not FEEL, {where} of the text: {error.message} Found '{shown}'."
