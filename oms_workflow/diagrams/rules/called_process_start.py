"""A called process has no none start event, so a call cannot start it."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.work import read_call
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "called-process-start"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Look into the called processes that are at hand (BPMN 2.0.2, 10.5.2, Start Event)."""
    for node in document.nodes:
        call = read_call(node) if node.kind == "callActivity" else None
        called = knowledge.processes_by_id.get(call.process) if call is not None else None
        if called is None:
            continue
        owner, process = called
        starts = process.all("startEvent")
        instantiating = any(node.is_true("instantiate") for node in process.children)
        if (starts or instantiating) and all(owner.event_definitions(start) for start in starts):
            message = f"The called process {process.id!r} ({owner.file}) starts only by events, never by a call."
            yield finding(document, node, CODE, message, "Give the called process a none start event.")
