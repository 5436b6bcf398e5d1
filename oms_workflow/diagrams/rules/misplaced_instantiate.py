"""What is to start the process cannot: it stands in the wrong place, or waits for the wrong thing."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "misplaced-instantiate"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at receive tasks and event-based gateways with instantiate (BPMN 2.0.2, 10.3.3, 10.6.6 and 13.2)."""
    for node in document.executed("receiveTask", "eventBasedGateway"):
        if node.get("eventGatewayType") == "Parallel" and not node.is_true("instantiate"):
            message = "Only a gateway that starts the process may be Parallel; elsewhere the first event decides."
            fix = "Draw a parallel gateway with one event on each path, or set eventGatewayType to Exclusive."
            yield finding(document, node, CODE, message, fix)
        if not node.is_true("instantiate"):
            continue
        if node.parent is None or node.parent.kind != "process":
            message = f"{said(node)} is to start the process, but stands in a sub-process, which starts by its own."
            yield finding(document, node, CODE, message, "Move it to the process itself, or set instantiate to false.")
        yield from _task(document, node) if node.kind == "receiveTask" else _gateway(document, node)


def starts_behind(document: Document, gateway: Element) -> list[Element]:
    """Give the nodes an event-based gateway leads to."""
    targets = (document.refer(flow.get("targetRef")) for flow in document.outgoing(gateway))
    return [target for target in targets if target is not None]


def _task(document: Document, task: Element) -> Iterator[Diagnostic]:
    """It is done at the very moment it begins, so nothing else can happen to it."""
    for loop in ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        if task.first(loop) is not None:
            message = f"{said(task)} starts the process with its message, so it cannot be repeated."
            yield finding(document, task, CODE, message, "Wait for further messages in a receive task behind it.")
    for event in document.boundary_events(task):
        if "compensation" not in document.event_kinds(event):
            message = f"{said(event)} can never happen: {said(task)} is done when the process starts."
            yield finding(document, event, CODE, message, "Put the event on a task behind it.")


def _gateway(document: Document, gateway: Element) -> Iterator[Diagnostic]:
    parallel = gateway.get("eventGatewayType") == "Parallel"
    for target in starts_behind(document, gateway):
        kinds = ["message"] if target.kind == "receiveTask" else document.event_kinds(target)
        if len(kinds) > 1:
            message = f"{said(target)} is to start the process and has several event definitions."
            yield finding(document, target, CODE, message, "Draw one event for each definition behind the gateway.")
        elif parallel and kinds != ["message"]:
            message = f"{said(target)} is no message; behind a Parallel gateway that starts the process all events are."
            yield finding(document, target, CODE, message, "Wait for it behind one of the messages.")
        elif kinds == ["conditional"]:
            message = f"{said(target)} is to start the process; there are no variables to look at before that."
            yield finding(document, target, CODE, message, "Start by a message or a signal.")
        if target.kind == "receiveTask" and target.first("multiInstanceLoopCharacteristics") is not None:
            message = f"{said(target)} starts the process with its message, so it cannot be repeated."
            yield finding(document, target, CODE, message, "Wait for further messages in a receive task behind it.")
