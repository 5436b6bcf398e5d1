"""Playing a walk: what the outside world does step by step, on a virtual clock (see docs/play.md for the format)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.events import TimerEvent
from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.engine import ad_hoc, facts, timing
from oms_workflow.engine.commands import KEPT
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.state import Token
from oms_workflow.play.result import PlayResult, differences, open_work, show
from oms_workflow.play.stage import Actor, Stage, WalkRefused

Step = Mapping[str, Any]
ANSWERS = frozenset({"complete", "fail", "retry", "error", "escalate"})


def perform(stage: Stage, walk: Mapping[str, Any]) -> PlayResult:
    """Play a whole walk and give what came of it.

    Raises:
        WalkRefused: When a step cannot be done; the message says which one, and what could be.
    """
    checks: list[list[str]] = []
    if walk.get("start") is not None:
        _start(stage, walk["start"])
    for number, step in enumerate(walk.get("steps", ()), start=1):
        try:
            _step(stage, step, checks)
        except WalkRefused as refused:
            raise WalkRefused(f"step {number}: {refused}") from None
    return show(stage, checks)


def _start(stage: Stage, start: Mapping[str, Any]) -> None:
    variables = start.get("variables", {})
    if "message" in start:
        stage.publish(start["message"], str(start.get("correlationKey", "")), variables)
        return
    process = start.get("process") or _only_process(stage)
    if process not in stage.programs:
        raise WalkRefused(f"there is no process {process!r}; there are {', '.join(stage.programs) or 'none'}")
    if start.get("timer"):
        _start_by_timer(stage, process, variables)
    else:
        stage.start(process, variables)


def _only_process(stage: Stage) -> str:
    if len(stage.programs) != 1:
        raise WalkRefused(f"say which process to start: {', '.join(stage.programs)}")
    return next(iter(stage.programs))


def _start_by_timer(stage: Stage, process: str, variables: Mapping[str, Any]) -> None:
    for node in outside_starts(stage.programs[process].definition):
        event = next((one for one in node.events if isinstance(one, TimerEvent)), None)
        if event is not None:
            try:
                value = event.value
                if value.startswith("="):
                    value = feel.evaluate(value[1:], variables, at=stage.now)
                first = timing.firing(event.measure, value, stage.now).first
            except ValueError as unreadable:
                raise WalkRefused(f"the timer of {node.id!r}, {event.value!r}, {unreadable}") from None
            stage.advance(first)
            stage.start(process, variables, node.id)
            return
    raise WalkRefused(f"process {process!r} has no timer start event")


def _step(stage: Stage, step: Step, checks: list[list[str]]) -> None:
    variables = step.get("variables", {})
    if ANSWERS & step.keys():  # first, because an answer may carry a key `message` of its own
        _answer(stage, step, variables)
    elif "expect" in step:
        checks.append(differences(step["expect"], show(stage, [])))
    elif "advance" in step:
        try:
            until = timing.firing("duration", step["advance"], stage.now).first
        except ValueError as unreadable:
            raise WalkRefused(f"'advance' {unreadable}") from None
        stage.advance(until)
    elif "activate" in step:
        _activate(stage, step)
    elif "message" in step:
        stage.publish(step["message"], str(step.get("correlationKey", "")), variables, _kept(step))
    elif "signal" in step:
        stage.broadcast(step["signal"], variables)
    elif "set" in step:
        for actor in [one for one in stage.actors if not one.instance.finished]:
            stage.tell(actor, facts.VariablesSet(at=stage.now, variables=step["set"]))
            break
    else:
        raise WalkRefused(f"nothing can be done with {dict(step)!r}")


def _kept(step: Step) -> timedelta:
    if "ttl" not in step:
        return KEPT
    try:
        kept = feel.parse_duration(str(step["ttl"]))
    except ValueError:
        kept = None
    if not isinstance(kept, timedelta) or kept <= timedelta(0):
        raise WalkRefused(f"'ttl' must be a duration above zero such as PT1H, but is {step['ttl']!r}")
    return kept


def _answer(stage: Stage, step: Step, variables: Mapping[str, Any]) -> None:
    at = stage.now
    if "retry" in step:
        actor, token = _at(stage, step, step["retry"], TokenState.INCIDENT)
        incident = next(one.id for one in actor.instance.state.incidents.values() if one.token == token.id)
        stage.tell(actor, facts.IncidentResolved(at=at, incident=incident))
        return
    kind = next(key for key in ("complete", "fail", "error", "escalate") if key in step)
    actor, token = _at(stage, step, step[kind], TokenState.ACTIVE)
    fact: facts.Fact
    if kind == "complete":
        fact = facts.JobCompleted(at=at, token=token.id, variables=variables)
    elif kind == "fail":
        message = str(step.get("message", "failed"))
        fact = facts.JobFailed(at=at, token=token.id, message=message, attempts_left=int(step.get("retries", 0)))
    elif kind == "error":
        fact = facts.ErrorThrown(at=at, token=token.id, code=str(step.get("code", "")), variables=variables)
    else:
        fact = facts.EscalationThrown(at=at, token=token.id, code=str(step.get("code", "")), variables=variables)
    stage.tell(actor, fact)


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
    actor_records = len(actor.records)
    stage.tell(actor, facts.ElementsChosen(at=stage.now, token=token.id, elements=elements))
    ignored = [one for one in actor.records[actor_records:] if one.kind is RecordKind.FACT_IGNORED]
    if ignored:
        raise WalkRefused(f"{elements[0]!r} cannot be activated: {ignored[0].detail['why']}")


def _at(stage: Stage, step: Step, element: str, state: TokenState) -> tuple[Actor, Token]:
    """The token a step means: the oldest at the element, or number `index` of them."""
    if state is TokenState.ACTIVE:
        found = [(actor, token) for actor, token in open_work(stage) if _id(actor, token) == element]
    else:
        found = [
            (actor, token)
            for actor in stage.actors
            for token in actor.instance.state.tokens.values()
            if token.state is state and _id(actor, token) == element
        ]
    index = int(step.get("index", 0))
    if index >= len(found):
        there = sorted(_id(actor, token) for actor, token in open_work(stage))
        what = "open" if state is TokenState.ACTIVE else "stopped by an incident"
        raise WalkRefused(f"{element!r} (index {index}) is not {what}; open: {', '.join(there) or 'nothing'}")
    return found[index]


def _id(actor: Actor, token: Token) -> str:
    return actor.instance.program.steps[token.node].node.id
