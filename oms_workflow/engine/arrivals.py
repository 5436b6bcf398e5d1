"""What tokens have waited for and now comes about: timers, a deadline's among them, messages, signals."""

from __future__ import annotations

from datetime import datetime

from oms_workflow.engine import facts, happenings, sla, waits
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.scopes import from_outside
from oms_workflow.engine.state import Wait


def timer_fired(run: Run, fact: facts.TimerFired) -> None:
    """Let happen what a timer was set for: a BPMN event, or the warning or breach of a deadline."""
    wait = run.state.waits.get(fact.timer)
    if wait is None or wait.due is None:
        run.ignore(fact, "its timer is no longer wanted")
        return
    token = run.state.tokens[wait.token]
    if wait.kind in ("sla_warning", "sla_breach"):
        waits.forget(run, wait)
        sla.overstayed(run, token, wait.kind)
        return
    run.record(RecordKind.TIMER_FIRED, run.steps[wait.target].node.id, token.id, token.parent, due=wait.due.isoformat())
    if wait.repeats != 0 and (wait.interval is not None or wait.monthly is not None):
        wait.due = _next_turn(wait, wait.due)
        wait.repeats -= 1 if wait.repeats > 0 else 0
        waits.request_timer(run, wait)
    else:
        waits.forget(run, wait)
    happenings.happen(run, wait, {})


def _next_turn(wait: Wait, due: datetime) -> datetime:
    if wait.monthly is not None:
        return wait.monthly.after(due)
    assert wait.interval is not None
    return due + wait.interval


def message_arrived(run: Run, fact: facts.MessageArrived) -> None:
    """Let happen what waited for the message."""
    wait = run.state.waits.get(fact.subscription)
    if wait is None or wait.kind != "message":
        run.ignore(fact, "its subscription is closed")
        return
    token = run.state.tokens[wait.token]
    target = run.steps[wait.target].node
    run.record(
        RecordKind.MESSAGE_CAUGHT, target.id, token.id, token.parent, message=wait.name, message_id=fact.message_id
    )
    if target.interrupting or wait.target == token.node:
        waits.forget(run, wait)
    happenings.happen(run, wait, from_outside(fact.variables))


def signal_arrived(run: Run, fact: facts.SignalArrived) -> None:
    """Let happen everything that waits for the signal, in the order in which it began to wait."""
    for wait in [one for one in run.state.waits.values() if one.kind == "signal" and one.name == fact.name]:
        if wait.id not in run.state.waits:
            continue  # one that heard the same signal before ended it
        token = run.state.tokens[wait.token]
        target = run.steps[wait.target].node
        run.record(RecordKind.SIGNAL_CAUGHT, target.id, token.id, token.parent, signal=fact.name)
        if target.interrupting or wait.target == token.node:
            waits.forget(run, wait)
        happenings.happen(run, wait, from_outside(fact.variables))


def only_tells(run: Run, fact: facts.TimerFired) -> bool:
    """Whether a timer moves nothing: the warning of a deadline, or a breach that is only written down."""
    wait = run.state.waits.get(fact.timer)
    if wait is None or not wait.kind.startswith("sla"):
        return wait is None
    drawn = run.node_of(run.state.tokens[wait.token]).sla
    return wait.kind == "sla_warning" or drawn is None or drawn.on_breach != "escalate"


def note_breach(run: Run, fact: facts.TimerFired) -> None:
    """Write down a breach when it happens; what it sets going comes later."""
    wait = run.state.waits[fact.timer]
    if wait.kind == "sla_breach":
        sla.note_breach(run, run.state.tokens[wait.token])
