"""What each fact does: one small function per fact, one table that names them. A fact that comes too late is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from oms_workflow.engine import (
    ad_hoc,
    answers,
    arrivals,
    editing,
    facts,
    interventions,
    mending,
    moving,
    scopes,
    suspension,
)
from oms_workflow.engine.commands import Finish
from oms_workflow.engine.nodes.process import end_early
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.scopes import from_outside
from oms_workflow.engine.state import Token


def _started(run: Run, fact: facts.Started) -> None:
    root = Token(run.state.next_id(), 0, 0, run.at)
    run.state.tokens[root.id] = root
    run.state.root = root.id
    root.variables = from_outside(fact.variables)
    names = sorted(root.variables)
    run.record(RecordKind.STARTED, run.program.definition.id, root.id, 0, variables=names, start=fact.start)
    root.index = run.program.positions[fact.start] if fact.start else -1
    step = run.steps[0]
    step.behaviour.enter(run, root, step)


def _variables_set(run: Run, fact: facts.VariablesSet) -> None:
    scope = run.state.tokens.get(fact.scope or run.state.root)
    if scope is None:
        run.ignore(fact, "its scope is over")
        return
    given = from_outside(fact.variables)
    audited = editing.audit(scope, given, fact.reason) if fact.reason else {}
    scopes.set_local(run, scope, given)
    run.record_token(RecordKind.VARIABLES_SET, scope, names=sorted(fact.variables), by=fact.by, **audited)


def _cancelled(run: Run, fact: facts.Cancelled) -> None:
    root = run.state.tokens[run.state.root]
    message = fact.reason or "cancelled from outside"
    end_early(run, Finish(outcome="terminated", variables=dict(root.variables or {}), message=message), fact.by)


def _incident_resolved(run: Run, fact: facts.IncidentResolved) -> None:
    why = mending.resolve(run, fact, from_outside(fact.variables))
    if why:
        run.ignore(fact, why)


def _token_moved(run: Run, fact: facts.TokenMoved) -> None:
    why = moving.move(run, fact)
    if why:
        run.ignore(fact, why)


def _suspended(run: Run, fact: facts.Suspended) -> None:
    suspension.begin(run, fact)


def _resumed(run: Run, fact: facts.Resumed) -> None:
    run.ignore(fact, "the instance is not suspended")


def _intervened(run: Run, fact: facts.Fact) -> None:
    why = interventions.HOW[type(fact)](run, fact)
    if why:
        run.ignore(fact, why)


def _elements_chosen(run: Run, fact: facts.ElementsChosen) -> None:
    why = ad_hoc.choose(run, fact)
    if why:
        run.ignore(fact, why)


RECEIVERS: Mapping[type[facts.Fact], Callable[[Run, Any], None]] = MappingProxyType(
    {
        facts.Started: _started,
        facts.JobCompleted: answers.job_completed,
        facts.JobFailed: answers.job_failed,
        facts.ErrorThrown: answers.error_thrown,
        facts.EscalationThrown: answers.escalation_thrown,
        facts.TimerFired: arrivals.timer_fired,
        facts.MessageArrived: arrivals.message_arrived,
        facts.SignalArrived: arrivals.signal_arrived,
        facts.ChildEnded: answers.child_ended,
        facts.ChildEscalated: answers.child_escalated,
        facts.VariablesSet: _variables_set,
        facts.IncidentResolved: _incident_resolved,
        facts.TokenMoved: _token_moved,
        facts.ElementsChosen: _elements_chosen,
        facts.TokenSkipped: _intervened,
        facts.ElementRepeated: _intervened,
        facts.BranchCancelled: _intervened,
        facts.Suspended: _suspended,
        facts.Resumed: _resumed,
        facts.Cancelled: _cancelled,
    }
)
