"""The diagram uses something that is not executed, though it would change what happens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from oms_workflow.bpmn import support
from oms_workflow.bpmn.support import Position, Row, Standing
from oms_workflow.diagrams.document import Document, is_event_sub_process, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import EVENT_KINDS, ZEEBE
from oms_workflow.errors import Diagnostic

CODE = "not-supported"

_POSITIONS = {
    "intermediateCatchEvent": Position.CATCH,
    "intermediateThrowEvent": Position.THROW,
    "boundaryEvent": Position.BOUNDARY,
    "endEvent": Position.END,
}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look every element, attribute and event up in the support table."""
    if not document.is_bpmn:
        return
    for element in document.checked:
        if element.kind.startswith("{"):
            continue
        row = support.element(element.kind)
        if row.standing is Standing.REFUSED:
            yield _refusal(document, element, row)
        elif row.standing is Standing.EXECUTED:
            yield from _attributes(document, element)
        if element.kind in EVENT_KINDS:
            yield from _event(document, element)


def position_of(event: Element) -> Position:
    """Say where an event stands."""
    if event.kind in _POSITIONS:
        return _POSITIONS[event.kind]
    scope = scope_of(event)
    if scope.kind == "process":
        return Position.PROCESS_START
    return Position.EVENT_SUB_PROCESS_START if is_event_sub_process(scope) else Position.SUB_PROCESS_START


def _attributes(document: Document, element: Element) -> Iterator[Diagnostic]:
    for name, row in _limited(element.kind, tuple(element.attributes)):
        if row.standing is Standing.REFUSED:
            yield _refusal(document, element, row)
        elif element.get(name) not in row.only:
            wanted = " or ".join(repr(value) for value in row.only)
            message = f"{name} of {element.kind} is {element.get(name)!r}; only {wanted} is executed. {row.note}"
            yield finding(document, element, CODE, message.strip(), row.instead or f"Set {name} to {wanted}.")


@lru_cache(maxsize=4096)
def _limited(kind: str, names: tuple[str, ...]) -> tuple[tuple[str, Row], ...]:
    """The attributes of which not every value is executed, with their rows."""
    ours = [(name, name.replace(f"{{{ZEEBE}}}", "zeebe:")) for name in names]
    rows = [(name, support.attribute(kind, short)) for name, short in ours if not short.startswith("{")]
    return tuple((name, row) for name, row in rows if row.only or row.standing is Standing.REFUSED)


def _event(document: Document, event: Element) -> Iterator[Diagnostic]:
    position = position_of(event)
    kinds = document.event_kinds(event)
    nothing = [] if position is Position.EVENT_SUB_PROCESS_START else ["none"]  # that is a rule of its own
    for kind in kinds or nothing:
        row = support.event(position, kind)
        if row.standing is Standing.REFUSED:
            yield _refusal(document, event, row)
    if len(kinds) > 1:
        row = support.event(position, "parallel multiple" if event.is_true("parallelMultiple") else "multiple")
        if row.standing is Standing.REFUSED:
            yield _refusal(document, event, row)
    elif event.is_true("parallelMultiple"):
        message = "parallelMultiple is set, but the event waits for one thing only."
        yield finding(document, event, CODE, message, "Remove parallelMultiple.")


def _refusal(document: Document, element: Element, row: Row) -> Diagnostic:
    what = "" if element.kind in row.note or ":" in row.subject else f"{row.subject}: "
    return finding(document, element, CODE, f"{what}{row.note}", row.instead)
