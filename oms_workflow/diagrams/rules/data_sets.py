"""The inputs and outputs that an element declares do not agree with its input and output sets."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import SCOPE_KINDS
from oms_workflow.errors import Diagnostic

CODE = "data-sets"

_FIX = "Declare the data with a modeler, or remove it."

_SIDES = (
    ("dataInput", "inputSet", "dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs"), "outputSetRefs"),
    ("dataOutput", "outputSet", "dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs"), "inputSetRefs"),
)


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at everything that declares data (BPMN 2.0.2, 10.4.1)."""
    for box in document.of_kind("ioSpecification"):
        holder = box.parent
        if holder is not None and holder.kind in SCOPE_KINDS - {"process"}:
            message = f"A {holder.kind} declares no inputs and outputs of its own."
            yield finding(document, box, CODE, message, _FIX)
        yield from _declared(document, box)
    for event in document.executed("startEvent", "endEvent", "boundaryEvent"):
        yield from _declared(document, event)
    for event in document.executed("intermediateCatchEvent", "intermediateThrowEvent"):
        yield from _declared(document, event)


def _declared(document: Document, holder: Element) -> Iterator[Diagnostic]:
    for data, set_kind, members, parts, counterpart in _SIDES:
        sets = holder.all(set_kind)
        named = {reference.text for one in sets for reference in one.all(members)}
        for item in holder.all(data):
            if item.id not in named:
                message = f"{said(item)} is a member of no {set_kind}."
                yield finding(document, item, CODE, message, _FIX)
        for one in sets:
            inside = {reference.text for reference in one.all(members)}
            for part in parts:
                for reference in one.all(part):
                    if reference.text not in inside:
                        message = f"{part} names {reference.text!r}, which is no member of its {set_kind}."
                        yield finding(document, reference, CODE, message, _FIX)
            for reference in one.all(counterpart):
                other = document.refer(reference.text)
                back = "inputSetRefs" if counterpart == "outputSetRefs" else "outputSetRefs"
                if other is not None and one.id not in {entry.text for entry in other.all(back)}:
                    message = f"{said(one)} names {said(other)}, which does not name it in turn."
                    yield finding(document, reference, CODE, message, _FIX)
