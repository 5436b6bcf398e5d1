"""Feeding lists and counts from the engine's records: each record once, in its order, whatever arrives when.

The records are the truth; everything written here can be thrown away and fed again from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.sheets import Sheets
from oms_workflow.store.statements import insert_into
from oms_workflow.store.tables.processes import instances, records
from oms_workflow.store.unit_of_work import UnitOfWork

_HEAD = select(instances.c.last_seq).where(instances.c.workflow_id == bindparam("of_instance")).with_for_update()
_NEXT = (
    select(records)
    .where(records.c.instance == bindparam("of_instance"), records.c.seq > bindparam("before"))
    .order_by(records.c.seq)
)
_AHEAD = (
    select(records.c.seq)
    .where(records.c.instance == bindparam("of_instance"), records.c.seq > bindparam("before"))
    .limit(1)
)


@dataclass(slots=True, kw_only=True)
class Projector(Sheets):
    """What one batch of records changes."""

    instance: dict[str, Any] = field(default_factory=dict)

    def follow(self, record: Record) -> None:
        """Let one record change what is shown."""
        step = _STEPS.get(record.kind)
        if step is not None:
            step(self, record)


async def apply(unit: UnitOfWork, instance: str, told: Sequence[Record]) -> int:
    """Store records of an instance and let them change its projections; gives how far they are projected.

    Records that are known change nothing. Records that came before their predecessors are stored, and projected as
    soon as the gap is filled.
    """
    connection = await unit.writing()
    before = await _lock(connection, instance, told)
    ahead = (await connection.execute(_AHEAD, {"of_instance": instance, "before": before})).first() is not None
    if told:
        await connection.execute(
            _insert_new(connection.dialect.name, records), [_values(instance, record) for record in told]
        )
    following = await _following(connection, instance, before) if ahead else _seamless(told, before)
    if not following:
        return before
    projector = Projector.of(connection, instance)
    await projector.load(_known_tokens(following))
    for record in following:
        projector.follow(record)
    if following[-1].kind is RecordKind.FINISHED:
        await _close_all(projector, following[-1].at)
    await projector.write()
    values = projector.instance | {"last_seq": following[-1].seq}
    changed = {f"new_{name}": value for name, value in values.items()} | {"of_instance": instance}
    await connection.execute(_updating(tuple(values)), changed)
    return following[-1].seq


async def _lock(connection: AsyncConnection, instance: str, told: Sequence[Record]) -> int:
    """Lock the instance, made first when nobody announced it, and say how far it is projected."""
    known = (await connection.execute(_HEAD, {"of_instance": instance})).scalar_one_or_none()
    if known is not None:
        return int(known)
    if not told:
        return 0
    first = told[0]
    fresh = {
        "workflow_id": instance,
        "process_id": first.element if first.kind is RecordKind.STARTED else "",
        "status": "running",
        "started_at": first.at,
    }
    await connection.execute(_insert_new(connection.dialect.name, instances), fresh)
    return int((await connection.execute(_HEAD, {"of_instance": instance})).scalar_one_or_none() or 0)


@lru_cache(maxsize=4)
def _insert_new(dialect: str, table: Table) -> Any:
    return insert_into(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=8)
def _updating(names: tuple[str, ...]) -> Any:
    mine = update(instances).where(instances.c.workflow_id == bindparam("of_instance"))
    return mine.values({name: bindparam(f"new_{name}") for name in names})


async def _following(connection: AsyncConnection, instance: str, before: int) -> list[Record]:
    """Read the records that come next, up to the first gap."""
    found: list[Record] = []
    for row in (await connection.execute(_NEXT, {"of_instance": instance, "before": before})).mappings():
        if row["seq"] != before + len(found) + 1:
            break
        found.append(record_from(row))
    return found


def _seamless(told: Sequence[Record], before: int) -> list[Record]:
    """Give the same where nothing was stored beyond what is projected: then they are among those just told."""
    found: list[Record] = []
    for record in sorted(told, key=lambda one: one.seq):
        if record.seq == before + len(found) + 1:
            found.append(record)
    return found


def _known_tokens(following: Sequence[Record]) -> list[int]:
    first: dict[int, RecordKind] = {}
    for record in following:
        first.setdefault(record.token, record.kind)
    return [token for token, kind in first.items() if token and kind is not RecordKind.ACTIVATED]  # others are new


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


def _finished(projector: Projector, record: Record) -> None:
    projector.instance = {
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
    RecordKind.FINISHED: _finished,
}
"""What each kind of record changes; kinds that are not here are history only."""


async def _close_all(projector: Projector, at: datetime) -> None:
    """The instance is over: whatever was open about it is closed."""
    await projector.load_all()
    for token in list(projector.nodes.rows):
        projector.nodes.drop(token)
    for token, task in projector.tasks.rows.items():
        if task["state"] == "open":
            projector.tasks.put(token, state="withdrawn", closed_at=at)
    for number, incident in projector.incidents.rows.items():
        if incident["state"] == "open":
            projector.incidents.put(number, state="withdrawn", resolved_at=at)
    for token, item in projector.sla.rows.items():
        if item.get("ended_at") is None:
            projector.sla.put(token, ended_at=at)


def _values(instance: str, record: Record) -> dict[str, Any]:
    return {
        "instance": instance,
        "seq": record.seq,
        "at": record.at,
        "kind": record.kind.value,
        "element": record.element,
        "token": record.token,
        "scope": record.scope,
        "detail": record.detail,
    }


def record_from(row: RowMapping) -> Record:
    """Read one record from its row."""
    return Record(
        seq=row["seq"],
        at=row["at"],
        kind=RecordKind(row["kind"]),
        element=row["element"],
        token=row["token"],
        scope=row["scope"],
        detail=row["detail"],
    )
