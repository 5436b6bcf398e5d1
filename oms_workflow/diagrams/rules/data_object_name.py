"""A data object reference is not named after its data object and state."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "data-object-name"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Compare names where object, reference and state all have one (BPMN 2.0.2, 10.4.1: name [state])."""
    for reference in document.executed("dataObjectReference"):
        shown = document.refer(reference.get("dataObjectRef"))
        state = reference.first("dataState")
        if shown is None or state is None or not (shown.name and state.name and reference.name):
            continue
        expected = f"{shown.name} [{state.name}]"
        if reference.name != expected:
            message = f"The reference is called {reference.name!r}; by its object and state it is {expected!r}."
            yield finding(document, reference, CODE, message, f"Call it {expected!r}, or remove the state.")
