"""Opening and closing what tokens wait for: timers, messages, signals, conditions. What happens then is elsewhere."""

from __future__ import annotations

from datetime import datetime

from oms_workflow.bpmn.events import ConditionalEvent, MessageEvent, SignalEvent, TimerEvent
from oms_workflow.engine import timing
from oms_workflow.engine.commands import CancelTimer, CloseSubscription, OpenSubscription, StartTimer
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token, Wait, WaitKind


def open_for(run: Run, token: Token, target: int) -> None:
    """Start to wait for the event drawn at node `target`, on behalf of `token`.

    Raises:
        ExpressionFailed: When its time, key or name does not evaluate.
    """
    for position, event in enumerate(run.steps[target].node.events):
        if isinstance(event, TimerEvent):
            wait = _open_timer(run, token, target, event)
        elif isinstance(event, MessageEvent):
            wait = _open_message(run, token, target, event)
        elif isinstance(event, SignalEvent):
            wait = _open_signal(run, token, target, event)
        elif isinstance(event, ConditionalEvent):
            wait = _new(run, "conditional", token, target)
            run.variables_changed = True  # it may be true already
        else:
            continue
        wait.event = position


def start_timer(run: Run, kind: WaitKind, token: Token, target: int, due: datetime) -> Wait:
    """Ask for a timer; `target` is the node that acts when it fires."""
    wait = _new(run, kind, token, target)
    wait.due = due
    request_timer(run, wait)
    return wait


def request_timer(run: Run, wait: Wait) -> None:
    """Tell the host when a timer is due."""
    node = run.steps[wait.target].node
    assert wait.due is not None
    purpose = "catch" if wait.kind == "timer" else wait.kind
    run.command(
        StartTimer(timer=wait.id, due=wait.due, element=node.id, name=node.label, purpose=purpose)  # type: ignore[arg-type]
    )


def close_all(run: Run, token: Token, *, attached: bool = True) -> None:
    """Stop waiting on behalf of a token; with `attached=False` boundary events and SLA stay open."""
    if not token.waits:
        return
    for wait_id in list(token.waits):
        wait = run.state.waits[wait_id]
        if attached or _is_inner(run, token, wait):
            close(run, wait)


def close(run: Run, wait: Wait) -> None:
    """Stop waiting, and tell the host."""
    forget(run, wait)
    if wait.kind in ("timer", "sla_warning", "sla_breach"):
        run.command(CancelTimer(timer=wait.id))
    elif wait.kind == "message" or wait.kind == "signal":
        run.command(CloseSubscription(subscription=wait.id, kind=wait.kind))


def forget(run: Run, wait: Wait) -> None:
    """Stop waiting for something that happened and cannot happen again."""
    del run.state.waits[wait.id]
    run.state.conditional.pop(wait.id, None)
    token = run.state.tokens.get(wait.token)
    if token is not None and token.waits is not None:
        token.waits.remove(wait.id)


def _new(run: Run, kind: WaitKind, token: Token, target: int) -> Wait:
    wait = Wait(run.state.next_id(), kind, token.id, target)
    run.state.waits[wait.id] = wait
    if kind == "conditional":
        run.state.conditional[wait.id] = None
    if token.waits is None:
        token.waits = []
    token.waits.append(wait.id)
    return wait


def _is_inner(run: Run, token: Token, wait: Wait) -> bool:
    """Whether a wait is for the start of an event sub-process inside the token's scope."""
    return wait.target != token.node and run.steps[wait.target].node.attached_to != token.node


def _open_message(run: Run, token: Token, target: int, event: MessageEvent) -> Wait:
    node = run.steps[target].node
    name = run.text(event.name, token, "message name")
    key = run.text(event.correlation_key, token, "correlation key") if event.correlation_key else ""
    wait = _new(run, "message", token, target)
    wait.name, wait.key = name, key
    once = node.interrupting or target == token.node
    run.command(OpenSubscription(subscription=wait.id, message=name, key=key, element=node.id, once=once))
    return wait


def _open_signal(run: Run, token: Token, target: int, event: SignalEvent) -> Wait:
    node = run.steps[target].node
    name = run.text(event.name, token, "signal name")
    wait = _new(run, "signal", token, target)
    wait.name = name
    once = node.interrupting or target == token.node
    run.command(OpenSubscription(subscription=wait.id, message=name, key="", element=node.id, kind="signal", once=once))
    return wait


def _open_timer(run: Run, token: Token, target: int, event: TimerEvent) -> Wait:
    node = run.steps[target].node
    value, notes = run.evaluate(event.value, token) if event.value.startswith("=") else (event.value, [])
    try:
        fires = timing.firing(event.measure, value, run.at, run.edition)
    except ValueError as unreadable:
        why = f" ({'; '.join(notes[:3])})" if notes else ""
        raise ExpressionFailed(
            f"The timer of {node.label!r}, {event.value!r}, {unreadable}{why}. Set the variables it reads, then retry."
        ) from None
    wait = start_timer(run, "timer", token, target, fires.first)
    if node.attached_to >= 0 or target != token.node:  # a catch event lets its token go at the first firing
        wait.interval, wait.monthly, wait.repeats = fires.interval, fires.monthly, fires.repeats
    return wait
