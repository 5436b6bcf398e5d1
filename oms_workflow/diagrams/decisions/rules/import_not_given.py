"""The file imports another model that is not among the given files, so references into it lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.errors import Diagnostic

CODE = "import-not-given"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Compare imports with the given files, by namespace; imports of other things than DMN are not followed."""
    given = {model.namespace for model in document.graph.models}
    for node, imported in zip(document.root.all("import"), document.model.imports, strict=True):
        if imported.kind == "other":
            message = f"Expected a decision model to import, found import type '{node.get('importType')}'."
            yield document.finding(node, CODE, message, "Import DMN only; remove this import.")
        elif imported.namespace not in given:
            message = f"The imported model with namespace '{imported.namespace}' is not among the given files."
            yield document.finding(node, CODE, message, "Give its file together with this one, or remove the import.")
