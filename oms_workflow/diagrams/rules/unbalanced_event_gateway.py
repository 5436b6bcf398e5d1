"""What stands behind an event-based gateway cannot decide it: it must be two or more events that are waited for."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "unbalanced-event-gateway"

_WAITED_FOR = frozenset({"message", "signal", "timer", "conditional"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at each gateway and at what it leads to (BPMN 2.0.2, 10.6.6)."""
    for gateway in document.executed("eventBasedGateway"):
        flows = document.outgoing(gateway)
        if len(flows) < 2:
            message = f"An event-based gateway chooses among two or more events; this one has {len(flows)}."
            yield finding(
                document, gateway, CODE, message, "Draw the other events, or wait for the one without a gateway."
            )
        if gateway.is_true("instantiate") and document.incoming(gateway):
            message = "A gateway that starts the process has no flow into it."
            yield finding(document, gateway, CODE, message, "Remove the flow, or set instantiate to false.")
        targets = [target for flow in flows if (target := document.refer(flow.get("targetRef"))) is not None]
        for target in targets:
            yield from _target(document, target)
        kinds = {target.kind for target in targets}
        messages = any("message" in document.event_kinds(target) for target in targets)
        if "receiveTask" in kinds and messages:
            message = "Message events and receive tasks stand behind one gateway; BPMN allows one or the other."
            yield finding(document, gateway, CODE, message, "Draw all of them as message events.")


def _target(document: Document, target: Element) -> Iterator[Diagnostic]:
    waits = target.kind == "receiveTask" or (
        target.kind == "intermediateCatchEvent"
        and document.event_kinds(target)
        and set(document.event_kinds(target)) <= _WAITED_FOR
    )
    if not waits:
        message = f"Behind an event-based gateway stands {said(target)}, which waits for no event."
        fix = "Put a message, timer, signal or conditional catch event, or a receive task, in between."
        yield finding(document, target, CODE, message, fix)
    elif target.is_true("parallelMultiple"):
        message = f"{said(target)} waits for several things together; one event alone decides behind such a gateway."
        yield finding(document, target, CODE, message, "Draw it without parallelMultiple, or wait behind the event.")
    if len(document.incoming(target)) > 1:
        message = f"{said(target)} stands behind an event-based gateway and has other flows into it as well."
        yield finding(document, target, CODE, message, "Let the other flows join behind it.")
    if target.kind == "receiveTask":
        for event in document.boundary_events(target):
            message = "A receive task behind an event-based gateway has no boundary events."
            yield finding(document, event, CODE, message, "Put the event behind the gateway as one more choice.")
