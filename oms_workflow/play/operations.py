"""Steps of a walk that operations do to running orders: named as the commands of `oms instances`, and refused alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from oms_workflow.engine import ad_hoc, facts
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.state import Token
from oms_workflow.play.stage import Actor, Stage, WalkRefused

Step = Mapping[str, Any]


def operate(stage: Stage, step: Step) -> bool:
    """Do the operation that a step asks for; False when it asks for none.

    Raises:
        WalkRefused: When it cannot be done; the message says why.
    """
    operation = next((OPERATIONS[key] for key in step if key in OPERATIONS), None)
    if operation is not None:
        operation(stage, step)
    return operation is not None


def _suspend(stage: Stage, step: Step) -> None:
    for number, actor in enumerate(_instances(stage, step, "suspend")):
        tell(stage, actor, facts.Suspended(at=stage.now, **_why(step)), "suspended", is_meant=number == 0)


def _resume(stage: Stage, step: Step) -> None:
    for number, actor in enumerate(_instances(stage, step, "resume")):
        tell(stage, actor, facts.Resumed(at=stage.now, **_why(step)), "resumed", is_meant=number == 0)


def _skip(stage: Stage, step: Step) -> None:
    actor, token = _token(stage, step, step["skip"])
    tell(stage, actor, facts.TokenSkipped(at=stage.now, token=token.id, **_why(step)), "skipped")


def _repeat(stage: Stage, step: Step) -> None:
    """The token that waits there begins again; when none does, one more begins in the scope, `index` says in which."""
    element = step["repeat"]
    if _at(stage, element):
        actor, token = _token(stage, step, element)
        again = facts.ElementRepeated(at=stage.now, element=element, token=token.id, **_why(step))
        return tell(stage, actor, again, "repeated")
    drawn = [one for one in _running(stage) if element in one.instance.program.positions]
    if not drawn:
        raise WalkRefused(f"no running process has an element {element!r}")
    scopes = [(actor, token.id) for actor in drawn for token in _scopes(actor, element)]
    if "index" in step and len(scopes) > int(step["index"]):
        actor, scope = scopes[int(step["index"])]
    else:
        actor, scope = (scopes[0][0] if scopes else drawn[0]), 0
    more = facts.ElementRepeated(at=stage.now, element=element, scope=scope, **_why(step))
    return tell(stage, actor, more, "repeated")


def _cancel(stage: Stage, step: Step) -> None:
    actor, token = _token(stage, step, step["cancel"])
    tell(stage, actor, facts.BranchCancelled(at=stage.now, token=token.id, **_why(step)), "cancelled")


def _move(stage: Stage, step: Step) -> None:
    if not step.get("to"):
        raise WalkRefused(f'say where to move {step["move"]!r}: "to": ELEMENT')
    actor, token = _token(stage, step, step["move"])
    moved = facts.TokenMoved(at=stage.now, token=token.id, element=str(step["to"]), **_why(step))
    tell(stage, actor, moved, f"moved to {step['to']!r}")


def _activate(stage: Stage, step: Step) -> None:
    """A person begins one or several elements of an ad-hoc sub-process, of the oldest that offers them all."""
    named = step["activate"]
    elements = (named,) if isinstance(named, str) else tuple(named)
    offers = [
        (actor, token, {node.id for node in ad_hoc.offered(actor.instance.program, token)})
        for actor in stage.actors
        for token in actor.instance.state.tokens.values()
    ]
    found = [(actor, token) for actor, token, offered in offers if offered and offered.issuperset(elements)]
    index = int(step.get("index", 0))
    if index >= len(found):
        there = sorted({element for _, _, offered in offers for element in offered})
        wanted = ", ".join(map(repr, elements))
        raise WalkRefused(f"{wanted} (index {index}) cannot be activated; offered: {', '.join(there) or 'nothing'}")
    actor, token = found[index]
    tell(
        stage,
        actor,
        facts.ElementsChosen(at=stage.now, token=token.id, elements=elements, **_why(step)),
        "activated",
        what=repr(elements[0]),
    )


def _set(stage: Stage, step: Step) -> None:
    """Variables of the oldest process that runs, or with `scope` those of a token at that element."""
    if "scope" in step:
        actor, token = _token(stage, step, step["scope"])
        edited = facts.VariablesSet(at=stage.now, variables=step["set"], scope=token.id, **_why(step))
        return tell(stage, actor, edited, "set", what=f"variables of {step['scope']!r}")
    for actor in _running(stage)[:1]:
        stage.tell(actor, facts.VariablesSet(at=stage.now, variables=step["set"], **_why(step)))
    return None


OPERATIONS: Mapping[str, Callable[[Stage, Step], None]] = MappingProxyType(
    {
        "suspend": _suspend,
        "resume": _resume,
        "skip": _skip,
        "repeat": _repeat,
        "cancel": _cancel,
        "move": _move,
        "activate": _activate,
        "set": _set,
    }
)
"""Key of a step -> what it does."""


def tell(stage: Stage, actor: Actor, fact: facts.Fact, done: str, *, what: str = "it", is_meant: bool = True) -> None:
    """Hand over what a person does; refused with the engine's own reason, unless it was only meant along."""
    before = len(actor.records)
    stage.tell(actor, fact)
    ignored = [one for one in actor.records[before:] if one.kind is RecordKind.FACT_IGNORED]
    mine = [one for one in ignored if one.detail.get("fact") == type(fact).__name__]
    if mine and is_meant:
        raise WalkRefused(f"{what} cannot be {done}: {mine[0].detail['why']}")


def _why(step: Step) -> dict[str, Any]:
    return {"by": str(step.get("by", "")), "reason": str(step.get("reason", ""))}


def _instances(stage: Stage, step: Step, key: str) -> list[Actor]:
    """The instance of a process that is meant, the oldest unless `index` says else, and what it called."""
    process, index = step[key], int(step.get("index", 0))
    running = [one for one in _running(stage) if process in (True, one.instance.program.definition.id)]
    if index >= len(running):
        there = sorted({one.instance.program.definition.id for one in _running(stage)})
        named = "" if process is True else f" of process {process!r}"
        raise WalkRefused(f"no instance{named} (index {index}) runs; running: {', '.join(there) or 'nothing'}")
    found = [running[index]]
    for actor in found if not step.get("alone") else ():  # grows while it is walked
        found += [child for child in actor.children.values() if not child.instance.finished]
    return found


def _token(stage: Stage, step: Step, element: str) -> tuple[Actor, Token]:
    """The oldest token at an element, or number `index` of them; of a loop the whole comes before its items."""
    there, index = _at(stage, element), int(step.get("index", 0))
    if index >= len(there):
        known = sorted({_id(actor, token) for actor in _running(stage) for token in _tokens(actor)})
        raise WalkRefused(f"no token (index {index}) is at {element!r}; there are at: {', '.join(known) or 'nothing'}")
    return there[index]


def _at(stage: Stage, element: str) -> list[tuple[Actor, Token]]:
    found = [(actor, one) for actor in _running(stage) for one in _tokens(actor) if _id(actor, one) == element]
    return sorted(found, key=lambda one: one[1].role == "item")


def _scopes(actor: Actor, element: str) -> Iterator[Token]:
    program = actor.instance.program
    parent = program.steps[program.positions[element]].node.parent
    for token in actor.instance.state.tokens.values():
        if token.node == parent and token.role in ("plain", "item"):
            yield token


def _running(stage: Stage) -> list[Actor]:
    return [one for one in stage.actors if not one.instance.finished]


def _tokens(actor: Actor) -> list[Token]:
    return [one for one in actor.instance.state.tokens.values() if one.parent]


def _id(actor: Actor, token: Token) -> str:
    return actor.instance.program.steps[token.node].node.id
