"""Processes call each other in a circle, so each run would start the next one without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oms_workflow.diagrams.dialect.work import read_call
from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.circles import circles
from oms_workflow.errors import Diagnostic, Severity

CODE = "call-cycle"

_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "boundaryEvent"})


def check(document: Document, knowledge: Knowledge) -> Iterator[Diagnostic]:
    """Follow the calls of all files. Behind a choice a circle may be meant (a tree of orders): a warning then."""
    calls = {process.id: _called(owner, process) for owner, process in knowledge.processes_by_id.values()}
    for circle in circles({process: tuple(called) for process, called in calls.items()}):
        inside = set(circle)
        ends = any(_has_choice(*knowledge.processes_by_id[process]) for process in circle)
        for process in document.processes:
            if process.id not in inside or knowledge.processes_by_id[process.id][0] is not document:
                continue
            for target, node in calls[process.id].items():
                if target in inside:
                    message = f"This call leads back to the process it stands in; the circle is {listed(circle)}."
                    fix = "Make sure that a condition ends the circle, or call another process."
                    yield finding(document, node, CODE, message, fix, Severity.WARNING if ends else Severity.ERROR)


def _called(document: Document, process: Element) -> Mapping[str, Element]:
    found: dict[str, Element] = {}
    for element in document.inside(process):
        call = read_call(element) if element.kind == "callActivity" else None
        if call is not None:
            found.setdefault(call.process, element)
    return found


def _has_choice(document: Document, process: Element) -> bool:
    return any(
        element.kind in _CHOICES or (element.kind == "sequenceFlow" and element.first("conditionExpression"))
        for element in document.inside(process)
    )
