"""Opening and closing what tokens wait for: timers, messages, signals, conditions. What happens then is elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.events import ConditionalEvent, MessageEvent, SignalEvent, TimerEvent
from oms_workflow.bpmn.model import Node
from oms_workflow.engine.commands import CancelTimer, CloseSubscription, OpenSubscription, StartTimer
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token, Wait, WaitKind


def open_for(run: Run, token: Token, target: int) -> None:
    """Start to wait for the event drawn at node `target`, on behalf of `token`.

    Raises:
        ExpressionFailed: When its time, key or name does not evaluate.
    """
    node = run.steps[target].node
    for event in node.events:
        if isinstance(event, TimerEvent):
            _open_timer(run, token, target, event)
        elif isinstance(event, MessageEvent):
            _open_message(run, token, target, event)
        elif isinstance(event, SignalEvent):
            _open_signal(run, token, target, event)
        elif isinstance(event, ConditionalEvent):
            _new(run, "conditional", token, target)
            run.variables_changed = True  # it may be true already


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
    elif wait.kind in ("message", "signal"):
        run.command(CloseSubscription(subscription=wait.id))


def forget(run: Run, wait: Wait) -> None:
    """Stop waiting for something that happened and cannot happen again."""
    del run.state.waits[wait.id]
    token = run.state.tokens.get(wait.token)
    if token is not None and token.waits is not None:
        token.waits.remove(wait.id)


def _new(run: Run, kind: WaitKind, token: Token, target: int) -> Wait:
    wait = Wait(run.state.next_id(), kind, token.id, target)
    run.state.waits[wait.id] = wait
    if token.waits is None:
        token.waits = []
    token.waits.append(wait.id)
    return wait


def _is_inner(run: Run, token: Token, wait: Wait) -> bool:
    """Whether a wait is for the start of an event sub-process inside the token's scope."""
    return wait.target != token.node and run.steps[wait.target].node.attached_to != token.node


def _open_message(run: Run, token: Token, target: int, event: MessageEvent) -> None:
    node = run.steps[target].node
    name = run.text(event.name, token, "message name")
    key = run.text(event.correlation_key, token, "correlation key") if event.correlation_key else ""
    wait = _new(run, "message", token, target)
    wait.name, wait.key = name, key
    once = node.interrupting or target == token.node
    run.command(OpenSubscription(subscription=wait.id, message=name, key=key, element=node.id, once=once))


def _open_signal(run: Run, token: Token, target: int, event: SignalEvent) -> None:
    node = run.steps[target].node
    name = run.text(event.name, token, "signal name")
    wait = _new(run, "signal", token, target)
    wait.name = name
    once = node.interrupting or target == token.node
    run.command(OpenSubscription(subscription=wait.id, message=name, key="", element=node.id, kind="signal", once=once))


def _open_timer(run: Run, token: Token, target: int, event: TimerEvent) -> None:
    node = run.steps[target].node
    value = run.value(event.value, token)
    if event.measure == "date":
        start_timer(run, "timer", token, target, _instant(value, event, node))
    elif event.measure == "duration":
        start_timer(run, "timer", token, target, _later(run.at, _duration(value, event, node), event, node))
    else:
        repeats, first, interval = _cycle(run, value, event, node)
        wait = start_timer(run, "timer", token, target, first)
        if node.attached_to < 0 and target == token.node:
            return  # an intermediate catch event lets its token go at the first firing
        wait.interval, wait.repeats = interval, repeats - 1 if repeats > 0 else -1


def _later(at: datetime, duration: timedelta | feel.YearsMonths, event: TimerEvent, node: Node) -> datetime:
    try:
        moved = feel.add_duration(at, duration)
    except OverflowError:
        moved = None
    if moved is None:
        raise _unreadable(event, node, duration)
    return moved


def _duration(value: Any, event: TimerEvent, node: Node) -> timedelta | feel.YearsMonths:
    if isinstance(value, str):
        value = feel.parse_duration(value)
    if isinstance(value, timedelta | feel.YearsMonths):
        return value
    raise _unreadable(event, node, value)


def _instant(value: Any, event: TimerEvent, node: Node) -> datetime:
    if isinstance(value, str):
        value = feel.parse_date_time(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    raise _unreadable(event, node, value)


def _cycle(run: Run, value: Any, event: TimerEvent, node: Node) -> tuple[int, datetime, timedelta]:
    """(number of firings or -1, first one, interval) of ISO 8601 `R3/PT10M` or `R3/2026-01-05T08:00:00Z/PT10M`."""
    parts = value.split("/") if isinstance(value, str) else []
    if len(parts) not in (2, 3) or not parts[0].startswith("R") or not (parts[0][1:] or "0").isdigit():
        raise _unreadable(event, node, value)
    interval = _duration(parts[-1], event, node)
    if not isinstance(interval, timedelta) or interval <= timedelta(0):
        raise _unreadable(event, node, value)
    first = _instant(parts[1], event, node) if len(parts) == 3 else run.at + interval
    repeats = int(parts[0][1:]) if parts[0][1:] else -1
    return repeats or -1, first, interval


def _unreadable(event: TimerEvent, node: Node, value: Any) -> ExpressionFailed:
    wanted = {
        "date": "an ISO 8601 date and time such as 2026-11-22T10:00:00Z",
        "duration": "an ISO 8601 duration such as PT30M",
        "cycle": "an ISO 8601 repetition such as R3/PT10M",
    }[event.measure]
    shown = feel.to_plain(value) if value is not None else None
    return ExpressionFailed(f"The timer of {node.label!r} must be {wanted}, but {event.value!r} gives {shown!r}.")
