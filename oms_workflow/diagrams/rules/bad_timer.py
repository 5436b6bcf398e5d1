"""A timer has no time that could be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from oms_workflow.bpmn.events import TimerMeasure
from oms_workflow.diagrams.dialect.durations import has_zone, is_cycle, is_date_time, is_duration
from oms_workflow.diagrams.dialect.events import TIMERS
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.engine.timing import firing
from oms_workflow.errors import Diagnostic, Severity

CODE = "bad-timer"

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_READS = {"date": is_date_time, "duration": is_duration, "cycle": is_cycle}
_EXAMPLES: dict[TimerMeasure, str] = {
    "date": "an ISO 8601 date and time such as 2026-11-22T10:00:00Z",
    "duration": "an ISO 8601 duration such as PT30M",
    "cycle": "an ISO 8601 repetition such as R3/PT10M",
}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Read the times of all timers; FEEL is checked elsewhere (BPMN 2.0.2, 10.5.5, Timer Event Definition)."""
    for node in document.executed(*EVENT_KINDS):
        for definition in document.event_definitions(node):
            if definition.kind != "timerEventDefinition":
                continue
            times = [child for child in definition.children if child.kind in TIMERS]
            if len(times) != 1:
                found = ", ".join(time.kind for time in times) or "none"
                message = f"A timer has one of timeDate, timeDuration and timeCycle; found {found}."
                yield finding(document, node, CODE, message, "Keep the one that is meant.")
            for time in times:
                measure = TIMERS[time.kind]
                if not time.text.startswith("=") and not _can_be_read(measure, time.text):
                    message = f"{time.kind}: expected {_EXAMPLES[measure]}, or FEEL after '='; found {time.text!r}."
                    yield finding(document, node, CODE, message, "Write the time in ISO 8601.")
                elif measure == "date" and not time.text.startswith("=") and not has_zone(time.text):
                    message = f"{time.text!r} names no time zone; it is read as UTC."
                    yield finding(document, node, CODE, message, "Add the zone: Z or +08:00.", Severity.WARNING)


def _can_be_read(measure: TimerMeasure, text: str) -> bool:
    """Whether the engine will read it: what it would not must not be deployed."""
    try:
        firing(measure, text, _SOME_DAY)
    except ValueError:
        return False
    return _READS[measure](text)
