"""A message that an instance waits for has no correlation key, so it could reach any order."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.events import read_message
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.process_starts import is_process_start, starts_with_others
from oms_workflow.errors import Diagnostic

CODE = "missing-correlation-key"

_WAITING = ("receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent")


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at everything that waits for a message; what starts a process needs no key."""
    for node in document.executed(*_WAITING):
        if is_process_start(document, node) and not starts_with_others(document, node):
            continue
        for reference in _messages(document, node):
            message = document.refer(reference)
            if (
                message is not None
                and message.kind == "message"
                and not read_message(document, reference).correlation_key
            ):
                text = f"Message {message.name or message.id!r} has no correlation key: any instance could take it."
                fix = "Set the subscription correlation key of the message, for example =orderId."
                yield finding(document, node, CODE, text, fix)


def _messages(document: Document, node: Element) -> list[str]:
    if node.kind == "receiveTask":
        return [node.get("messageRef")] if node.get("messageRef") else []
    definitions = document.event_definitions(node)
    return [
        one.get("messageRef") for one in definitions if one.kind == "messageEventDefinition" and one.get("messageRef")
    ]
