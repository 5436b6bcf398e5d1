"""How long a sent message is kept cannot be meant as it is written, or the node sends none."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.dialect.fault import DialectFault
from oms_workflow.diagrams.dialect.keeping import read_message_ttl
from oms_workflow.diagrams.dialect.settings import read_settings
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "bad-message-ttl"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Read messageTtl of all nodes."""
    for node in (*document.processes, *document.nodes):
        settings = read_settings(node)
        if not settings.get("messageTtl"):
            continue
        if not _sends(document, node):
            message = "messageTtl says how long a message is kept; this node sends none by itself."
            yield finding(document, node, CODE, message, "Remove it; an activity that sends decides for itself.")
            continue
        try:
            read_message_ttl(settings)
        except DialectFault as fault:
            yield finding(document, node, CODE, fault.message, fault.fix)


def _sends(document: Document, node: Element) -> bool:
    """Whether the process itself publishes the message, rather than a job."""
    if node.extension("taskDefinition") is not None:
        return False
    if node.kind in ("intermediateThrowEvent", "endEvent"):
        return "message" in document.event_kinds(node)
    return node.kind == "sendTask" and bool(node.get("messageRef"))
