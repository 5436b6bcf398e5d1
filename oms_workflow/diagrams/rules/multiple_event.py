"""An event has several definitions that cannot stand together in one event."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.bpmn.support import Position
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.not_supported import position_of
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "multiple-event"

_ENDS = frozenset({"error", "terminate", "cancel"})
_AT_ONCE = frozenset({"error", "escalation", "cancel"})
_THROWS = frozenset({Position.THROW, Position.END})

Finding = tuple[str, str]  # what is wrong, and what to do about it


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at events with more than one definition (BPMN 2.0.2, 10.5.2 to 10.5.4, Multiple and Parallel Multiple)."""
    for event in document.executed(*EVENT_KINDS):
        kinds = document.event_kinds(event)
        if len(kinds) > 1:
            found = _throws(event, kinds) if position_of(event) in _THROWS else _catches(event, kinds)
            for message, fix in found:
                yield finding(document, event, CODE, message, fix)


def _throws(event: Element, kinds: list[str]) -> Iterator[Finding]:
    if "link" in kinds:
        yield "A link leads away, so nothing else can be thrown with it.", "Draw the link as an event of its own."
    ends = [kind for kind in kinds if kind in _ENDS]
    if len(ends) > 1:
        message = f"The event ends its scope in {len(ends)} ways ({', '.join(ends)}); only one of them can happen."
        yield message, "Keep the one that is meant."
    if event.extension("taskDefinition") is not None:
        message = "A job sends the one message of an event; this event throws several things."
        yield message, "Draw the message as an event of its own, and give that the job."


def _catches(event: Element, kinds: list[str]) -> Iterator[Finding]:
    for kind, why in (
        ("link", "A link is reached by its throw event only, never by something that happens."),
        ("compensation", "Compensation comes after its activity, when nothing else can happen to that any more."),
    ):
        if kind in kinds:
            yield why, f"Draw the {kind} as an event of its own."
    at_once = [kind for kind in kinds if kind in _AT_ONCE]
    if event.is_true("parallelMultiple") and at_once:
        message = f"The event waits for several things together, but what catches {at_once[0]} has to act at once."
        yield message, f"Draw the {at_once[0]} as an event of its own."
    if position_of(event) is Position.PROCESS_START and kinds.count("timer") > 1:
        yield "The start event has more than one timer.", "Draw one start event for each timer."
