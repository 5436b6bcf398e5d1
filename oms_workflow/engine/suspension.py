"""An instance that is suspended: nothing in it moves, and what comes meanwhile is kept and acted on when it goes on.

Deadlines run on, as the promise to the buyer does: a warning or a breach is written down when it happens. Only what a
breach sets going waits. A deadline that is to stop has a hold that stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from oms_workflow.engine import arrivals, commands, draining, facts, joins
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.scopes import from_outside
from oms_workflow.engine.state import State, Suspension, Wait

if TYPE_CHECKING:
    from oms_workflow.engine.run import Run

KEPT: tuple[type[facts.Fact], ...] = (
    facts.JobCompleted,
    facts.JobFailed,
    facts.ErrorThrown,
    facts.EscalationThrown,
    facts.TimerFired,
    facts.MessageArrived,
    facts.SignalArrived,
    facts.ChildEnded,
    facts.ChildEscalated,
)
"""What is acted on later: whatever would set a token going."""

ANSWERS = (facts.JobCompleted, facts.JobFailed, facts.ErrorThrown, facts.ChildEnded)
"""After these a host has nothing more to do for the token."""


def begin(run: Run, fact: facts.Suspended) -> None:
    """Let nothing move from now on."""
    run.state.suspension = Suspension(run.at, fact.by, fact.reason)
    root = run.state.tokens[run.state.root]
    run.record_token(RecordKind.SUSPENDED, root, by=fact.by, reason=fact.reason)


def receive(run: Run, fact: facts.Fact) -> None:
    """Take in a fact about a suspended instance."""
    if isinstance(fact, facts.Resumed):
        _resume(run, fact)
    elif isinstance(fact, KEPT):
        _keep(run, fact)
    elif isinstance(fact, facts.Cancelled):
        _end(run, fact)
    elif isinstance(fact, facts.VariablesSet):
        _take_in(run, fact)
        draining.follow_holds(run)
    else:
        run.ignore(fact, "the instance is suspended; resume it first")


def rung(state: State) -> frozenset[int]:
    """Give the timers that rang while the instance was suspended: they are not to ring again."""
    kept = state.suspension.facts if state.suspension is not None else ()
    return frozenset(fact.timer for fact in kept if isinstance(fact, facts.TimerFired))


def timers(state: State) -> Iterator[tuple[datetime, Wait]]:
    """Give the timers that are still to ring, with when, in the order in which they were set."""
    silent = rung(state)
    yield from ((wait.due, wait) for wait in state.waits.values() if wait.due is not None and wait.id not in silent)


def is_answered(state: State, token: int) -> bool:
    """Whether an answer for this token came while the instance was suspended, so that another one would be lost."""
    kept = state.suspension.facts if state.suspension is not None else ()
    return any(isinstance(fact, ANSWERS) and fact.token == token for fact in kept)


def _keep(run: Run, fact: facts.Fact) -> None:
    assert run.state.suspension is not None
    if isinstance(fact, facts.TimerFired):
        if fact.timer in rung(run.state):
            run.ignore(fact, "its timer rang already")
            return
        if arrivals.only_tells(run, fact):
            arrivals.timer_fired(run, fact)
            return
        arrivals.note_breach(run, fact)
    run.state.suspension.facts.append(fact)


def _resume(run: Run, fact: facts.Resumed) -> None:
    kept = _lift(run, fact.by, fact.reason)
    run.variables_changed = True  # conditions were not looked at meanwhile
    joins.look_again(run)  # nor joins, if it was migrated
    wanted = _wanted(run, kept)
    draining.drain(run)
    for one in kept:
        if run.state.finished or (isinstance(one, facts.MessageArrived) and one.subscription not in run.state.waits):
            _come_too_late(run, one, wanted)
        else:
            _take_in(run, one)
            draining.drain(run)


def _end(run: Run, fact: facts.Cancelled) -> None:
    kept = _lift(run, fact.by, fact.reason)
    wanted = _wanted(run, kept)
    _take_in(run, fact)
    for one in kept:
        _come_too_late(run, one, wanted)


def _wanted(run: Run, kept: list[facts.Fact]) -> dict[int, Wait]:
    """Give what waits for the messages that were kept, by subscription."""
    numbers = [one.subscription for one in kept if isinstance(one, facts.MessageArrived)]
    return {number: run.state.waits[number] for number in numbers if number in run.state.waits}


def _come_too_late(run: Run, fact: facts.Fact, wanted: dict[int, Wait]) -> None:
    """Note that nothing waits for it any more. A message goes on to whoever waits for it next: none may be lost."""
    run.ignore(fact, "the instance is over" if run.state.finished else "its subscription is closed")
    if isinstance(fact, facts.MessageArrived) and fact.subscription in wanted:
        wait = wanted[fact.subscription]
        told = commands.PublishMessage(
            number=run.state.next_id(),
            message=wait.name,
            key=wait.key,
            element=run.steps[wait.target].node.id,
            variables=from_outside(fact.variables),
        )
        run.command(told)


def _lift(run: Run, by: str, reason: str) -> list[facts.Fact]:
    suspended = run.state.suspension
    assert suspended is not None
    run.state.suspension = None
    root = run.state.tokens[run.state.root]
    since, held = suspended.since.isoformat(), len(suspended.facts)
    run.record_token(RecordKind.RESUMED, root, held=held, since=since, by=by, reason=reason)
    return suspended.facts


def _take_in(run: Run, fact: facts.Fact) -> None:
    from oms_workflow.engine.receiving import RECEIVERS  # the table names this module, too

    RECEIVERS[type(fact)](run, fact)
