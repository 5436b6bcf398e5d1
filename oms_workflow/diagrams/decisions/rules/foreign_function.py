"""A function is to be run by Java or PMML, which this engine does not do."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.node import Node
from oms_workflow.errors import Diagnostic

CODE = "foreign-function"
LONGEST_WORD = 80  # characters of the name of a class or method in a message


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at attribute `kind` of functions."""
    for node in document.root.descendants():
        kind = node.get("kind", "FEEL")
        if node.kind in ("functionDefinition", "encapsulatedLogic") and kind != "FEEL":
            named = "".join(f" {text}" for text in _words(node))
            message = f"Expected a function of kind FEEL, found kind '{kind}'{named}; such functions are not run."
            fix = "Write the function in FEEL, or let an activity do the work."
            yield document.finding(node, CODE, message, fix)


def _words(node: Node) -> Iterator[str]:
    """What is to be run, as it is written: the class and the method, or the document and the model."""
    for box in node.all("context"):
        for entry in box.all("contextEntry"):
            for literal in entry.all("literalExpression"):
                yield literal.words()[:LONGEST_WORD]
