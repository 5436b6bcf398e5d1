"""An expression is not FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "feel-syntax"
SHOWN = 80  # characters of an expression in a message


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at every text of the logic."""
    for one in document.texts:
        if one.error is not None:
            shown = one.text if len(one.text) <= SHOWN else f"{one.text[:SHOWN]}..."
            line, column = one.error.line, one.error.column
            where = f"line {line}, column {column}" if line > 1 else f"column {column}"
            message = f"The {one.box.kind} is not FEEL, {where} of the text: {one.error.message} Found '{shown}'."
            yield document.finding(one.node, CODE, message, "Correct the expression.")
