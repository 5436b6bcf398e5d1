"""How people answer an incident: again, by hand, or without the work. Says why when it cannot be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.bpmn.kinds import GATEWAYS, NodeKind
from oms_workflow.engine import facts, incidents, movement, sla
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Incident, Token


def resolve(run: Run, fact: facts.IncidentResolved, variables: Mapping[str, Any]) -> str:
    """Answer an incident; '' when done, else why it cannot be."""
    incident = run.state.incidents.get(fact.incident)
    if incident is None:
        return "the incident is resolved already"
    token = run.state.tokens[incident.token]
    if fact.action != "retry" and incident.phase != "sla" and not _can_be_done_by_hand(run, token):
        return (
            f"a {run.node_of(token).kind} cannot be completed by hand: set its variables and retry, or move the token"
        )
    incidents.clear(run, incident)
    told = {"incident": incident.id, "action": fact.action, "by": fact.by, "reason": fact.reason}
    run.record_token(RecordKind.INCIDENT_RESOLVED, token, **told)
    if incident.phase == "sla":
        if incident.code == sla.UNKNOWN and fact.action == "retry":
            sla.start(run, token, run.steps[token.node])
        return ""
    if fact.action == "retry":
        _again(run, token, incident)
    elif fact.action == "complete":
        _by_hand(run, token, variables)
    else:
        leave_without(run, token)
    return ""


def _can_be_done_by_hand(run: Run, token: Token) -> bool:
    kind = run.node_of(token).kind
    return kind not in GATEWAYS and kind not in (NodeKind.PROCESS, NodeKind.EVENT_SUB_PROCESS)


def _again(run: Run, token: Token, incident: Incident) -> None:
    step = run.steps[token.node]
    if incident.phase in ("activating", "entering"):
        token.move(TokenState.ACTIVATING)
        if token.role == "body":
            token.role, token.loop = "plain", None
        step.behaviour.enter(run, token, step)
    elif incident.phase == "working":
        token.move(TokenState.ACTIVE)
        token.attempt += 1
        step.behaviour.begin(run, token, step)
    elif incident.phase == "completing":
        step.behaviour.answered(run, token, step, {})
    else:
        token.move(TokenState.COMPLETING)
        step.behaviour.again(run, token, step)


def _by_hand(run: Run, token: Token, variables: Mapping[str, Any]) -> None:
    step = run.steps[token.node]
    _empty(run, token)
    token.move(TokenState.ACTIVE)
    step.behaviour.completed_by_hand(run, token, step, variables)


def leave_without(run: Run, token: Token) -> None:
    """Let a token leave its node without results; what still moves inside it ends."""
    step = run.steps[token.node]
    _empty(run, token)
    token.move(TokenState.COMPLETING)
    step.behaviour.again(run, token, step)


def _empty(run: Run, token: Token) -> None:
    """End what still moves inside a scope that a person declares done."""
    if token.children or token.pending:
        movement.sweep(run, token, by="")
