"""The deadline of a node while a token is at it: started, paused by holds, resumed, missed, told. No clock in here."""

from __future__ import annotations

from datetime import timedelta

from oms_workflow import feel
from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.sla import BREACH_ESCALATION, HOLDS_VARIABLE, Sla, Terms
from oms_workflow.engine import incidents, throwing, waits
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.scopes import visible
from oms_workflow.engine.state import SlaState, Token
from oms_workflow.engine.terms import terms_of

UNKNOWN = "deadline-unknown"
"""Code of the incident about a deadline whose FEEL gave no usable value; a retry asks it again."""


def start(run: Run, token: Token, step: Step) -> None:
    """Start the deadline of a node, when it has one; paused at once when a hold is on that stops its clock.

    A deadline that cannot be told is an incident, and the node goes on without it: the work is not to wait for it.
    """
    sla = step.node.sla
    if sla is None or token.role == "item":
        return
    try:
        terms = terms_of(run, token, sla)
    except ExpressionFailed as failed:
        incidents.tell(run, token, "sla", UNKNOWN, str(failed))
        return
    token.sla = SlaState(run.at, terms if sla.is_asked else None)
    due = _calendar(run, terms).due_after(run.at, terms.limit)
    run.record_token(RecordKind.SLA_STARTED, token, due=due.isoformat(), calendar=terms.calendar)
    _open_timers(run, token, terms, token.sla)
    if sla.pause_on:
        _pause_or_resume(run, token, sla, token.sla)


def follow_holds(run: Run) -> None:
    """Pause and resume deadlines after the holds on the order changed."""
    for token in list(run.state.tokens.values()):
        sla = run.node_of(token).sla
        if token.sla is not None and sla is not None and sla.pause_on:
            _pause_or_resume(run, token, sla, token.sla)


def note_breach(run: Run, token: Token) -> None:
    """Write down that the node overstays, once."""
    node = run.node_of(token)
    assert token.sla is not None and node.sla is not None
    if not token.sla.breached:
        token.sla.breached = True
        run.record_token(RecordKind.SLA_BREACHED, token, owner=node.owner, on_breach=node.sla.on_breach)


def overstayed(run: Run, token: Token, kind: str) -> None:
    """The timer of a deadline fired: warn, or note the breach and tell whoever has to hear of it."""
    node = run.node_of(token)
    assert token.sla is not None and node.sla is not None
    if kind == "sla_warning":
        token.sla.warned = True
        run.record_token(RecordKind.SLA_WARNED, token, owner=node.owner)
        return
    note_breach(run, token)
    terms = _terms(token.sla, node.sla)
    if node.sla.on_breach == "escalate":
        _escalate(run, token, terms, token.sla)
    elif node.sla.on_breach == "incident":
        limit = feel.format_duration(terms.limit)
        incidents.tell(run, token, "sla", "sla-breached", f"The node is open longer than its limit of {limit}.")


def _escalate(run: Run, token: Token, terms: Terms, state: SlaState) -> None:
    """Throw the escalation, to the next of the chain where there is one, and set the clock for the one after."""
    if not terms.chain:
        throwing.escalation(run, token, BREACH_ESCALATION, {})
        return
    if state.level >= len(terms.chain):
        return  # of a chain that a migration made shorter everybody has heard
    level = terms.chain[state.level]
    state.level += 1
    told = {"escalationLevel": state.level, "escalationTo": level.role}
    throwing.escalation(run, token, BREACH_ESCALATION, {}, told)
    if run.state.tokens.get(token.id) is token and token.sla is state:  # a boundary event may have ended the node
        _open_timers(run, token, terms, state)


def _pause_or_resume(run: Run, token: Token, sla: Sla, state: SlaState) -> None:
    terms = _terms(state, sla)
    holds = visible(run, token).get(HOLDS_VARIABLE)
    stopping = [kind for kind in sla.pause_on if isinstance(holds, list) and kind in holds]
    if stopping and state.paused_at is None:
        state.spent += _calendar(run, terms).working_between(state.since, run.at)
        state.paused_at = run.at
        _close_timers(run, token)
        run.record_token(RecordKind.SLA_PAUSED, token, holds=stopping)
    elif not stopping and state.paused_at is not None:
        state.paused_at, state.since = None, run.at
        _open_timers(run, token, terms, state)
        due = _calendar(run, terms).due_after(run.at, terms.limit - state.spent)
        run.record_token(RecordKind.SLA_RESUMED, token, due=due.isoformat())


def _open_timers(run: Run, token: Token, terms: Terms, state: SlaState) -> None:
    calendar = _calendar(run, terms)
    if terms.warn_after is not None and not state.warned and not state.level:
        left = max(terms.warn_after - state.spent, timedelta(0))
        waits.start_timer(run, "sla_warning", token, token.node, calendar.due_after(state.since, left))
    after = _next_alarm(terms, state)
    if after is not None:
        left = max(after - state.spent, timedelta(0))
        waits.start_timer(run, "sla_breach", token, token.node, calendar.due_after(state.since, left))


def _next_alarm(terms: Terms, state: SlaState) -> timedelta | None:
    """Give the working time since the entry at which somebody hears next; None when nobody is left to hear."""
    if not state.breached:
        return terms.limit
    return terms.limit + terms.chain[state.level].after if 0 < state.level < len(terms.chain) else None


def _close_timers(run: Run, token: Token) -> None:
    for wait_id in list(token.waits or ()):
        wait = run.state.waits[wait_id]
        if wait.kind in ("sla_warning", "sla_breach"):
            waits.close(run, wait)


def _terms(state: SlaState, sla: Sla) -> Terms:
    return sla.drawn if state.terms is None else state.terms


def _calendar(run: Run, terms: Terms) -> Calendar:
    return run.program.calendars.get(terms.calendar, ALWAYS)
