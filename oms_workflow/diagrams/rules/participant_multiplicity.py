"""The number of parties that a pool stands for contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "participant-multiplicity"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare minimum and maximum (BPMN 2.0.2, table 9.5: at least 0, and at least 1 and the minimum)."""
    for multiplicity in document.of_kind("participantMultiplicity"):
        try:
            minimum, maximum = int(multiplicity.get("minimum", "0")), int(multiplicity.get("maximum", "1"))
        except ValueError:
            continue  # told by the schema
        if minimum < 0 or maximum < max(1, minimum):
            message = f"The pool stands for {minimum} to {maximum} parties."
            yield finding(document, multiplicity, CODE, message, "Let maximum be at least 1 and at least minimum.")
