"""A decision table with several outputs has one without a name, or two with the same."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "missing-output-name"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """The answer of such a table is a context, whose keys are these names."""
    for node in document.root.descendants():
        outputs = node.all("output") if node.kind == "decisionTable" else []
        names = [output.name for output in outputs]
        for output in outputs if len(outputs) > 1 else []:
            if not output.name:
                message = f"Expected a name on each of the {len(outputs)} outputs, found one without."
                yield document.finding(output, CODE, message, "Give the output a name.")
            elif names.count(output.name) > 1:
                message = (
                    f"Expected different names on the outputs, found '{output.name}' {names.count(output.name)} times."
                )
                yield document.finding(output, CODE, message, "Give the outputs different names.")
