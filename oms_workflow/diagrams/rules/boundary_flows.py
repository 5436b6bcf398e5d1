"""A boundary event has a flow into it, or no way on; or a compensation event has a flow out of it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "boundary-flows"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the flows of boundary events (BPMN 2.0.2, 10.5.4)."""
    for event in document.executed("boundaryEvent"):
        compensates = "compensation" in document.event_kinds(event)
        for flow in document.incoming(event):
            message = f"Flow {flow.id!r} leads into a boundary event; only what happens to its activity sets it off."
            yield finding(document, event, CODE, message, "Let the flow lead to the node behind the event.")
        outgoing = document.outgoing(event)
        if compensates and outgoing:
            message = f"Flow {outgoing[0].id!r} leaves a compensation event; it has a handler instead of a way on."
            yield finding(document, event, CODE, message, "Connect the handler by an association.")
        elif not compensates and not outgoing:
            message = "No flow leaves the boundary event, so nothing would follow what it catches."
            yield finding(document, event, CODE, message, "Draw a flow to what is to happen then.")
