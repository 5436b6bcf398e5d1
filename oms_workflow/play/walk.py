"""Playing a walk: what the outside world does step by step, on a virtual clock (see docs/play.md for the format)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.events import TimerEvent
from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.engine import facts, suspension, timing
from oms_workflow.engine.commands import KEPT
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.state import Token
from oms_workflow.play.operations import operate, tell
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
    elif "message" in step:
        stage.publish(step["message"], str(step.get("correlationKey", "")), variables, _kept(step))
    elif "signal" in step:
        stage.broadcast(step["signal"], variables)
    elif not operate(stage, step):
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
        tell(stage, actor, facts.IncidentResolved(at=at, incident=incident), "resolved", what="the incident")
        return
    kind = next(key for key in ("complete", "fail", "error", "escalate") if key in step)
    actor, token = _at(stage, step, step[kind], TokenState.ACTIVE)
    if suspension.is_answered(actor.instance.state, token.id):
        raise WalkRefused(f"{step[kind]!r} is answered already; the answer is acted on when the instance is resumed")
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
