"""An ad-hoc sub-process has nothing that could be chosen, holds start or end events, or begins with what it has not."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document, is_event_sub_process
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.expressions import constant
from oms_workflow.diagrams.findings import finding, listed, said
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS, NODE_KINDS
from oms_workflow.errors import Diagnostic

CODE = "ad-hoc-content"


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look inside ad-hoc sub-processes (BPMN 2.0.2, 10.3.5, Ad-Hoc Sub-Process)."""
    for scope in document.executed("adHocSubProcess"):
        enabled = [child for child in scope.children if _is_enabled(document, child)]
        if not any(child.kind in ACTIVITY_KINDS for child in scope.children):
            message = "An ad-hoc sub-process offers activities to choose from; this one has none."
            yield finding(document, scope, CODE, message, "Draw at least one activity into it.")
        elif not enabled:
            message = "A flow leads to every element inside, so none can be the first."
            yield finding(document, scope, CODE, message, "Remove the flow into the one that may begin.")
        for event in (*scope.all("startEvent"), *scope.all("endEvent")):
            message = f"An ad-hoc sub-process has neither start nor end events; this is {said(event)}."
            yield finding(document, event, CODE, message, "Remove the event.")
        yield from _extension(document, scope, [element.id for element in enabled])


def _is_enabled(document: Document, child: Element) -> bool:
    """Whether it may be chosen: a node to which nothing leads, and which nothing else sets going."""
    if child.kind not in NODE_KINDS or child.kind == "boundaryEvent" or is_event_sub_process(child):
        return False
    is_link = child.kind == "intermediateCatchEvent" and "link" in document.event_kinds(child)
    return not document.incoming(child) and not child.is_true("isForCompensation") and not is_link


def _extension(document: Document, scope: Element, enabled: list[str]) -> Iterator[Diagnostic]:
    ours = scope.extension("adHoc")
    if ours is None:
        return
    if bool(ours.get("outputCollection")) != bool(ours.get("outputElement")):
        message = "outputCollection and outputElement go together; one of them is missing."
        yield finding(document, ours, CODE, message, "Set both, or none.")
    text = ours.get("activeElementsCollection")
    known, value = constant(text.removeprefix("=")) if text.startswith("=") else (False, None)
    if not known:
        return
    wrong = [one for one in value if one not in enabled] if isinstance(value, list) else [value]
    if wrong:
        message = f"The active elements name {listed(map(str, wrong[:3]))}, which cannot begin here."
        yield finding(document, ours, CODE, message, f"Name some of {listed(enabled)}.")
