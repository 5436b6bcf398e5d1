"""What people have to look at: open tasks, incidents, and nodes that are late or about to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, or_, select, update

from oms_workflow.store.tables.processes import incidents, instances, sla_items, user_tasks
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTask:
    """Work that waits for a person, or was done by one."""

    instance: str
    token: int
    element: str
    name: str
    kind: str
    state: str  # open, done, withdrawn
    assignee: str
    groups: tuple[str, ...]
    users: tuple[str, ...]
    owner: str
    form: str
    inputs: dict[str, Any]  # no personal data
    priority: int
    due: datetime | None
    follow_up: datetime | None
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """A stop that a person has to look at, or has."""

    instance: str
    incident: int
    token: int
    element: str
    code: str
    message: str
    state: str  # open, resolved, withdrawn
    action: str
    by: str
    reason: str
    raised_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaItem:
    """The deadline of a node at which an instance is, or was."""

    instance: str
    token: int
    element: str
    calendar: str
    owner: str
    escalated_to: str  # who of its chain heard of the breach last
    started_at: datetime
    due: datetime | None  # None while it is paused
    warned_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    paused: bool


class Board:
    """Tasks, incidents and deadlines in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def claim_task(self, instance: str, token: int, assignee: str) -> bool:
        """Give an open task nobody has to a person; False when it is taken or closed. '' gives it back."""
        connection = await self.unit.writing()
        free = or_(user_tasks.c.assignee == "", user_tasks.c.assignee == assignee, assignee == "")  # type: ignore[arg-type]
        mine = update(user_tasks).where(
            user_tasks.c.instance == instance, user_tasks.c.token == token, user_tasks.c.state == "open", free
        )
        return (await connection.execute(mine.values(assignee=assignee))).rowcount > 0

    async def tasks(
        self, *, state: str = "open", group: str = "", assignee: str = "", instance: str = "", limit: int = 200
    ) -> tuple[UserTask, ...]:
        """Give tasks, the most urgent first: highest priority, then earliest due, then oldest."""
        given = {"of_state": state, "of_assignee": assignee, "of_instance": instance}
        rows = await self._rows(_tasks(bool(assignee), bool(instance)), given)
        found = (
            UserTask(**(dict(row) | {"groups": tuple(row["groups"]), "users": tuple(row["users"])})) for row in rows
        )
        return tuple(task for task in found if not group or group in task.groups)[:limit]

    async def incidents(self, *, state: str = "open", instance: str = "", limit: int = 200) -> tuple[IncidentRow, ...]:
        """Give incidents, oldest first."""
        given = {"of_state": state, "of_instance": instance, "many": limit}
        rows = await self._rows(_incidents(bool(instance)), given)
        return tuple(IncidentRow(**row) for row in rows)

    async def incident_counts(self) -> dict[tuple[str, str, str], int]:
        """Count open incidents by (process, node, code)."""
        columns = instances.c.process_id, incidents.c.element, incidents.c.code
        statement = select(*columns, func.count()).join(instances, instances.c.workflow_id == incidents.c.instance)
        statement = statement.where(incidents.c.state == "open").group_by(*columns)
        async with self.unit.reading() as connection:
            return {(row[0], row[1], row[2]): row[3] for row in (await connection.execute(statement)).all()}

    async def late(self, at: datetime, *, limit: int = 200) -> tuple[SlaItem, ...]:
        """Give nodes that are past their deadline and still open, the latest first."""
        past = or_(sla_items.c.due <= at, sla_items.c.breached_at.is_not(None))
        which = select(sla_items).where(sla_items.c.ended_at.is_(None), past)
        return await self._items(which.order_by(sla_items.c.due, sla_items.c.instance).limit(limit))

    async def due_before(self, moment: datetime, *, at: datetime, limit: int = 200) -> tuple[SlaItem, ...]:
        """Give nodes that will be late before a moment unless somebody hurries, the most urgent first."""
        which = select(sla_items).where(sla_items.c.ended_at.is_(None), sla_items.c.due > at, sla_items.c.due <= moment)
        return await self._items(which.order_by(sla_items.c.due, sla_items.c.instance).limit(limit))

    async def sla_of(self, instance: str) -> tuple[SlaItem, ...]:
        """Give every deadline an instance ever had, oldest first."""
        mine = select(sla_items).where(sla_items.c.instance == instance)
        return await self._items(mine.order_by(sla_items.c.started_at, sla_items.c.token))

    async def _items(self, statement: Any) -> tuple[SlaItem, ...]:
        return tuple(SlaItem(**row) for row in await self._rows(statement))

    async def _rows(self, statement: Any, given: dict[str, Any] | None = None) -> Sequence[RowMapping]:
        async with self.unit.reading() as connection:
            return (await connection.execute(statement, given)).mappings().all()


@lru_cache(maxsize=4)
def _tasks(of_one_person: bool, of_one_instance: bool) -> Any:
    which = select(user_tasks).where(user_tasks.c.state == bindparam("of_state"))
    if of_one_person:
        which = which.where(user_tasks.c.assignee == bindparam("of_assignee"))
    if of_one_instance:
        which = which.where(user_tasks.c.instance == bindparam("of_instance"))
    return which.order_by(
        user_tasks.c.priority.desc(), user_tasks.c.due.is_(None), user_tasks.c.due, user_tasks.c.opened_at
    )


@lru_cache(maxsize=2)
def _incidents(of_one_instance: bool) -> Any:
    which = select(incidents).where(incidents.c.state == bindparam("of_state"))
    if of_one_instance:
        which = which.where(incidents.c.instance == bindparam("of_instance"))
    return which.order_by(incidents.c.raised_at, incidents.c.instance).limit(bindparam("many"))
