"""A type is neither one of FEEL nor defined in the model, so values are not checked against it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.findings import closest
from oms_workflow.errors import Diagnostic, Severity
from oms_workflow.feel.types import SIMPLE_TYPES

CODE = "unknown-type"
ATTRIBUTES = ("typeRef", "outputTypeRef")
OF_OTHER_ENGINES = {"integer": "number", "long": "number", "double": "number", "datetime": "date and time"}
LOOSE = ("context", "list", "")  # kinds without their parts, which some modelers write for 'Any'


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Look at every type reference."""
    for node in document.root.descendants():
        names = [node.get(attribute) for attribute in ATTRIBUTES]
        names.append(node.text.strip() if node.kind == "typeRef" else "")
        for name in names:
            if name in LOOSE or document.types.is_known(name, document.position):
                continue
            message = f"Expected a type of FEEL or of this model, found '{name}'; values are not checked against it."
            yield document.finding(node, CODE, message, _fix(name, document), Severity.WARNING)


def _fix(name: str, document: DecisionDocument) -> str:
    known = [*SIMPLE_TYPES, *(item.name for item in document.model.items)]
    meant = OF_OTHER_ENGINES.get(name.lower()) or closest(name, known)
    return f"Write '{meant}'." if meant else "Write a type of FEEL such as number, string, boolean or date."
