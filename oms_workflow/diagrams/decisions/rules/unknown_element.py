"""An element stands where DMN has no place for it, so nothing would be done with it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.vocabulary import ANYWHERE, PARTS
from oms_workflow.errors import Diagnostic

CODE = "unknown-element"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare every element with what may stand in the one around it."""
    for node in document.root.descendants():
        allowed = PARTS.get(node.kind)
        for child in node.children if allowed is not None else ():
            if child.kind not in allowed | ANYWHERE:  # type: ignore[operator]
                message = f"Expected no '{child.kind}' in '{node.kind}', found one."
                fix = "Remove it, or move it to where it belongs."
                yield document.finding(child, CODE, message, fix)
            elif child.kind == "importedValues":
                message = "Expected FEEL in the file itself, found values imported from another one."
                yield document.finding(child, CODE, message, "Write the values as FEEL here.")
