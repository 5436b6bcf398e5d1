"""What each fact does: one small function per fact, one table that names them. A fact that comes too late is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.kinds import TASKS, NodeKind
from oms_workflow.bpmn.sla import BREACH_ESCALATION
from oms_workflow.engine import facts, happenings, incidents, mending, movement, scopes, sla, throwing, waits
from oms_workflow.engine.commands import Finish
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.process import end_early
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token, Wait

ANSWERABLE = TASKS | {NodeKind.THROW_EVENT, NodeKind.END_EVENT}


def _started(run: Run, fact: facts.Started) -> None:
    root = Token(run.state.next_id(), 0, 0, run.at)
    run.state.tokens[root.id] = root
    run.state.root = root.id
    root.variables = _values(fact.variables)
    names = sorted(root.variables)
    run.record(RecordKind.STARTED, run.program.definition.id, root.id, 0, variables=names, start=fact.start)
    root.index = run.program.positions[fact.start] if fact.start else -1
    step = run.steps[0]
    step.behaviour.enter(run, root, step)


def _job_completed(run: Run, fact: facts.JobCompleted) -> None:
    token = _working(run, fact, fact.token)
    if token is not None:
        step = run.steps[token.node]
        if fact.by:
            run.record_token(RecordKind.TASK_DONE, token, by=fact.by)
        step.behaviour.answered(run, token, step, _values(fact.variables))


def _job_failed(run: Run, fact: facts.JobFailed) -> None:
    token = _working(run, fact, fact.token)
    if token is not None:
        run.record_token(RecordKind.JOB_FAILED, token, message=fact.message, attempts_left=fact.attempts_left)
        if fact.attempts_left <= 0:
            incidents.stop(run, token, "working", "job-failed", fact.message)


def _error_thrown(run: Run, fact: facts.ErrorThrown) -> None:
    token = _working(run, fact, fact.token)
    if token is not None:
        _throw_error(run, token, fact.code, fact.message, _values(fact.variables), "uncaught-error")


def _escalation_thrown(run: Run, fact: facts.EscalationThrown) -> None:
    token = _working(run, fact, fact.token)
    if token is not None:
        throwing.escalation(run, token, fact.code, _values(fact.variables))


def _timer_fired(run: Run, fact: facts.TimerFired) -> None:
    wait = run.state.waits.get(fact.timer)
    if wait is None or wait.due is None:
        _ignore(run, fact, "its timer is no longer wanted")
        return
    token = run.state.tokens[wait.token]
    if wait.kind in ("sla_warning", "sla_breach"):
        waits.forget(run, wait)
        _overstayed(run, token, wait)
        return
    run.record(RecordKind.TIMER_FIRED, run.steps[wait.target].node.id, token.id, token.parent, due=wait.due.isoformat())
    if wait.interval is not None and wait.repeats != 0:
        wait.due += wait.interval
        wait.repeats -= 1 if wait.repeats > 0 else 0
        waits.request_timer(run, wait)
    else:
        waits.forget(run, wait)
    happenings.happen(run, wait, {})


def _message_arrived(run: Run, fact: facts.MessageArrived) -> None:
    wait = run.state.waits.get(fact.subscription)
    if wait is None or wait.kind != "message":
        _ignore(run, fact, "its subscription is closed")
        return
    token = run.state.tokens[wait.token]
    target = run.steps[wait.target].node
    run.record(
        RecordKind.MESSAGE_CAUGHT, target.id, token.id, token.parent, message=wait.name, message_id=fact.message_id
    )
    if target.interrupting or wait.target == token.node:
        waits.forget(run, wait)
    happenings.happen(run, wait, _values(fact.variables))


def _signal_arrived(run: Run, fact: facts.SignalArrived) -> None:
    for wait in [one for one in run.state.waits.values() if one.kind == "signal" and one.name == fact.name]:
        if wait.id not in run.state.waits:
            continue  # one that heard the same signal before ended it
        token = run.state.tokens[wait.token]
        target = run.steps[wait.target].node
        run.record(RecordKind.SIGNAL_CAUGHT, target.id, token.id, token.parent, signal=fact.name)
        if target.interrupting or wait.target == token.node:
            waits.forget(run, wait)
        happenings.happen(run, wait, _values(fact.variables))


def _child_ended(run: Run, fact: facts.ChildEnded) -> None:
    token = _calling(run, fact, fact.token)
    if token is None:
        return
    step = run.steps[token.node]
    if fact.outcome == "completed":
        step.behaviour.answered(run, token, step, _values(fact.variables))
    elif fact.outcome == "failed":
        _throw_error(run, token, fact.code, fact.message, _values(fact.variables), "child-failed")
    else:
        incidents.stop(run, token, "working", "child-terminated", fact.message or "The called process was terminated.")


def _child_escalated(run: Run, fact: facts.ChildEscalated) -> None:
    token = _calling(run, fact, fact.token)
    if token is not None:
        throwing.escalation(run, token, fact.code, _values(fact.variables))


def _variables_set(run: Run, fact: facts.VariablesSet) -> None:
    scope = run.state.tokens.get(fact.scope or run.state.root)
    if scope is None:
        _ignore(run, fact, "its scope is over")
        return
    scopes.set_local(run, scope, _values(fact.variables))
    run.record_token(RecordKind.VARIABLES_SET, scope, names=sorted(fact.variables), by=fact.by)


def _cancelled(run: Run, fact: facts.Cancelled) -> None:
    root = run.state.tokens[run.state.root]
    message = fact.reason or "cancelled from outside"
    end_early(run, Finish(outcome="terminated", variables=dict(root.variables or {}), message=message), fact.by)


def _incident_resolved(run: Run, fact: facts.IncidentResolved) -> None:
    why = mending.resolve(run, fact, _values(fact.variables))
    if why:
        _ignore(run, fact, why)


def _token_moved(run: Run, fact: facts.TokenMoved) -> None:
    why = mending.move(run, fact)
    if why:
        _ignore(run, fact, why)


RECEIVERS: Mapping[type[facts.Fact], Callable[[Run, Any], None]] = MappingProxyType(
    {
        facts.Started: _started,
        facts.JobCompleted: _job_completed,
        facts.JobFailed: _job_failed,
        facts.ErrorThrown: _error_thrown,
        facts.EscalationThrown: _escalation_thrown,
        facts.TimerFired: _timer_fired,
        facts.MessageArrived: _message_arrived,
        facts.SignalArrived: _signal_arrived,
        facts.ChildEnded: _child_ended,
        facts.ChildEscalated: _child_escalated,
        facts.VariablesSet: _variables_set,
        facts.IncidentResolved: _incident_resolved,
        facts.TokenMoved: _token_moved,
        facts.Cancelled: _cancelled,
    }
)


def _throw_error(run: Run, token: Token, code: str, message: str, variables: Mapping[str, Any], incident: str) -> None:
    token.move(TokenState.COMPLETING)  # its work is over, whoever catches the error
    if not throwing.error(run, token, code, message, variables):
        said = f" ({message})" if message else ""
        incidents.stop(
            run,
            token,
            "working",
            incident,
            f"Error {code!r}{said} is not caught at this node or around it. Mend the cause and retry, complete the "
            "node by hand, or draw a boundary event that catches the error.",
        )


def _overstayed(run: Run, token: Token, wait: Wait) -> None:
    node = run.node_of(token)
    assert token.sla is not None and node.sla is not None
    if wait.kind == "sla_warning":
        token.sla.warned = True
        run.record_token(RecordKind.SLA_WARNED, token, owner=node.owner)
        return
    token.sla.breached = True
    run.record_token(RecordKind.SLA_BREACHED, token, owner=node.owner, on_breach=node.sla.on_breach)
    if node.sla.on_breach == "escalate":
        throwing.escalation(run, token, BREACH_ESCALATION, {})
    elif node.sla.on_breach == "incident":
        limit = feel.format_duration(node.sla.limit)
        incidents.tell(run, token, "sla", "sla-breached", f"The node is open longer than its limit of {limit}.")


def _working(run: Run, fact: facts.Fact, token_id: int) -> Token | None:
    """The token an answer is for, when it still waits for one."""
    token = run.state.tokens.get(token_id)
    if (
        token is None
        or run.node_of(token).kind not in ANSWERABLE
        or token.state is not TokenState.ACTIVE
        or token.role in ("body", "undo")
    ):
        _ignore(run, fact, "its token waits for no answer")
        return None
    return token


def _calling(run: Run, fact: facts.Fact, token_id: int) -> Token | None:
    token = run.state.tokens.get(token_id)
    if token is None or run.node_of(token).call is None or token.state is not TokenState.ACTIVE:
        _ignore(run, fact, "its call activity is over")
        return None
    return token


def _ignore(run: Run, fact: facts.Fact, why: str) -> None:
    about = getattr(fact, "token", 0) or getattr(fact, "timer", 0) or getattr(fact, "subscription", 0)
    run.record(RecordKind.FACT_IGNORED, "", about, 0, fact=type(fact).__name__, why=why)


def _values(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: feel.normalise(value) for name, value in variables.items()}


def follow_conditions(run: Run) -> bool:
    """Let the first conditional event happen whose condition has become true; True when one did.

    BPMN 2.0.2, 10.5.5: it acts when the condition turns true, and again only after it was false in between.
    """
    for wait in [one for one in run.state.waits.values() if one.kind == "conditional"]:
        token = run.state.tokens[wait.token]
        target = run.steps[wait.target].node
        try:
            holds = all(
                run.evaluate(event.condition, token)[0] is True
                for event in target.events
                if event.kind == "conditional"
            )
        except ExpressionFailed:
            holds = False
        if not holds or not wait.armed:
            wait.armed = not holds
            continue
        wait.armed = False
        if target.interrupting or wait.target == token.node:
            waits.forget(run, wait)
        happenings.happen(run, wait, {})
        return True
    return False


def follow_holds(run: Run) -> None:
    """Pause and resume deadlines when the holds on the order have changed."""
    if run.holds_changed:
        run.holds_changed = False
        sla.follow_holds(run)


def drain(run: Run) -> None:
    """Move on until everything waits, conditional events included."""
    movement.follow(run)
    rounds = 0
    while run.variables_changed and not run.state.finished:
        run.variables_changed = False
        follow_holds(run)
        while not run.state.finished and follow_conditions(run):
            movement.follow(run)
            rounds += 1
            if rounds > MOST_CONDITIONS:
                root = run.state.tokens[run.state.root]
                message = "Conditional events set each other off without end. Change their conditions."
                incidents.tell(run, root, "sla", "runaway", message)
                return


MOST_CONDITIONS = 1_000  # conditional events followed for one fact; bounds two that keep setting each other off
