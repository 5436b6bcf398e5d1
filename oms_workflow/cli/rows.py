"""Tasks, incidents and deadlines as every command prints them with --json: one shape, wherever they are listed."""

from __future__ import annotations

from typing import Any

from oms_workflow.cli.drawing import Drawing
from oms_workflow.cli.wording import iso
from oms_workflow.store.board import IncidentRow, SlaItem, UserTask
from oms_workflow.store.instances import InstanceRow


def name_of(instance: str, number: int) -> str:
    """Name a task or an incident: its instance, and its number there."""
    return f"{instance}#{number}"


def task(one: UserTask, about: InstanceRow, drawn: Drawing) -> dict[str, Any]:
    """Give a user task; `inputs` are what its process shows, never personal data."""
    return {
        "task": name_of(one.instance, one.token),
        **_about(one, about, drawn),
        "form": one.form,
        "state": one.state,
        "owner": one.owner,
        "groups": list(one.groups),
        "users": list(one.users),
        "assignee": one.assignee,
        "priority": one.priority,
        "inputs": one.inputs,
        "due": iso(one.due),
        "opened_at": iso(one.opened_at),
    }


def incident(one: IncidentRow, about: InstanceRow, drawn: Drawing) -> dict[str, Any]:
    """Give an incident."""
    return {
        "incident": name_of(one.instance, one.incident),
        **_about(one, about, drawn),
        "owner": drawn.owner(one.element),
        "code": one.code,
        "message": one.message,
        "state": one.state,
        "raised_at": iso(one.raised_at),
        "resolved_at": iso(one.resolved_at),
        "action": one.action,
        "by": one.by,
        "reason": one.reason,
    }


def deadline(one: SlaItem, about: InstanceRow, drawn: Drawing) -> dict[str, Any]:
    """Give the deadline of a node."""
    return {
        **_about(one, about, drawn),
        "owner": one.owner or drawn.owner(one.element),
        "escalated_to": one.escalated_to,
        "calendar": one.calendar,
        "started_at": iso(one.started_at),
        "due": iso(one.due),
        "paused": one.paused,
        "warned_at": iso(one.warned_at),
        "breached_at": iso(one.breached_at),
        "ended_at": iso(one.ended_at),
    }


def _about(one: Any, about: InstanceRow, drawn: Drawing) -> dict[str, Any]:
    return {
        "order": about.order_id,
        "process": about.process_id,
        "instance": one.instance,
        "token": one.token,
        "element": one.element,
        "name": drawn.label(one.element),
    }
