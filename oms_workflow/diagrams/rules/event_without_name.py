"""An event or task names no message, signal, error code or escalation code, so nothing could match it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "event-without-name"

_THROWS = frozenset({"intermediateThrowEvent", "endEvent"})

NAMES = {
    "messageEventDefinition": ("messageRef", "name", "message"),
    "signalEventDefinition": ("signalRef", "name", "signal"),
    "errorEventDefinition": ("errorRef", "errorCode", "error"),
    "escalationEventDefinition": ("escalationRef", "escalationCode", "escalation"),
}
"""Event definition -> attribute that refers, attribute of the referred element that is matched, and what that is."""

_MAY_CATCH_ALL = frozenset({"errorEventDefinition", "escalationEventDefinition"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at messages, signals, errors and escalations (BPMN 2.0.2, 10.5.5, tables 10.88 to 10.97)."""
    for node in document.executed(*EVENT_KINDS):
        for definition in document.event_definitions(node):
            if definition.kind in NAMES:
                reference, attribute, what = NAMES[definition.kind]
                if definition.kind in _MAY_CATCH_ALL and node.kind not in _THROWS:
                    continue  # without a code it catches all of them
                referred = document.refer(definition.get(reference))
                if not definition.get(reference) and not _is_sent_by_job(node):
                    message = f"The {said(node)} names no {what}."
                    fix = f"Choose a {what}, with its {_plain(attribute)}."
                    yield finding(document, node, CODE, message, fix)
                elif referred is not None and not referred.get(attribute):
                    yield _nameless(document, node, referred, attribute)
    for node in document.executed("sendTask", "receiveTask"):
        message_element = document.refer(node.get("messageRef"))
        if message_element is not None and not message_element.get("name"):
            yield _nameless(document, node, message_element, "name")


def _is_sent_by_job(node: Element) -> bool:
    """Whether an activity sends the message, which then knows what it sends."""
    return node.kind in _THROWS and node.extension("taskDefinition") is not None


def _nameless(document: Document, node: Element, referred: Element, attribute: str) -> Diagnostic:
    message = f"The {said(referred)} that the {said(node)} refers to has no {_plain(attribute)}."
    return finding(document, node, CODE, message, f"Give the {referred.kind} a {_plain(attribute)}.")


def _plain(attribute: str) -> str:
    return "name" if attribute == "name" else "code"
