"""Decisions require each other in a circle, so none of them can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from oms_workflow.diagrams.decisions.document import DecisionDocument
from oms_workflow.diagrams.decisions.model_reader import key_of
from oms_workflow.dmn.graph import Key
from oms_workflow.dmn.model import Decision
from oms_workflow.errors import Diagnostic

CODE = "requirement-cycle"


SHOWN = 8  # decisions of a circle that are named


def check(document: DecisionDocument) -> Iterator[Diagnostic]:
    """Follow requirements from each decision until it comes round to itself."""
    needs = {key: _required(document, key) for key in document.graph.elements}
    suspects = _unresolved(needs)
    for node in document.root.all("decision"):
        key = document.position, key_of(node)
        circle = _way_back(needs, key, suspects) if key in suspects else []
        if circle:
            names = [repr(document.graph.elements[one].name) for one in circle]
            shown = names if len(names) <= SHOWN else [*names[: SHOWN - 2], "...", names[-1]]
            message = f"The decision requires its own answer: {' needs '.join(shown)}."
            yield document.finding(node, CODE, message, "Remove one of these requirements.")


def _unresolved(needs: dict[Key, list[Key]]) -> set[Key]:
    """Decisions that cannot be worked out one after the other: those in circles, and those that need them."""
    left = {key: set(required) for key, required in needs.items()}
    needed_by: dict[Key, list[Key]] = {}
    for key, required in left.items():
        for one in required:
            needed_by.setdefault(one, []).append(key)
    ready = [key for key, required in left.items() if not required]
    for key in ready:
        for other in needed_by.get(key, ()):
            left[other].discard(key)
            if not left[other]:
                ready.append(other)
    return set(needs) - set(ready)


def _way_back(needs: dict[Key, list[Key]], start: Key, suspects: set[Key]) -> list[Key]:
    """The decisions on a way from one back to itself, empty when there is none."""
    came_from: dict[Key, Key] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop()
        for needed in needs[key]:
            if needed == start:
                way = [start, key]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if needed in suspects and needed not in came_from:
                came_from[needed] = key
                waiting.append(needed)
    return []


def _required(document: DecisionDocument, key: Key) -> list[Key]:
    decision = document.graph.elements[key]
    if not isinstance(decision, Decision):
        return []
    found = [document.graph.resolve(key[0], reference) for reference in decision.information]
    return [one for one in found if one and isinstance(document.graph.elements[one], Decision)]
