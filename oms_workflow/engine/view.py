"""What people may see of a running instance: open nodes, what they wait for, deadlines, incidents. Plain JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.kinds import SCOPES
from oms_workflow.engine import ad_hoc, suspension
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.state import Suspension, Token, Wait

Json = dict[str, Any]


def of(instance: Instance) -> Json:
    """Give the present state of an instance, oldest tokens first; times are ISO 8601 in UTC."""
    state = instance.state
    paused = {"suspended": _suspended(state.suspension)} if state.suspension is not None else {}
    return paused | {
        "process": instance.program.definition.id,
        "status": status(instance),
        "at": _time(state.clock),
        "seq": state.last_seq,
        "variables": feel.to_plain(instance.variables),
        "tokens": [_token(instance, token) for token in state.tokens.values() if token.parent],
        "joins": [told for scope in state.tokens.values() for told in _joins(instance, scope)],
        "incidents": [
            {
                "incident": one.id,
                "token": one.token,
                "element": _element(instance, one.token),
                "code": one.code,
                "message": one.message,
                "at": _time(one.at),
            }
            for one in state.incidents.values()
        ],
    }


def status(instance: Instance) -> str:
    """Give `active`, `incident` (active, with an incident open), `suspended`, `completed`, `failed`, `terminated`."""
    if instance.state.finished:
        return instance.state.finished
    if instance.state.suspension is not None:
        return "suspended"
    return "incident" if instance.state.incidents else "active"


def next_due(instance: Instance) -> datetime | None:
    """Give the time of the next timer, UTC; None when no timer is open."""
    return min((due for due, _ in suspension.timers(instance.state)), default=None)


def _suspended(told: Suspension) -> Json:
    return {"since": _time(told.since), "by": told.by, "reason": told.reason, "held": len(told.facts)}


def _token(instance: Instance, token: Token) -> Json:
    node = instance.program.steps[token.node].node
    waits = [instance.state.waits[number] for number in token.waits or ()]
    told: Json = {
        "token": token.id,
        "element": node.id,
        "name": node.name,
        "kind": node.kind.value,
        "state": token.state.value,
        "since": _time(token.since),
        "scope": token.parent,
        "waits": [_wait(instance, wait) for wait in waits if not wait.kind.startswith("sla")],
    }
    if node.owner:
        told["owner"] = node.owner
    if node.milestone:
        told["milestone"] = node.milestone
    if token.role != "plain":
        told["role"] = token.role
    if token.role == "item":
        told["item"] = token.index
    if node.kind in SCOPES and token.variables:
        told["variables"] = feel.to_plain(token.variables)
    if token.ad_hoc is not None:
        chosen = ad_hoc.offered(instance.program, token)
        told["offers"] = [{"element": one.id, "name": one.name, "kind": one.kind.value} for one in chosen]
    if token.sla is not None:
        told["sla"] = _sla(token, waits)
    return told


def _joins(instance: Instance, scope: Token) -> Iterator[Json]:
    """Tell where tokens of a scope wait for others, which no token of the view shows."""
    flows = instance.program.definition.flows
    for index, waiting in (scope.joins or {}).items():
        node = instance.program.steps[index].node
        yield {
            "element": node.id,
            "name": node.name,
            "scope": scope.id,
            "came": [flows[flow].id for flow in node.incoming if flow in waiting],
            "missing": [flows[flow].id for flow in node.incoming if flow not in waiting],
        }


def _sla(token: Token, waits: list[Wait]) -> Json:
    assert token.sla is not None
    due = {wait.kind: _time(wait.due) for wait in waits if wait.kind.startswith("sla")}
    return {
        "due": due.get("sla_breach"),
        "warn_at": due.get("sla_warning"),
        "warned": token.sla.warned,
        "breached": token.sla.breached,
        "paused_at": _time(token.sla.paused_at),
    } | ({"level": token.sla.level} if token.sla.level else {})


def _wait(instance: Instance, wait: Wait) -> Json:
    told: Json = {"wait": wait.id, "kind": wait.kind, "element": instance.program.steps[wait.target].node.id}
    if wait.due is not None:
        told["due"] = _time(wait.due)
    if wait.happened:
        told["happened"] = True  # one of several that are waited for together
    if wait.name:
        told |= {"name": wait.name, "key": wait.key}
    return told


def _element(instance: Instance, token_id: int) -> str:
    token = instance.state.tokens.get(token_id)
    return instance.program.steps[token.node].node.id if token is not None else ""


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
