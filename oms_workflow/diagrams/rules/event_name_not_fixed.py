"""A name or code that must be known before the process runs is written as FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.event_without_name import NAMES
from oms_workflow.diagrams.rules.process_starts import is_process_start
from oms_workflow.diagrams.vocabulary import EVENT_KINDS
from oms_workflow.errors import Diagnostic

CODE = "event-name-not-fixed"

_NAMES = NAMES | {"receiveTask": NAMES["messageEventDefinition"]}


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look at what is caught by code, and at what starts a process."""
    for node in document.executed(*EVENT_KINDS, "receiveTask"):
        starts = is_process_start(document, node)
        catches = node.kind in ("boundaryEvent", "startEvent")
        for definition in (node,) if node.kind == "receiveTask" else document.event_definitions(node):
            reference, attribute, what = _NAMES.get(definition.kind, ("", "", ""))
            referred = document.refer(definition.get(reference)) if reference else None
            if referred is None or not referred.get(attribute).startswith("="):
                continue
            by_code = definition.kind in ("errorEventDefinition", "escalationEventDefinition")
            if (by_code and catches) or starts:
                message = (
                    f"The {said(node)} catches the {what} {referred.get(attribute)!r}, which is known only at run time."
                )
                yield finding(document, node, CODE, message, f"Write the {attribute} as fixed text, without '='.")
