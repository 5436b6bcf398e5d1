"""What each kind of record changes in the projections of its instance. Which records come next is told elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.sheets import Sheets


@dataclass(slots=True, kw_only=True)
class Projector(Sheets):
    """What one batch of records changes."""

    instance: dict[str, Any] = field(default_factory=dict)
    standing: Record | None = None  # the latest that says whether the instance is suspended

    def follow(self, record: Record) -> None:
        """Let one record change what is shown."""
        step = _STEPS.get(record.kind)
        if step is not None:
            step(self, record)

    async def close(self, at: datetime) -> None:
        """Close whatever is open: the instance is over."""
        await self.load_all()
        for token in list(self.nodes.rows):
            self.nodes.drop(token)
        for token, task in self.tasks.rows.items():
            if task["state"] == "open":
                self.tasks.put(token, state="withdrawn", closed_at=at)
        for number, incident in self.incidents.rows.items():
            if incident["state"] == "open":
                self.incidents.put(number, state="withdrawn", resolved_at=at)
        for token, item in self.sla.rows.items():
            if item.get("ended_at") is None:
                self.sla.put(token, ended_at=at)


def _activated(projector: Projector, record: Record) -> None:
    since = projector.nodes.rows.get(record.token, {}).get("since", record.at)
    projector.nodes.put(
        record.token,
        element=record.element,
        scope=record.scope,
        milestone=str(record.detail.get("milestone", "")),
        detail=record.detail,
        since=since,
    )


def _left(projector: Projector, record: Record) -> None:
    """The token left its node, done or taken away: nothing of it is open any more."""
    done = record.kind is RecordKind.COMPLETED
    node = projector.nodes.rows.get(record.token)
    if node is not None:
        spent = record.at - node["since"]
        projector.visits.put(
            record.token,
            element=record.element,
            outcome="completed" if done else "terminated",
            entered_at=node["since"],
            left_at=record.at,
            milliseconds=int(spent.total_seconds() * 1000),
        )
        projector.nodes.drop(record.token)
    task = projector.tasks.rows.get(record.token)
    if task is not None and task["state"] == "open":
        projector.tasks.put(record.token, state="done" if done else "withdrawn", closed_at=record.at)
    for number, incident in projector.incidents.rows.items():
        if incident["token"] == record.token and incident["state"] == "open":
            projector.incidents.put(number, state="withdrawn", resolved_at=record.at)
    if record.token in projector.sla.rows:
        projector.sla.put(record.token, ended_at=record.at)


def _task_opened(projector: Projector, record: Record) -> None:
    told = record.detail
    projector.tasks.put(
        record.token,
        element=record.element,
        state="open",
        opened_at=record.at,
        due=_moment(told.get("due")),
        follow_up=_moment(told.get("follow_up")),
        **{name: told[name] for name in _TASK_FIELDS if name in told},
    )


def _task_done(projector: Projector, record: Record) -> None:
    if record.token in projector.tasks.rows:
        projector.tasks.put(record.token, closed_by=str(record.detail.get("by", "")))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _raised(projector: Projector, record: Record) -> None:
    if record.token not in projector.nodes.rows:
        _activated(projector, record)
    projector.incidents.put(
        int(record.detail["incident"]),
        token=record.token,
        element=record.element,
        code=str(record.detail.get("code", "")),
        message=str(record.detail.get("message", "")),
        state="open",
        raised_at=record.at,
    )


def _resolved(projector: Projector, record: Record) -> None:
    number = int(record.detail["incident"])
    if number in projector.incidents.rows:
        told = {name: str(record.detail.get(name, "")) for name in ("action", "by", "reason")}
        projector.incidents.put(number, state="resolved", resolved_at=record.at, **told)


def _sla_started(projector: Projector, record: Record) -> None:
    projector.sla.put(
        record.token,
        element=record.element,
        calendar=str(record.detail.get("calendar", "")),
        owner="",
        escalated_to="",
        started_at=record.at,
        due=datetime.fromisoformat(record.detail["due"]),
        paused=False,
    )


def _sla_changed(projector: Projector, record: Record) -> None:
    if record.token not in projector.sla.rows:
        return
    owner = {"owner": str(record.detail["owner"])} if "owner" in record.detail else {}
    due = record.detail.get("due")
    changes: dict[RecordKind, dict[str, Any]] = {
        RecordKind.SLA_PAUSED: {"paused": True, "due": None},
        RecordKind.SLA_RESUMED: {"paused": False, "due": datetime.fromisoformat(due) if due else None},
        RecordKind.SLA_WARNED: {"warned_at": record.at},
        RecordKind.SLA_BREACHED: {"breached_at": record.at},
    }
    projector.sla.put(record.token, **changes[record.kind], **owner)


def _escalated(projector: Projector, record: Record) -> None:
    """A chain names who has to hear now; other escalations are history only."""
    if "escalationTo" in record.detail and record.token in projector.sla.rows:
        projector.sla.put(record.token, escalated_to=str(record.detail["escalationTo"]))


def _stands(projector: Projector, record: Record) -> None:
    projector.standing = record


def _migrated(projector: Projector, record: Record) -> None:
    projector.instance |= {"sha256": str(record.detail["sha256"]), "version": record.detail.get("version")}


def _renamed(projector: Projector, record: Record) -> None:
    """What is open of a token stands at the node it is at in the new version."""
    token, now_at = record.token, {"element": record.element}
    if token in projector.nodes.rows:
        projector.nodes.put(token, milestone=str(record.detail.get("milestone", "")), **now_at)
    if token in projector.tasks.rows:
        projector.tasks.put(token, **now_at)
    if token in projector.sla.rows:
        projector.sla.put(token, **now_at)
    for number, incident in projector.incidents.rows.items():
        if incident["token"] == token and incident["state"] == "open":
            projector.incidents.put(number, **now_at)


def _finished(projector: Projector, record: Record) -> None:
    projector.instance |= {
        "status": record.detail["outcome"],
        "ended_at": record.at,
        "code": str(record.detail.get("code", "")),
    }


_TASK_FIELDS = ("name", "kind", "inputs", "assignee", "groups", "users", "priority", "form", "owner")

_STEPS: dict[RecordKind, Callable[[Projector, Record], None]] = {
    RecordKind.ACTIVATED: _activated,
    RecordKind.COMPLETED: _left,
    RecordKind.TERMINATED: _left,
    RecordKind.TASK_OPENED: _task_opened,
    RecordKind.TASK_DONE: _task_done,
    RecordKind.INCIDENT_RAISED: _raised,
    RecordKind.INCIDENT_RESOLVED: _resolved,
    RecordKind.SLA_STARTED: _sla_started,
    RecordKind.SLA_PAUSED: _sla_changed,
    RecordKind.SLA_RESUMED: _sla_changed,
    RecordKind.SLA_WARNED: _sla_changed,
    RecordKind.SLA_BREACHED: _sla_changed,
    RecordKind.ESCALATION_THROWN: _escalated,
    RecordKind.SUSPENDED: _stands,
    RecordKind.RESUMED: _stands,
    RecordKind.MIGRATED: _migrated,
    RecordKind.TOKEN_MIGRATED: _renamed,
    RecordKind.FINISHED: _finished,
}
"""What each kind of record changes; kinds that are not here are history only."""
