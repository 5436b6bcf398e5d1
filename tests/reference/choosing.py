"""What the outside can do next, as the reference interpreter sees it, in the steps of the walk format; and doing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.reference.drafting import ERRORS, ESCALATIONS, VARIABLES
from tests.reference.drawn import GATEWAYS, WORKED, Node
from tests.reference.interpreter.happening import duration
from tests.reference.interpreter.places import Place, Wait
from tests.reference.interpreter.world import Life, World
from tests.reference.operations import OPERATIONS, operate, operations

MENDED = ("retry", "by_hand", "skip")  # answers to an incident
ANSWERS = ("complete", "fail", "error", "escalate", *MENDED)


@dataclass(frozen=True, slots=True)
class Choice:
    """One step that could be next. `advance` holds the time to move to until it is chosen."""

    step: dict[str, Any]
    weight: float
    carries: bool = False  # it may bring variables


def choices(world: World, *, operated: bool = False) -> list[Choice]:
    """Give every step that would change something; with `operated`, what people may try who run the instances, too."""
    found = [choice for place, index in _numbered(world, "open") for choice in _answers(place, index)]
    for place, index in _numbered(world, "stuck"):
        found.append(Choice({"retry": place.node.id, "index": index}, 6))
        if place.node.kind not in GATEWAYS:
            found.append(Choice({"by_hand": place.node.id, "index": index}, 2, carries=True))
            found.append(Choice({"skip": place.node.id, "index": index}, 2))
        else:
            found += [Choice({"set": {name: value}}, 1) for name in VARIABLES for value in range(4)]
    found += [Choice({"activate": node.id, "index": index}, 8) for _, _, node, index in offered(world)]
    waits = [wait for life in world.lives for wait in life.waits]
    due = next_timer(world)
    if due is not None:
        found.append(Choice({"advance": due[1].due}, 8))
    for name, key in sorted({(wait.name, wait.key) for wait in waits if wait.kind == "message"}):
        found.append(Choice({"message": name, "correlationKey": key}, 6, carries=True))
    for name in sorted({wait.name for wait in waits if wait.kind == "signal"}):
        found.append(Choice({"signal": name}, 3, carries=True))
    if any(wait.kind == "conditional" for wait in waits):
        found += [Choice({"set": {name: value}}, 1) for name in VARIABLES for value in range(4)]
    return found + ([Choice(one.step, one.weight) for one in operations(world)] if operated else [])


def take(world: World, step: dict[str, Any]) -> None:
    """Do one step."""
    brought = dict(step.get("variables", {}))
    if "start" in step:
        life = Life(world, step["start"]["process"], None)
        world.lives.append(life)
        world.tell(life, "start", None, step["start"]["variables"])
    elif "advance" in step:
        _advance(world, step["advance"])
    elif "message" in step:
        _heard(world, lambda: world.publish(step["message"], step["correlationKey"], brought))
    elif "signal" in step:
        _heard(world, lambda: world.broadcast(step["signal"], brought))
    elif "set" in step and "set_at" not in step:
        life = next(life for life in world.lives if not life.finished)
        world.tell(life, "set", None, step["set"])
    elif step.keys() & set(OPERATIONS):
        operate(world, step)
    elif "activate" in step:
        there = [one for one in offered(world) if (one[2].id, one[3]) == (step["activate"], step["index"])]
        world.tell(there[0][0], "activate", there[0][1:3])
    else:
        _answer(world, step, brought)


def _answer(world: World, step: dict[str, Any], brought: dict[str, Any]) -> None:
    kind = next(kind for kind in ANSWERS if kind in step)
    state = "stuck" if kind in MENDED else "open"
    there = [place for place, _ in _numbered(world, state) if place.node.id == step[kind]]
    place = there[step.get("index", 0)]
    life = next(life for life in world.lives if place in life.places())
    if kind in ("error", "escalate"):
        brought["code"] = step["code"]
    world.tell(life, "escalation" if kind == "escalate" else kind, place, brought)


def next_timer(world: World) -> tuple[Life, Wait] | None:
    """Give the timer that is due first; of several at once, the one set first."""
    timed = [(life, wait) for life in world.lives for wait in life.waits if wait.due is not None and not wait.rung]
    return min(timed, key=lambda one: one[1].due, default=None)


def _advance(world: World, text: str) -> None:
    until = world.now + duration(text)
    while (due := next_timer(world)) is not None and due[1].due <= until:
        world.now = max(world.now, due[1].due)
        world.tell(due[0], "timer", due[1])
    world.now = until


def _heard(world: World, happens: Any) -> None:
    """Let something happen that reaches whichever instances listen."""
    happens()
    world.settle()


def _numbered(world: World, state: str) -> list[tuple[Place, int]]:
    """Give the places in a state, oldest first, each with its number among those at its element."""
    found, counted = [], Counter[str]()
    for life in world.lives:
        for place in life.places() if not life.finished else ():
            if place.state == state and (state == "stuck" or place.node.kind in WORKED):
                found.append((place, counted[place.node.id]))
                counted[place.node.id] += 1
    return found


def offered(world: World) -> list[tuple[Life, Place, Node, int]]:
    """Give what may be activated in open ad-hoc sub-processes, with which of those that offer it is meant."""
    found, counted = [], Counter[str]()
    for life in world.lives:
        for place in life.places() if not life.finished else ():
            for node in life.enabled(place):
                found.append((life, place, node, counted[node.id]))
                counted[node.id] += 1
    return found


def _answers(place: Place, index: int) -> list[Choice]:
    name, kind = place.node.id, place.node.kind
    found = [Choice({"complete": name, "index": index}, 24, carries=True)]
    if kind != "receive":
        weight = 8 if place.asker is not None else 2  # an error out of a handler is rare otherwise
        found += [Choice({"error": name, "index": index, "code": code}, weight, carries=True) for code in ERRORS]
        found.append(Choice({"fail": name, "index": index}, 1))
        found += [Choice({"escalate": name, "index": index, "code": code}, 1, carries=True) for code in ESCALATIONS]
    return found
