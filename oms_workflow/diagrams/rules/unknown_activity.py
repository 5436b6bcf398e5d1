"""A task asks for an activity that no module declares."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.findings import closest, finding
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.errors import Diagnostic

CODE = "unknown-activity"


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Look every activity up in the catalog; without a catalog nothing is said."""
    catalog = knowledge.catalog
    if catalog is None:
        return
    for node in document.nodes:
        task = node.extension("taskDefinition")
        name = task.get("type") if task is not None else ""
        if not name or name.startswith("=") or name in catalog:
            continue
        message = f"The task asks for activity {name!r}; no module declares it ({len(catalog)} are declared)."
        meant = closest(name, catalog)
        fix = f"Use {meant!r}; `oms palette` lists them all." if meant else "Choose one that `oms palette` lists."
        yield finding(document, node, CODE, message, fix)
