"""Decisions require each other in a circle, so none of them can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.model_reader import key_of
from oms_workflow.dmn.graph import Key
from oms_workflow.dmn.model import Decision
from oms_workflow.errors import Diagnostic

CODE = "requirement-cycle"


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Follow requirements from each decision until it comes round to itself."""
    nodes = {key_of(node): node for node in document.root.all("decision")}
    for name, node in nodes.items():
        circle = _way_back(document, (document.position, name))
        if circle:
            message = f"The decision requires its own answer: {' needs '.join(repr(one) for one in circle)}."
            yield document.finding(node, CODE, message, "Remove one of these requirements.")


def _way_back(document: DecisionDocument, start: Key) -> list[str]:
    """Names of the decisions on a way from one back to itself, empty when there is none."""
    came_from: dict[Key, Key] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop()
        for needed in _required(document, key):
            if needed == start:
                way = [start, key]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return [document.graph.elements[one].name for one in reversed(way)]
            if needed not in came_from:
                came_from[needed] = key
                waiting.append(needed)
    return []


def _required(document: DecisionDocument, key: Key) -> list[Key]:
    decision = document.graph.elements.get(key)
    if not isinstance(decision, Decision):
        return []
    found = [document.graph.resolve(key[0], reference) for reference in decision.information]
    return [one for one in found if one and isinstance(document.graph.elements[one], Decision)]
