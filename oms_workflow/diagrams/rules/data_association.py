"""A data association begins or ends where it may not, or carries data it cannot carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oms_workflow.diagrams.dialect.data_flow import carried_by, carries, variable_of
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.item_types import item_type, same_type
from oms_workflow.diagrams.vocabulary import XSI_TYPE
from oms_workflow.errors import Diagnostic, Severity

CODE = "data-association"

_FIX = "Draw the association anew, or remove it."

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
        yield from _carried(document, association, (*sources, *targets))
        for assignment in association.all("assignment"):
            for part in (*assignment.all("from"), *assignment.all("to")):
                if not part.attributes.get(XSI_TYPE, "").endswith("tFormalExpression"):
                    message = f"{part.kind!r} of an assignment is natural language; an executable process has none."
                    yield finding(document, part, CODE, message, _FIX)


def _carried(document: Document, association: Element, ends: Iterable[Element]) -> Iterator[Diagnostic]:
    """Look at what the association carries, and tell when it carries nothing."""
    if not carries(document, association):
        message = "It only shows: it neither transforms data nor connects a declared input or output."
        yield finding(document, association, CODE, message, "Nothing to do, if that is meant.", Severity.INFO)
        return
    for data in ends:
        if data.kind == "dataStoreReference":
            message = f"Data cannot be carried from or to {said(data)}: data stores are not executed."
            yield finding(document, association, CODE, message, "Have an activity read or write it.")
        elif not variable_of(document, data):
            message = f"{said(data)} is a variable here, and FEEL can say neither its name nor its id."
            yield finding(document, data, CODE, message, "Give it a name of letters, digits and underscores.")
    if len(list(carried_by(document, association))) == 0:
        message = "It does not say where the data goes."
        yield finding(document, association, CODE, message, "Connect it to data, or remove it.")


def _ends(document: Document, association: Element, end: str) -> list[Element]:
    referred = (document.refer(reference.text) for reference in association.all(end))
    return [data for data in referred if data is not None]
