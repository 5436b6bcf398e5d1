"""A page is larger than a screen, or holds more than is taken in at a glance.

Whoever looks for an order in it has to scroll, or reads names that are too small. A page that grows beyond a screen
mostly serves two purposes, and each of them deserves a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.pages import Page
from oms_workflow.diagrams.vocabulary import NODE_KINDS
from oms_workflow.errors import Diagnostic, Severity

CODE = "page-too-large"

WIDEST = 1_800  # fitted into a window of 1,440 pixels, names of 12 pixels come out at 9.6
HIGHEST = 1_000  # what is left of a screen at that scale, below the bars of browser and console
MOST_NODES = 30

_SHOWN = frozenset({"process", "subProcess", "transaction", "adHocSubProcess", "collaboration"})


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Measure each page of an executable process, of a sub-process in one, or of a collaboration."""
    runs = {scope.id for scope in document.scopes}
    for page in document.pages:
        shown = document.by_id.get(page.element)
        if shown is None or shown.kind not in _SHOWN or not document.processes:
            continue
        if shown.kind != "collaboration" and shown.id not in runs:
            continue
        nodes = sum(1 for name in page.shapes if _is_node(document.by_id.get(name)))
        if page.width > WIDEST or page.height > HIGHEST or nodes > MOST_NODES:
            yield _too_large(document, shown, page, nodes)


def _too_large(document: Document, shown: Element, page: Page, nodes: int) -> Diagnostic:
    message = (
        f"The page of {said(shown)} is {page.width} wide and {page.height} high and holds {nodes} nodes; "
        f"a screen shows {WIDEST} by {HIGHEST}, and {MOST_NODES} nodes are enough to look at."
    )
    fix = "Draw it closer, or move the nodes of one purpose into a collapsed sub-process with a page of its own."
    return finding(document, shown, CODE, message, fix, Severity.WARNING)


def _is_node(element: Element | None) -> bool:
    return element is not None and element.kind in NODE_KINDS
