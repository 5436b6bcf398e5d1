"""How often a failing activity is tried again cannot be meant as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.bpmn.work import RetryPolicy
from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.dialect.work import read_retry_policy
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "bad-retry-policy"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Read retries and header retryPolicy of all nodes."""
    for node in document.nodes:
        settings, task = read_settings(node), node.extension("taskDefinition")
        if task is None:
            if settings.get("retryPolicy"):
                message = "The node has a retryPolicy, but runs no activity that could be tried again."
                yield finding(document, node, CODE, message, "Remove the header.")
            continue
        try:
            read_retry_policy(settings, task.get("retries"), RetryPolicy())
        except DialectFault as fault:
            yield finding(document, node, CODE, fault.message, fault.fix)
