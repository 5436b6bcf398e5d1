"""What the work of a node and called processes answer: results, failures, errors, escalations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.bpmn.kinds import TASKS, NodeKind
from oms_workflow.engine import edition, facts, incidents, throwing
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.scopes import from_outside
from oms_workflow.engine.state import Token

ANSWERABLE = TASKS | {NodeKind.THROW_EVENT, NodeKind.END_EVENT}


def job_completed(run: Run, fact: facts.JobCompleted) -> None:
    """Let the token go on with the results of its work."""
    token = _working(run, fact, fact.token)
    if token is not None:
        step = run.steps[token.node]
        if fact.by:
            run.record_token(RecordKind.TASK_DONE, token, by=fact.by)
        step.behaviour.answered(run, token, step, from_outside(fact.variables))


def job_failed(run: Run, fact: facts.JobFailed) -> None:
    """Note a failed attempt; the last one is an incident."""
    token = _working(run, fact, fact.token)
    if token is not None:
        run.record_token(RecordKind.JOB_FAILED, token, message=fact.message, attempts_left=fact.attempts_left)
        if fact.attempts_left <= 0:
            incidents.stop(run, token, "working", "job-failed", fact.message)


def error_thrown(run: Run, fact: facts.ErrorThrown) -> None:
    """Let a BPMN error of the work go up from its node."""
    token = _working(run, fact, fact.token)
    if token is not None:
        _throw_error(run, token, fact.code, fact.message, from_outside(fact.variables), "uncaught-error")


def escalation_thrown(run: Run, fact: facts.EscalationThrown) -> None:
    """Let an escalation of the work go up from its node."""
    token = _working(run, fact, fact.token)
    if token is not None:
        throwing.escalation(run, token, fact.code, from_outside(fact.variables))


def child_ended(run: Run, fact: facts.ChildEnded) -> None:
    """Let the caller go on with the results, or take up how else the called process ended."""
    token = _calling(run, fact, fact.token)
    if token is None:
        return
    step = run.steps[token.node]
    if fact.outcome == "completed":
        step.behaviour.answered(run, token, step, from_outside(fact.variables))
    elif fact.outcome == "failed":
        _throw_error(run, token, fact.code, fact.message, _brought_back(run, token, fact), "child-failed")
    else:
        incidents.stop(run, token, "working", "child-terminated", fact.message or "The called process was terminated.")


def child_escalated(run: Run, fact: facts.ChildEscalated) -> None:
    """Let an escalation of the called process go up from the call."""
    token = _calling(run, fact, fact.token)
    if token is not None:
        throwing.escalation(run, token, fact.code, from_outside(fact.variables))


def _brought_back(run: Run, token: Token, fact: facts.ChildEnded) -> dict[str, Any]:
    """What a failed process brings along: nothing that the call had of its own, as mapped inputs or a loop's item."""
    brought = from_outside(fact.variables)
    if run.edition < edition.RESULTS_START_AT_HOME:
        return brought
    around = run.state.tokens[token.parent]
    own = {**((around.variables or {}) if around.role == "body" else {}), **(token.variables or {})}
    return {name: value for name, value in brought.items() if name not in own}


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


def _working(run: Run, fact: facts.Fact, token_id: int) -> Token | None:
    """The token an answer is for, when it still waits for one."""
    token = run.state.tokens.get(token_id)
    if (
        token is None
        or run.node_of(token).kind not in ANSWERABLE
        or token.state is not TokenState.ACTIVE
        or token.role in ("body", "undo")
    ):
        run.ignore(fact, "its token waits for no answer")
        return None
    return token


def _calling(run: Run, fact: facts.Fact, token_id: int) -> Token | None:
    token = run.state.tokens.get(token_id)
    if token is None or run.node_of(token).call is None or token.state is not TokenState.ACTIVE:
        run.ignore(fact, "its call activity is over")
        return None
    return token
