"""An event sub-process does not have exactly one start event that waits for something."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, is_event_sub_process
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "event-sub-process-start"

_ALWAYS_INTERRUPT = frozenset({"error", "compensation"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at the start events of event sub-processes (BPMN 2.0.2, 10.3.5 and 10.5.2)."""
    for node in document.executed("subProcess"):
        if not is_event_sub_process(node):
            continue
        starts = node.all("startEvent")
        if len(starts) != 1:
            message = f"An event sub-process needs exactly one start event; this one has {len(starts)}."
            yield finding(
                document, node, CODE, message, "Draw one start event with a message, timer, error or the like."
            )
        for start in starts:
            kinds = document.event_kinds(start)
            if not kinds:
                message = "The start event waits for nothing, so nothing could ever set the event sub-process going."
                yield finding(document, start, CODE, message, "Give it a message, timer, error or the like.")
            for kind in kinds:
                if kind in _ALWAYS_INTERRUPT and not start.is_true("isInterrupting", default=True):
                    message = f"A start by {kind} always interrupts; isInterrupting is false."
                    yield finding(document, start, CODE, message, "Remove isInterrupting.")
