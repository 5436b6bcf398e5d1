"""A sequence flow leads to or from an event sub-process, which only its event sets going."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, is_event_sub_process
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "event-sub-process-in-flow"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at flows and boundary events of event sub-processes (BPMN 2.0.2, 10.3.5, Event Sub-Process)."""
    for node in document.executed("subProcess"):
        if not is_event_sub_process(node):
            continue
        for flow in (*document.incoming(node), *document.outgoing(node)):
            message = f"Flow {flow.id!r} is connected to an event sub-process."
            fix = "Remove the flow, or make it an ordinary sub-process (triggeredByEvent='false')."
            yield finding(document, node, CODE, message, fix)
        for event in document.boundary_events(node):
            message = f"Boundary event {event.id!r} is attached to an event sub-process."
            yield finding(document, event, CODE, message, "Put the event inside, or on the activity it watches.")
        for loop in ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
            if node.first(loop) is not None:
                message = "An event sub-process runs once for each event; it has no loop of its own."
                yield finding(document, node, CODE, message, "Put a looped sub-process inside.")
