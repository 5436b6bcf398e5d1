"""A data association begins or ends where it may not, or carries data it cannot carry."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.item_types import item_type, same_type
from oms_workflow.diagrams.vocabulary import XSI_TYPE
from oms_workflow.errors import Diagnostic

CODE = "data-association"

_FIX = "Draw the association anew, or remove it: variables are set by mappings."

_WRONG_ENDS = {
    "dataInputAssociation": ("sourceRef", "dataOutput", "an output of the process gives nothing to its nodes"),
    "dataOutputAssociation": ("targetRef", "dataInput", "an input of the process takes nothing from its nodes"),
}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the ends and types of data associations (BPMN 2.0.2, 10.4.1 and 10.4.2)."""
    for association in document.executed(*_WRONG_ENDS):
        sources, targets = _ends(document, association, "sourceRef"), _ends(document, association, "targetRef")
        transformed = association.first("transformation") is not None
        end, kind, why = _WRONG_ENDS[association.kind]
        for data in sources if end == "sourceRef" else targets:
            if data.kind == kind:
                yield finding(document, association, CODE, f"It is connected to {said(data)}, but {why}.", _FIX)
        if len(association.all("sourceRef")) > 1 and not transformed:
            message = "Several sources need a transformation that makes one value of them."
            yield finding(document, association, CODE, message, _FIX)
        for source in sources:
            for target in targets:
                if not transformed and not association.all("assignment") and not same_type(document, source, target):
                    message = (
                        f"{said(source)} has type {item_type(document, source)!r}, "
                        f"{said(target)} has type {item_type(document, target)!r}, and nothing transforms it."
                    )
                    yield finding(document, association, CODE, message, _FIX)
        for assignment in association.all("assignment"):
            for part in (*assignment.all("from"), *assignment.all("to")):
                if not part.attributes.get(XSI_TYPE, "").endswith("tFormalExpression"):
                    message = f"{part.kind!r} of an assignment is natural language; an executable process has none."
                    yield finding(document, part, CODE, message, _FIX)


def _ends(document: Document, association: Element, end: str) -> list[Element]:
    referred = (document.refer(reference.text) for reference in association.all(end))
    return [data for data in referred if data is not None]
