"""One diagram, walked by the reference interpreter and by the engine side by side: every step must show the same.

The engine goes twice: as it is, and with its state put through JSON before every single fact.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from oms_workflow.bpmn.model import Definition
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.play.stage import Stage
from tests.drawing import bpmn
from tests.reference.choosing import Choice, choices, offered, take
from tests.reference.drawn import Diagram
from tests.reference.engine_side import EngineSide, told
from tests.reference.forgetting import ForgetfulStage
from tests.reference.interpreter.places import Place
from tests.reference.interpreter.values import Unsure
from tests.reference.interpreter.world import World

ASKED = {"service": "work", "call": "call"}  # what a host has to do for an open activity
ANSWERED = ("complete", "fail", "error", "child_failed")  # after these a host has nothing more to do
BEGIN = {"v0": 0, "v1": 1, "v2": 2, "k": 1}


@dataclass(slots=True)
class Outcome:
    """What came of a walk."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)  # empty: all agree
    unsure: str = ""  # why the reference stopped
    status: str = ""
    refused: int = 0  # steps of people that could not be done
    passed: Counter[str] = field(default_factory=Counter)  # nodes completed, as the reference sees it


def read(diagram: Diagram) -> tuple[Definition, ...]:
    """Read a diagram through the front door."""
    return read_diagrams([Source(name="drawn.bpmn", raw=bpmn(diagram.text))]).require()


def walk(diagram: Diagram, seed: int, *, most: int = 24, definitions: tuple[Definition, ...] | None = None) -> Outcome:
    """Walk a diagram as a seed says, and tell the first step after which somebody differs."""
    definitions = definitions or read(diagram)
    chance, outcome, world = Random(seed), Outcome(), World(diagram)
    plain, restored = EngineSide(Stage(definitions)), EngineSide(ForgetfulStage(definitions))
    step: dict[str, Any] = {"start": {"process": diagram.main, "variables": dict(BEGIN)}}
    for _ in range(most):
        try:
            take(world, step)
        except Unsure as unsure:
            outcome.unsure = str(unsure)
            break
        outcome.steps.append(step)
        outcome.differences = _differing(world, plain, restored, step)
        ahead = choices(world, operated=seed % 2 == 1)
        if outcome.differences or not ahead:
            break
        step = chosen(chance, ahead, world)
    outcome.status, outcome.refused = world.status, world.refused
    outcome.passed = sum((life.completed for life in world.lives), Counter())
    return outcome


def _differing(world: World, plain: EngineSide, restored: EngineSide, step: dict[str, Any]) -> list[str]:
    try:
        records, others = plain.take(step), restored.take(step)
    except Exception as broken:  # whatever it is, the report shall have the diagram and the walk
        return [f"the engine breaks: {type(broken).__name__}: {broken}"]
    expected, found = of_world(world), plain.shows()
    differing = [
        f"{key}: expected {expected[key]}, got {found[key]}" for key in expected if expected[key] != found[key]
    ]
    if records != others:
        differing.append("the records differ when the state is restored before every fact")
    if plain.states() != restored.states():
        differing.append("the state differs when it is restored before every fact")
    return differing


def of_world(world: World) -> dict[str, Any]:
    """Give what the reference shows."""
    lives = world.lives
    waits = [(wait.event.id, wait.kind) for life in lives for wait in life.waits if wait.event.kind != "receive"]
    timers = [
        ("timer", wait.event.id) for life in lives for wait in life.waits if wait.kind == "timer" and not wait.rung
    ]
    answered = [subject for life in lives for what, subject, _ in life.kept if what in ANSWERED]
    places = [place for life in lives if not life.finished for place in life.places()]
    return {
        "status": world.status,
        "open": sorted(place.node.id for place in places if place.state == "open" and place.node.kind != "call"),
        "stuck": sorted(place.node.id for place in places if place.state == "stuck"),
        "waiting": sorted(waits),
        "offered": sorted((node.id, place.node.id) for _, place, node, _ in offered(world)),
        "asked again": sorted(
            [(ASKED[one.node.kind], one.node.id) for one in places if _asks(one) and one not in answered] + timers
        ),
        "completed": _counted(life.completed for life in lives),
        "terminated": _counted(life.terminated for life in lives),
        "taken": _counted(life.taken for life in lives),
        "variables": [life.root.local for life in lives],
        "inner variables": sorted(told(place.node.id, place.local) for place in places if place.around and place.local),
        "refused": world.refused,
        "escalations": world.escalations,
        "finished": [life.finished for life in lives],
    }


def _asks(place: Place) -> bool:
    return place.state == "open" and place.node.kind in ASKED


def _counted(counters: Any) -> dict[str, int]:
    counted: Counter[str] = sum(counters, Counter())
    return dict(sorted(counted.items()))


def chosen(chance: Random, ahead: list[Choice], world: World) -> dict[str, Any]:
    """Give the next step: one of the choices by chance, with variables for those that carry some."""
    choice = chance.choices(ahead, [one.weight for one in ahead])[0]
    step = dict(choice.step)
    if choice.carries and chance.random() < 0.6:
        step["variables"] = {chance.choice(("v0", "v1", "v2")): chance.randrange(4)}
    if "advance" in step:
        left = step["advance"] - world.now
        step["advance"] = f"PT{max(left // timedelta(seconds=1), 0)}S"
    return step
