"""A function is to be run by Java or PMML, which this engine does not do."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "foreign-function"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at attribute `kind` of functions."""
    for node in document.root.descendants():
        kind = node.get("kind", "FEEL")
        if node.kind in ("functionDefinition", "encapsulatedLogic") and kind != "FEEL":
            message = f"Expected a function of kind FEEL, found kind '{kind}'; such functions are not run."
            fix = "Write the function in FEEL, or let an activity do the work."
            yield document.finding(node, CODE, message, fix)
