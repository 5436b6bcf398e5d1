"""An error event waits for a code that the activity it is attached to never throws."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import closest, finding, listed, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.variables import declared_activity
from oms_workflow.errors import Diagnostic, Severity

CODE = "unknown-error-code"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Compare the codes of error boundary events with those that the catalog declares for the activity."""
    for event in document.executed("boundaryEvent"):
        host = document.refer(event.get("attachedToRef"))
        declared = declared_activity(host, knowledge) if host is not None else None
        for definition in document.event_definitions(event) if declared is not None else ():
            error = document.refer(definition.get("errorRef")) if definition.kind == "errorEventDefinition" else None
            code = error.get("errorCode") if error is not None else ""
            if declared is not None and code and code not in declared.errors:
                message = f"Activity {declared.name!r} never throws {code!r}; it throws {listed(declared.errors)}."
                meant = closest(code, declared.errors)
                fix = (
                    f"Did you mean {meant!r}?"
                    if meant
                    else f"Remove the event from {said(event)}, or correct its code."
                )
                yield finding(document, event, CODE, message, fix, Severity.WARNING)
