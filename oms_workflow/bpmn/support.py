"""What of BPMN 2.0.2 and of our dialect runs, what is refused, and what is only documentation: the one table of it.

The linter, the compiler and docs/elements.md draw from here. Nothing of a diagram is silently ignored: whatever has no
row is refused. To execute something new, change its row and write its compile and engine code.
"""

from __future__ import annotations

from functools import lru_cache

from oms_workflow.bpmn.support_attributes import ATTRIBUTES
from oms_workflow.bpmn.support_dialect import DIALECT_ATTRIBUTES, DIALECT_ELEMENTS
from oms_workflow.bpmn.support_elements import ELEMENTS
from oms_workflow.bpmn.support_events import EVENTS
from oms_workflow.bpmn.support_row import Position, Row, Standing, refused

__all__ = ["Position", "Row", "Standing", "attribute", "element", "event", "rows"]

_ELEMENTS = {row.subject: row for row in (*ELEMENTS, *DIALECT_ELEMENTS)}
_ATTRIBUTES = {row.subject: row for row in (*ATTRIBUTES, *DIALECT_ATTRIBUTES)}
_EVENTS = {row.subject: row for row in EVENTS}


@lru_cache(maxsize=1024)
def element(kind: str) -> Row:
    """Give the row of an element (`serviceTask`, `zeebe:taskDefinition`)."""
    return _ELEMENTS.get(kind) or refused(kind, f"{kind} is no element that is known here.", "Remove it.")


@lru_cache(maxsize=4096)
def attribute(kind: str, name: str) -> Row:
    """Give the row of an attribute of an element; an element without a row of its own has that of all elements."""
    row = _ATTRIBUTES.get(f"{kind}@{name}") or _ATTRIBUTES.get(f"*@{name}")
    return row or refused(f"{kind}@{name}", f"Attribute {name!r} of {kind} is not known here.", "Remove it.")


def event(position: Position, definition: str) -> Row:
    """Give the row of an event: where it stands, and `none`, `message`, ..., `multiple` or `parallel multiple`."""
    subject = f"{position.value}: {definition}"
    return _EVENTS.get(subject) or refused(
        subject,
        f"BPMN 2.0.2 (10.5) has no {definition} event as {position.value}.",
        "Choose a kind of event that may stand there; docs/elements.md lists them.",
    )


def rows() -> dict[str, tuple[Row, ...]]:
    """Give the whole table, by section, as the documentation shows it."""
    return {
        "Elements": ELEMENTS,
        "Events, by place": EVENTS,
        "Attributes": ATTRIBUTES,
        "Elements of the zeebe dialect": DIALECT_ELEMENTS,
        "Attributes of the zeebe dialect": DIALECT_ATTRIBUTES,
    }
