"""Reading data flow (BPMN 2.0.2, 10.4): associations with declared inputs and outputs become mappings in FEEL.

A data object, property, input or output is a variable: named after the data when FEEL can say that name, else after its
id. An association that neither transforms nor connects anything declared only shows; a modeler draws such lines for
people, and nothing is carried along them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oms_workflow.bpmn.work import Mapping
from oms_workflow.diagrams.dialect.work import read_mappings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.vocabulary import SCOPE_KINDS
from oms_workflow.feel.names import KEYWORDS

INPUT, OUTPUT = "dataInputAssociation", "dataOutputAssociation"
CARRIED = frozenset({"dataObject", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem"})
DECLARED = frozenset({"dataInput", "dataOutput", "inputDataItem", "outputDataItem"})

_SAYABLE = re.compile(r"[^\W\d]\w*")


def mappings_of(document: Document, node: Element, direction: str) -> tuple[Mapping, ...]:
    """Give what a node maps: first as its data associations say, then as `zeebe:ioMapping` does.

    Args:
        direction: `input` or `output`.
    """
    return data_mappings(document, node, direction) + read_mappings(node, direction)


def data_mappings(document: Document, node: Element, direction: str) -> tuple[Mapping, ...]:
    """Give the mappings that the data associations of a node mean; those that feed its loop belong to the loop."""
    if not any(child.kind in (INPUT, OUTPUT) for child in node.children) and node.kind not in SCOPE_KINDS:
        return ()
    found: tuple[Mapping, ...] = node.once(
        f"{direction} data", lambda: tuple(_data_mappings(document, node, direction))
    )
    return found


def _data_mappings(document: Document, node: Element, direction: str) -> Iterator[Mapping]:
    if direction == "input":
        yield from (Mapping(source="=null", target=name) for name in _own_data(document, node))
    ends = loop_ends(document, node)
    for association in node.all(INPUT if direction == "input" else OUTPUT):
        if association not in ends and carries(document, association):
            yield from carried_by(document, association)


def carries(document: Document, association: Element) -> bool:
    """Say whether an association carries data: it transforms it, or connects what is declared as input or output."""
    if association.all("transformation") or association.all("assignment"):
        return True
    ends = association.all("targetRef" if association.kind == INPUT else "sourceRef")
    found = [document.refer(end.text) for end in ends]
    return any(data is not None and data.kind in DECLARED for data in found)


def carried_by(document: Document, association: Element) -> Iterator[Mapping]:
    """Give the mappings of one association: its transformation or plain copy, then its assignments."""
    target = _named(document, association, "targetRef")
    transformation = association.first("transformation")
    assignments = association.all("assignment")
    if transformation is not None and target:
        yield Mapping(source=transformation.text, target=target)
    elif not assignments and target:
        yield Mapping(source="=" + _named(document, association, "sourceRef"), target=target)
    for assignment in assignments:
        origin, place = assignment.first("from"), assignment.first("to")
        if origin is not None:
            yield Mapping(source=origin.text, target=_place(document, place) or target)


def variable_of(document: Document, data: Element | None) -> str:
    """Give the name of the variable that data is; '' for what is no data, or has no name that FEEL can say."""
    shown = document.refer(data.get("dataObjectRef")) if data and data.kind == "dataObjectReference" else data
    if shown is None or shown.kind not in CARRIED:
        return ""
    return next((name for name in (shown.name, shown.id) if is_sayable(name)), "")


def is_sayable(name: str) -> bool:
    """Say whether FEEL reads a text as one name, whatever else it knows."""
    return bool(_SAYABLE.fullmatch(name)) and name not in KEYWORDS


# -- loops


def loop_collection(document: Document, activity: Element, multiple: Element) -> str:
    """Give the FEEL of `loopDataInputRef`: the list that is looped over; '' when there is none (10.3.8)."""
    reference = multiple.first("loopDataInputRef")
    if reference is None:
        return ""
    feeding = _association(activity, INPUT, "targetRef", reference.text)
    mapping = next(carried_by(document, feeding), None) if feeding is not None else None
    if mapping is not None:
        return mapping.source
    name = variable_of(document, document.refer(reference.text))
    return f"={name}" if name else ""


def loop_outputs(document: Document, activity: Element, multiple: Element) -> tuple[str, str]:
    """Give the variable of `loopDataOutputRef`, and the FEEL of what it gathers of one item; '' when there is none."""
    reference, item = multiple.first("loopDataOutputRef"), multiple.first("outputDataItem")
    if reference is None or item is None:
        return "", ""
    onward = _association(activity, OUTPUT, "sourceRef", reference.text)
    gathered = _named(document, onward, "targetRef") if onward is not None else ""
    filling = _association(activity, OUTPUT, "targetRef", item.id)
    mapping = next(carried_by(document, filling), None) if filling is not None else None
    element = mapping.source if mapping is not None else "=" + variable_of(document, item)
    return gathered or variable_of(document, document.refer(reference.text)), element


def loop_ends(document: Document, activity: Element) -> list[Element]:
    """Give the associations that carry the whole list into a loop or out of it, not the data of one run."""
    multiple = activity.first("multiInstanceLoopCharacteristics")
    if multiple is None:
        return []
    item = multiple.first("outputDataItem")
    looked = [
        *(_association(activity, INPUT, "targetRef", one.text) for one in multiple.all("loopDataInputRef")),
        *(_association(activity, OUTPUT, "sourceRef", one.text) for one in multiple.all("loopDataOutputRef")),
        _association(activity, OUTPUT, "targetRef", item.id) if item is not None else None,
    ]
    return [one for one in looked if one is not None]


def _association(activity: Element, kind: str, end: str, data: str) -> Element | None:
    for association in activity.all(kind):
        if any(reference.text == data for reference in association.all(end)):
            return association
    return None


# -- scopes


def _own_data(document: Document, node: Element) -> Iterator[str]:
    """Give the data objects and properties that live as long as a sub-process does, when something is carried to them.

    BPMN 2.0.2, 10.4.1: a data object ends with the scope it is drawn in, and nobody outside sees it.
    """
    if node.kind not in SCOPE_KINDS or node.kind == "process":
        return
    for data in node.children:
        if data.kind in ("dataObject", "property") and data.id in _carried(document):
            name = variable_of(document, data)
            if name:
                yield name


def _carried(document: Document) -> frozenset[str]:
    found: frozenset[str] = document.once("carried data", lambda: frozenset(_all_carried(document)))
    return found


def _all_carried(document: Document) -> Iterator[str]:
    for association in document.executed(INPUT, OUTPUT):
        if carries(document, association):
            for end in (*association.all("sourceRef"), *association.all("targetRef")):
                data = document.refer(end.text)
                if data is not None:
                    yield data.get("dataObjectRef") if data.kind == "dataObjectReference" else data.id


def _named(document: Document, association: Element, end: str) -> str:
    reference = association.first(end)
    return variable_of(document, document.refer(reference.text)) if reference is not None else ""


def _place(document: Document, place: Element | None) -> str:
    """Give the variable, or the path into one, that the `to` of an assignment names."""
    text = place.text.removeprefix("=").strip() if place is not None else ""
    return variable_of(document, document.refer(text)) or text
