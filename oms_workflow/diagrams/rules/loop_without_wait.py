"""A circle of gateways and nodes that never wait: a token in it would turn for ever."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.findings import finding, listed
from oms_workflow.diagrams.knowledge import Knowledge
from oms_workflow.diagrams.rules.circles import circles
from oms_workflow.diagrams.rules.paths import level
from oms_workflow.errors import Diagnostic, Severity

CODE = "loop-without-wait"

_PASS = frozenset(
    {"task", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "intermediateThrowEvent"}
)
_JOINS = frozenset({"inclusiveGateway", "parallelGateway", "complexGateway"})
_CHANGE = frozenset({"scriptTask", "businessRuleTask"})  # never wait, but may change what the conditions read


def check(document: Document, _: Knowledge) -> Iterator[Diagnostic]:
    """Look for circles of nodes that a token passes at once; an error when nothing in it could end the circle."""
    for scope in document.scopes:
        here = level(document, scope)
        passing = {node.id: node for node in here.nodes if _passes(document, node)}
        graph = {name: tuple(way for way in here.ways[name] if way in passing) for name in passing}
        for circle in circles(graph):
            changing = any(passing[name].kind in _CHANGE or _maps(passing[name]) for name in circle)
            inside = set(circle)
            leaving = any(way not in inside for name in circle for way in here.ways[name])
            severity = Severity.WARNING if changing and leaving else Severity.ERROR
            message = f"Nothing in this circle waits or works: {listed(circle)}. " + (
                "It ends only when a script in it makes a condition true."
                if changing and leaving
                else "What its conditions read never changes in it."
            )
            fix = "Put a task, a timer or a message into the circle."
            yield finding(document, passing[circle[0]], CODE, message, fix, severity)


def _passes(document: Document, node: Element) -> bool:
    if node.kind in _JOINS and len(document.incoming(node)) > 1:
        return False  # it waits for its other flows
    return node.kind in _PASS | _CHANGE and node.extension("taskDefinition") is None


def _maps(node: Element) -> bool:
    return node.extension("ioMapping") is not None
