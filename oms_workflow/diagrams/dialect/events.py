"""Reading what an event waits for or throws, as values of `oms_workflow.bpmn.events`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oms_workflow.bpmn import events as bpmn
from oms_workflow.bpmn.events import EventDefinition, TimerMeasure
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element

TIMERS: Mapping[str, TimerMeasure] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def read_events(document: Document, event: Element) -> tuple[EventDefinition, ...]:
    """Give the event definitions of an event, in XML order; empty for a none event."""
    return tuple(_READERS[definition.kind](document, definition) for definition in document.event_definitions(event))


def read_message(document: Document, reference: str) -> bpmn.MessageEvent:
    """Give the message that an event or task refers to, with the key of its `zeebe:subscription`."""
    message = document.refer(reference)
    if message is None:
        return bpmn.MessageEvent(name="")
    subscription = message.extension("subscription")
    key = subscription.get("correlationKey") if subscription is not None else ""
    return bpmn.MessageEvent(name=message.name, correlation_key=key)


def timer_of(definition: Element) -> tuple[TimerMeasure, str]:
    """Give how a timer is measured and its text; a date without zone is completed to UTC by the engine."""
    for kind, measure in TIMERS.items():
        child = definition.first(kind)
        if child is not None:
            return measure, child.text
    return "duration", ""


def _message(document: Document, definition: Element) -> EventDefinition:
    return read_message(document, definition.get("messageRef"))


def _timer(_: Document, definition: Element) -> EventDefinition:
    measure, value = timer_of(definition)
    return bpmn.TimerEvent(measure=measure, value=value)


def _error(document: Document, definition: Element) -> EventDefinition:
    return bpmn.ErrorEvent(code=_attribute(document, definition.get("errorRef"), "errorCode"))


def _escalation(document: Document, definition: Element) -> EventDefinition:
    return bpmn.EscalationEvent(code=_attribute(document, definition.get("escalationRef"), "escalationCode"))


def _signal(document: Document, definition: Element) -> EventDefinition:
    return bpmn.SignalEvent(name=_attribute(document, definition.get("signalRef"), "name"))


def _compensation(document: Document, definition: Element) -> EventDefinition:
    activity = _attribute(document, definition.get("activityRef"), "id")
    return bpmn.CompensationEvent(activity=activity, waits=definition.is_true("waitForCompletion", default=True))


def _conditional(_: Document, definition: Element) -> EventDefinition:
    condition = definition.first("condition")
    return bpmn.ConditionalEvent(condition=condition.text if condition is not None else "")


def _link(document: Document, definition: Element) -> EventDefinition:
    return bpmn.LinkEvent(name=link_name(document, definition))


def link_name(document: Document, definition: Element) -> str:
    """Give the name by which a link throw finds its catch: that of the catch it points to, else its own."""
    target = definition.first("target")
    if target is not None:
        catch = document.refer(target.text)
        if catch is not None and catch.kind == "linkEventDefinition":
            return catch.name
    return definition.name


def _terminate(_: Document, __: Element) -> EventDefinition:
    return bpmn.TerminateEvent()


def _cancel(_: Document, __: Element) -> EventDefinition:
    return bpmn.CancelEvent()


def _attribute(document: Document, reference: str, attribute: str) -> str:
    referred = document.refer(reference) if reference else None
    return referred.get(attribute) if referred is not None else ""


_READERS: Mapping[str, Callable[[Document, Element], EventDefinition]] = {
    "messageEventDefinition": _message,
    "timerEventDefinition": _timer,
    "errorEventDefinition": _error,
    "escalationEventDefinition": _escalation,
    "signalEventDefinition": _signal,
    "compensateEventDefinition": _compensation,
    "conditionalEventDefinition": _conditional,
    "linkEventDefinition": _link,
    "terminateEventDefinition": _terminate,
    "cancelEventDefinition": _cancel,
}
