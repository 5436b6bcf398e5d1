"""Two events at one place catch the same, so the second of them could never happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from oms_workflow.bpmn.events import ErrorEvent, EscalationEvent, EventDefinition, MessageEvent
from oms_workflow.diagrams.dialect.events import read_events
from oms_workflow.diagrams.document import Document, is_event_sub_process, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "doubled-event"

Place = tuple[str, Element]


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare what stands side by side; signals, timers and conditions let all of them happen (BPMN 2.0.2, 10.5.7)."""
    for (what, _around), events in _side_by_side(document).items():
        first: dict[tuple[str, str, str], Element] = {}
        for event in events:
            for caught in read_events(document, event):
                key = _key(caught)
                other = first.setdefault(key, event) if key is not None else event
                if other is event:
                    continue
                message = (
                    f"It catches {_said(caught)}, and so does {other.id!r}, which is also {what} and comes first: "
                    "this one never happens."
                )
                yield finding(document, event, CODE, message, "Remove one of the two, or let them catch other things.")


def _side_by_side(document: Document) -> dict[Place, list[Element]]:
    """Give the events that are asked one after the other when something happens, in the order of the diagram."""
    found: dict[Place, list[Element]] = defaultdict(list)
    for event in document.executed("boundaryEvent", "startEvent"):
        if event.is_true("parallelMultiple"):
            continue  # acts on several things together
        scope = scope_of(event)
        host = document.refer(event.get("attachedToRef")) if event.kind == "boundaryEvent" else None
        if host is not None:
            found["attached to the same activity", host].append(event)
        elif event.kind == "startEvent" and is_event_sub_process(scope):
            found["the start of an event sub-process of the same level", scope_of(scope)].append(event)
        elif event.kind == "startEvent":
            found["a start event of the same process", scope].append(event)
    return found


def _key(caught: EventDefinition) -> tuple[str, str, str] | None:
    if isinstance(caught, ErrorEvent | EscalationEvent):
        return caught.kind, caught.code, ""
    if isinstance(caught, MessageEvent) and caught.name:
        return caught.kind, caught.name, caught.correlation_key
    return None


def _said(caught: EventDefinition) -> str:
    if isinstance(caught, MessageEvent):
        return f"the message {caught.name!r}"
    code = caught.code if isinstance(caught, ErrorEvent | EscalationEvent) else ""
    return f"the {caught.kind} {code!r}" if code else f"every {caught.kind}"
