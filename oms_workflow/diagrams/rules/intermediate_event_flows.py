"""An intermediate event has no flow into it or none out of it; only links stand at the edge of a path."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "intermediate-event-flows"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the flows of intermediate events (BPMN 2.0.2, 10.5.4)."""
    for event in document.executed("intermediateCatchEvent", "intermediateThrowEvent"):
        catches = event.kind == "intermediateCatchEvent"
        is_link = "link" in document.event_kinds(event)
        into, out = document.incoming(event), document.outgoing(event)
        if is_link and (into if catches else out):
            message = (
                "A link catch event has a flow into it; tokens come by the link only."
                if catches
                else "A link throw event has a flow out of it; tokens go by the link only."
            )
            yield finding(document, event, CODE, message, "Remove the flow, or use an event without a link.")
        if scope_of(event).kind == "adHocSubProcess":
            continue  # it may be chosen there, and its path may end with it (BPMN 2.0.2, 10.3.5)
        if not into and not (is_link and catches):
            yield finding(document, event, CODE, "No flow leads to the event.", "Draw the flow that leads to it.")
        if not out and not (is_link and not catches):
            message = "No flow leaves the event."
            yield finding(document, event, CODE, message, "Draw the flow that leaves it, or use an end event.")
