"""Nobody answers for a task: it names no owner, and no lane, sub-process or process around it does."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.people import read_owners
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import TASK_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "missing-owner"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Look at all tasks: an error when the diagram is checked for deployment, that is against a catalog."""
    owners = read_owners(document)
    severity = Severity.ERROR if knowledge.catalog is not None else Severity.WARNING
    for node in document.executed(*TASK_KINDS):
        if node.id not in owners:
            message = "Nobody answers for this task: it has no owner."
            fix = "Set the header 'owner' to a role such as 'warehouse', or draw the task into a lane."
            yield finding(document, node, CODE, message, fix, severity)
