"""The due date or priority of a task for people cannot be meant as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.durations import has_zone
from oms_workflow.diagrams.dialect.people import read_human_task
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "bad-task-setting"

_HIGHEST = 100  # Camunda 8's scale


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Read what is fixed text; FEEL is checked elsewhere."""
    for node in document.executed("userTask", "manualTask"):
        human = read_human_task(node)
        if human is None:
            continue
        for what, text in (("dueDate", human.due_date), ("followUpDate", human.follow_up_date)):
            if text and not text.startswith("=") and not has_zone(text):
                message = f"{what}: expected a date and time with a zone, or FEEL after '='; found {text!r}."
                fix = 'Write FEEL such as =now() + duration("P2D"), or a time such as 2026-11-22T18:00:00Z.'
                yield finding(document, node, CODE, message, fix)
        priority = human.priority
        if priority and not priority.startswith("=") and not (priority.isdecimal() and int(priority[:4]) <= _HIGHEST):
            message = f"priority: expected a whole number from 0 to {_HIGHEST}, or FEEL after '='; found {priority!r}."
            yield finding(document, node, CODE, message, "Write a number; 50 is usual.")
