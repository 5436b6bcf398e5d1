"""A compensation event has no handler that could undo anything, or a handler stands in the flow."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, is_event_sub_process, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS
from oms_workflow.errors import Diagnostic

CODE = "compensation-handler"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Follow the associations of compensation events (BPMN 2.0.2, 10.7.1)."""
    handlers: set[Element] = set()
    for event in document.executed("boundaryEvent"):
        if "compensation" in document.event_kinds(event):
            yield from _event(document, event, handlers)
    for node in document.executed(*ACTIVITY_KINDS):
        if node.is_true("isForCompensation") and not is_event_sub_process(node):  # those start by the event in them
            yield from _handler(document, node, node in handlers)
    for event in document.executed("intermediateThrowEvent", "endEvent"):
        yield from _throw(document, event)


def handlers_of(document: Document, event: Element) -> list[Element]:
    """Give the activities that an association connects to a compensation boundary event."""
    targets = [document.refer(association.get("targetRef")) for association in document.associations(event)]
    return [target for target in targets if target is not None and target.kind in ACTIVITY_KINDS]


def _event(document: Document, event: Element, handlers: set[Element]) -> Iterator[Diagnostic]:
    connected = handlers_of(document, event)
    handlers.update(connected)
    if len(connected) != 1:
        message = f"A compensation event needs one handler, connected by an association; this one has {len(connected)}."
        yield finding(document, event, CODE, message, "Draw an association to the activity that undoes the work.")
    for handler in connected:
        if not handler.is_true("isForCompensation"):
            message = f"The {said(handler)} is connected as handler, but not marked for compensation."
            yield finding(document, handler, CODE, message, 'Set isForCompensation="true" on it.')
        elif scope_of(handler) is not scope_of(event):
            message = f"The handler {handler.id!r} is not on the level of what it undoes."
            yield finding(document, handler, CODE, message, "Move it to the level of the compensation event.")


def _handler(document: Document, node: Element, is_connected: bool) -> Iterator[Diagnostic]:
    for flow in (*document.incoming(node), *document.outgoing(node)):
        message = f"A compensation handler stands outside the flow, but flow {flow.id!r} is connected to it."
        yield finding(document, node, CODE, message, "Remove the flow, or isForCompensation.")
    if not is_connected:
        message = "The activity is for compensation, but no compensation event is connected to it."
        yield finding(document, node, CODE, message, "Connect it by an association from a compensation boundary event.")


def _throw(document: Document, event: Element) -> Iterator[Diagnostic]:
    """What is thrown may undo an activity of its own level or, in an event sub-process, of the level around."""
    scopes = [scope_of(event)]
    while is_event_sub_process(scopes[-1]):
        scopes.append(scope_of(scopes[-1]))
    for definition in document.event_definitions(event):
        reference = definition.get("activityRef")
        activity = document.refer(reference) if reference else None
        if activity is not None and activity.kind in ACTIVITY_KINDS and scope_of(activity) not in scopes:
            message = f"The activity {reference!r} to undo is on another level than the event."
            yield finding(document, event, CODE, message, "Throw the compensation on the level of the activity.")
