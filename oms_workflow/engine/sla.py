"""The deadline of a node while a token is at it: started, paused by holds, resumed, stopped. No clock in here."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.sla import HOLDS_VARIABLE, Sla
from oms_workflow.engine import waits
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.scopes import visible
from oms_workflow.engine.state import SlaState, Token


def start(run: Run, token: Token, step: Step) -> None:
    """Start the deadline of a node, when it has one; paused at once when a hold is on that stops its clock."""
    sla = step.node.sla
    if sla is None or token.role == "item":
        return
    token.sla = SlaState(run.at)
    due = _calendar(run, sla).due_after(run.at, sla.limit)
    run.record_token(RecordKind.SLA_STARTED, token, due=due.isoformat(), calendar=sla.calendar)
    _open_timers(run, token, sla, token.sla)
    if sla.pause_on:
        _pause_or_resume(run, token, sla, token.sla)


def follow_holds(run: Run) -> None:
    """Pause and resume deadlines after the holds on the order changed."""
    for token in list(run.state.tokens.values()):
        sla = run.node_of(token).sla
        if token.sla is not None and sla is not None and sla.pause_on:
            _pause_or_resume(run, token, sla, token.sla)


def _pause_or_resume(run: Run, token: Token, sla: Sla, state: SlaState) -> None:
    holds = visible(run, token).get(HOLDS_VARIABLE)
    stopping = [kind for kind in sla.pause_on if isinstance(holds, list) and kind in holds]
    if stopping and state.paused_at is None:
        state.spent += _calendar(run, sla).working_between(state.since, run.at)
        state.paused_at = run.at
        _close_timers(run, token)
        run.record_token(RecordKind.SLA_PAUSED, token, holds=stopping)
    elif not stopping and state.paused_at is not None:
        state.paused_at, state.since = None, run.at
        _open_timers(run, token, sla, state)
        due = _calendar(run, sla).due_after(run.at, sla.limit - state.spent)
        run.record_token(RecordKind.SLA_RESUMED, token, due=due.isoformat())


def _open_timers(run: Run, token: Token, sla: Sla, state: SlaState) -> None:
    calendar = _calendar(run, sla)
    if sla.warn_after is not None and not state.warned:
        left = max(sla.warn_after - state.spent, timedelta(0))
        waits.start_timer(run, "sla_warning", token, token.node, calendar.due_after(state.since, left))
    if not state.breached:
        left = max(sla.limit - state.spent, timedelta(0))
        waits.start_timer(run, "sla_breach", token, token.node, calendar.due_after(state.since, left))


def _close_timers(run: Run, token: Token) -> None:
    for wait_id in list(token.waits or ()):
        wait = run.state.waits[wait_id]
        if wait.kind in ("sla_warning", "sla_breach"):
            waits.close(run, wait)


def _calendar(run: Run, sla: Sla) -> Calendar:
    return run.program.calendars.get(sla.calendar, ALWAYS)
