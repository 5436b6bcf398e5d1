"""Steps of people who run instances: suspend, resume, skip, repeat, cancel, move, set variables, end.

A token is named by the number of its instance, its element, and how many began there before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oms_workflow.engine import facts
from oms_workflow.engine.state import Token
from oms_workflow.play.stage import Actor, Stage
from tests.reference.drafting import VARIABLES
from tests.reference.drawn import Node, Scope
from tests.reference.interpreter.operating import reachable
from tests.reference.interpreter.places import Place
from tests.reference.interpreter.world import Life, World

Address = tuple[int, str, int]
OPERATIONS = (
    "suspend",
    "resume",
    "end",
    "skip_token",
    "repeat_token",
    "repeat",
    "cancel_token",
    "move_token",
    "set_at",
)
PLAIN: dict[str, Any] = {"suspend": facts.Suspended, "resume": facts.Resumed, "end": facts.Cancelled}
ON_TOKENS: dict[str, Any] = {
    "skip_token": facts.TokenSkipped,
    "repeat_token": facts.ElementRepeated,
    "cancel_token": facts.BranchCancelled,
}
REFUSABLE = frozenset(
    one.__name__
    for one in (
        *(facts.Suspended, facts.Resumed, facts.TokenSkipped, facts.ElementRepeated, facts.BranchCancelled),
        *(facts.TokenMoved, facts.ElementsChosen, facts.IncidentResolved),
    )
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step, and how likely it is beside the others."""

    step: dict[str, Any]
    weight: float


def operations(world: World) -> list[Operation]:
    """Give what people may try next; some of it will be refused."""
    found: list[Operation] = []
    for number, life in enumerate(world.lives):
        if life.finished:
            continue
        if life.suspended:
            found.append(Operation({"resume": number}, 5))
            share = 0.1  # all else but setting variables is refused
        else:
            found.append(Operation({"suspend": number}, 2))
            share = 1.0
        found += _on_tokens(number, life, share)
    if found:
        found.append(Operation({"end": 0}, 0.1))
    return found


def _on_tokens(number: int, life: Life, share: float) -> list[Operation]:
    found = []
    for place, address in addresses(number, life):
        found += [
            Operation({"skip_token": address}, 1.5 * share),
            Operation({"repeat_token": address}, share),
            Operation({"cancel_token": address}, share),
        ]
        around = place.around.node.inside
        targets = [node for node in around.nodes if reachable(node)] if around is not None else []
        found += [Operation({"move_token": address, "to": node.id}, share / len(targets)) for node in targets]
        found += [
            Operation({"set_at": address, "set": {name: value}}, 0.05) for name in VARIABLES for value in range(4)
        ]
        if place.inside and place.node.inside is not None:
            found += _once_more(number, place.node.inside, share)
    return found + _once_more(number, life.root.level, share)


def _once_more(number: int, level: Scope, share: float) -> list[Operation]:
    nodes = [node for node in level.nodes if reachable(node)]
    return [Operation({"repeat": node.id, "in": number}, share / len(nodes)) for node in nodes]


def addresses(number: int, life: Life) -> list[tuple[Place, Address]]:
    """Give every place of an instance but the process itself, with its address."""
    counted: dict[str, int] = {}
    found = []
    for place in life.places():
        if place.around is not None:
            index = counted.get(place.node.id, 0)
            counted[place.node.id] = index + 1
            found.append((place, (number, place.node.id, index)))
    return found


def operate(world: World, step: dict[str, Any]) -> None:
    """Do one such step in the reference."""
    kind = next(kind for kind in OPERATIONS if kind in step)
    if kind in ("suspend", "resume", "end"):
        world.tell(world.lives[step[kind]], "cancel" if kind == "end" else kind)
        return
    if kind == "repeat":
        node = _node(world, step["repeat"])
        world.tell(world.lives[step["in"]], "operate", ("repeat_node", node))
        return
    number = step[kind][0]
    life = world.lives[number]
    place = next(place for place, address in addresses(number, life) if address == step[kind])
    if kind == "set_at":
        world.tell(life, "set", place, step["set"])
    elif kind == "move_token":
        world.tell(life, "operate", ("move_place", place, _node(world, step["to"])))
    else:
        world.tell(life, "operate", (kind.replace("token", "place"), place))


def _node(world: World, name: str) -> Node:
    return next(node for node in world.diagram.nodes() if node.id == name)


def carry_out(stage: Stage, step: dict[str, Any], by: str) -> None:
    """Do one such step on the engine's side."""
    kind = next(kind for kind in OPERATIONS if kind in step)
    named = step["in"] if kind == "repeat" else step[kind]
    actor = stage.actors[named if isinstance(named, int) else named[0]]
    stage.tell(actor, _fact(actor, kind, step, {"at": stage.now, "by": by}))


def _fact(actor: Actor, kind: str, step: dict[str, Any], told: dict[str, Any]) -> facts.Fact:
    if kind in PLAIN:
        return PLAIN[kind](**told)
    if kind == "repeat":
        return facts.ElementRepeated(element=step["repeat"], **told)
    token = _token(actor, step[kind]).id
    if kind == "set_at":
        return facts.VariablesSet(variables=step["set"], scope=token, **told)
    if kind == "move_token":
        return facts.TokenMoved(token=token, element=step["to"], **told)
    again = {"element": step[kind][1]} if kind == "repeat_token" else {}
    return ON_TOKENS[kind](token=token, **again, **told)


def _token(actor: Actor, address: Address) -> Token:
    program = actor.instance.program
    there = [one for one in actor.instance.state.tokens.values() if program.steps[one.node].node.id == address[1]]
    return there[address[2]]
