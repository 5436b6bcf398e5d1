"""Trials: a seed makes a diagram, the diagram is walked several times, and what differs is made as small as it gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from oms_workflow.errors import DiagramRefused
from tests.drawing import bpmn
from tests.reference.blocks import draw_blocks
from tests.reference.drawn import Diagram
from tests.reference.graphs import draw_graph
from tests.reference.shrinking import smallest
from tests.reference.walking import Outcome, read, walk

WALKS = 3  # of each diagram, each with choices of its own
TRIGGERS = (
    *("message", "timer", "signal", "error", "escalation", "condition", "link", "terminate", "compensation", "cancel"),
    *("any", "all"),
)
MARKS = {
    "compensates": "handler",
    "nonstop": "nonstop",
    "inorder": "in order",
    "when": "join",
    "start": "that gathers",
    "give": "that gives",
}
TRIES = 12  # walks of a smaller diagram before it counts as one without the difference


@dataclass(slots=True)
class Figures:
    """What a run of trials came to."""

    diagrams: Counter[str] = field(default_factory=Counter)  # by shape
    nodes: int = 0
    walks: int = 0
    steps: int = 0
    unsure: int = 0  # walks the reference broke off, as it has no word on what came
    done: Counter[str] = field(default_factory=Counter)  # steps by kind, and `refused` of them
    ended: Counter[str] = field(default_factory=Counter)  # by status
    passed: Counter[str] = field(default_factory=Counter)  # by kind of node and event


def drawn(seed: int) -> tuple[str, Diagram]:
    """Give the diagram of a seed and its shape: three of four are structured in blocks."""
    chance = Random(seed)
    if chance.randrange(4):
        return "blocks", draw_blocks(chance, chance.randrange(6, 26))
    return "graph", draw_graph(chance, chance.randrange(4, 14))


def try_seed(seed: int, figures: Figures) -> str:
    """Try one seed; '' when everybody agrees, else a report with the smallest diagram that shows the difference."""
    shape, diagram = drawn(seed)
    for outcome in walks_of(diagram, seed, figures):
        if outcome.differences:
            return report(seed, diagram)
    figures.diagrams[shape] += 1
    figures.nodes += sum(1 for _ in diagram.nodes())
    return ""


def walks_of(diagram: Diagram, seed: int, figures: Figures) -> Iterator[Outcome]:
    """Walk a diagram several times and count."""
    kinds = {node.id: _kind(node.kind, node.keys) for node in diagram.nodes()}
    definitions = read(diagram)
    for number in range(WALKS):
        outcome = walk(diagram, seed * WALKS + number, definitions=definitions)
        figures.walks += 1
        figures.steps += len(outcome.steps)
        figures.unsure += bool(outcome.unsure)
        figures.done.update(next(iter(step)) for step in outcome.steps)
        figures.done["refused"] += outcome.refused
        figures.ended[outcome.status] += 1
        for name, count in outcome.passed.items():
            figures.passed[kinds[name.removesuffix(" (loop)")] + (" loop" if " " in name else "")] += count
        yield outcome


def report(seed: int, diagram: Diagram) -> str:
    """Tell a difference: the seed, the smallest diagram as text and XML, the walk, and what differs."""
    small = smallest(diagram, lambda one: differing(one, seed) is not None)
    outcome = differing(small, seed)
    assert outcome is not None
    steps = "\n".join(f"  {step}" for step in outcome.steps)
    told = "\n".join(f"  {line}" for line in outcome.differences)
    return f"seed {seed}\n\n{small.text}\n{bpmn(small.text).decode()}\nwalk\n{steps}\ndifferences\n{told}\n"


def differing(diagram: Diagram, seed: int) -> Outcome | None:
    """Give the shortest of some walks that show a difference; None when none does, or the diagram is refused."""
    if any("end" not in kinds for level in diagram.levels() if "start" in (kinds := {one.kind for one in level.nodes})):
        return None  # `tests/drawing.py` would draw ends the reference does not know of
    try:
        definitions = read(diagram)
    except DiagramRefused:
        return None
    outcomes = [walk(diagram, seed * WALKS + number, definitions=definitions) for number in range(TRIES)]
    return min((one for one in outcomes if one.differences), key=lambda one: len(one.steps), default=None)


def _kind(kind: str, keys: dict[str, str]) -> str:
    place = "boundary" if "on" in keys else kind
    trigger = next((key for key in TRIGGERS if key in keys), "")
    marks = [MARKS[key] for key in MARKS if key in keys]
    return " ".join(word for word in (place, trigger, *marks) if word)
