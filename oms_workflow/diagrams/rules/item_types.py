"""What type data has in a diagram, through data objects, stores and item definitions. Judges nothing."""

from __future__ import annotations

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element

_SHOWN_BY = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}
_ITEM_OF = {"message": "itemRef", "error": "structureRef", "escalation": "structureRef", "signal": "structureRef"}


def item_definition(document: Document, data: Element | None) -> Element | None:
    """Give the item definition of data, a message, an error or a signal; None when it names none."""
    if data is None:
        return None
    reference = data.get(_ITEM_OF.get(data.kind, "itemSubjectRef"))
    found = document.refer(reference) if reference else None
    if found is None and data.kind in _SHOWN_BY:
        return item_definition(document, document.refer(data.get(_SHOWN_BY[data.kind])))
    return found if found is not None and found.kind == "itemDefinition" else None


def item_type(document: Document, data: Element | None) -> str:
    """Give the name of the type: the structure of the item definition, else its id; '' when there is none."""
    definition = item_definition(document, data)
    return definition.get("structureRef") or definition.id if definition is not None else ""


def same_type(document: Document, one: Element | None, other: Element | None) -> bool:
    """Say whether two have the same type; data without a type fits any."""
    first, second = item_definition(document, one), item_definition(document, other)
    if first is None or second is None or first is second:
        return True
    return bool(first.get("structureRef")) and first.get("structureRef") == second.get("structureRef")
