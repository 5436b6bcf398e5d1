"""How many tokens can come to each node of a level at most, where that can be said. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from oms_workflow.diagrams.document import Document
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.rules.circles import circles
from oms_workflow.diagrams.rules.paths import Level, level
from oms_workflow.diagrams.vocabulary import ACTIVITY_KINDS

MOST_QUANTITY = 1_000


def quantity(node: Element, attribute: str) -> int:
    """Give a startQuantity or completionQuantity; 0 when it is no number that is allowed."""
    text = node.get(attribute, "1")
    number = int(text) if text.isdecimal() and len(text) <= len(str(MOST_QUANTITY)) else 0
    return number if number <= MOST_QUANTITY else 0


def token_bounds(document: Document, scope: Element) -> Mapping[str, float]:
    """Give the most tokens that one run of a scope can bring to each node in its flow; infinite where none can be told.

    Decisions are not looked at: of an exclusive gateway each flow may take every token. So the true number may be
    smaller, but never greater.
    """
    here = level(document, scope)
    nodes = {node.id: node for node in here.nodes}
    sources = here.backwards()
    turning = {name for circle in circles(here.ways) for name in circle}
    begun = {node.id for node in here.beginnings}
    bounds: dict[str, float] = dict.fromkeys(turning, inf)
    for name in _in_order(here, turning):
        node = nodes[name]
        bounds[name] = (1 if name in begun else 0) + sum(
            _over(document, nodes[source], node, bounds[source]) for source in sources.get(name, ()) if source in nodes
        )
    return bounds


def _over(document: Document, source: Element, target: Element, came: float) -> float:
    """How many tokens a node gives to one that it leads to, for so many that came to it."""
    if target.kind == "boundaryEvent" and not target.is_true("cancelActivity", default=True):
        return inf if came else 0
    if source.kind not in ACTIVITY_KINDS:
        return came
    begun = came if came == inf else came // (quantity(source, "startQuantity") or 1)
    return begun if target.kind == "boundaryEvent" else begun * (quantity(source, "completionQuantity") or 1)


def _in_order(here: Level, turning: set[str]) -> list[str]:
    """Nodes outside all circles, each behind everything that leads to it."""
    names = [node.id for node in here.nodes]
    left = dict.fromkeys(names, 0)
    for name in names:
        for target in here.ways[name]:
            if target in left and name not in turning:
                left[target] += 1
    ready = [name for name in names if not left[name] and name not in turning]
    for name in ready:
        for target in here.ways[name]:
            if target not in left or target in turning:
                continue
            left[target] -= 1
            if not left[target]:
                ready.append(target)
    return ready
