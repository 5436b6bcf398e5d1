"""Instances of processes: started, ended, found by order; and what can be listed about many of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from oms_workflow.engine.records import Record
from oms_workflow.store.projections import record_from
from oms_workflow.store.statements import insert_or
from oms_workflow.store.tables.processes import instances, open_nodes, records, suspensions
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """One instance as lists show it."""

    workflow_id: str
    process_id: str
    version: int | None
    sha256: str
    order_id: str  # the business key
    channel: str
    status: str  # running, completed, failed, terminated, wedged
    parent: str
    started_at: datetime  # UTC
    ended_at: datetime | None
    code: str  # failed: the error nobody caught
    last_seq: int  # how far its records are projected


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCount:
    """How many instances are at one node now, and since when the first of them."""

    process_id: str
    element: str
    instances: int
    oldest: datetime


class Instances:
    """Instances in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def started(
        self,
        workflow_id: str,
        *,
        process_id: str,
        version: int | None,
        sha256: str,
        order_id: str,
        channel: str,
        parent: str = "",
        at: datetime,
    ) -> None:
        """Note that an instance started; what its first records told before is completed, the rest stays."""
        connection = await self.unit.writing()
        about = {
            "process_id": process_id,
            "version": version,
            "sha256": sha256,
            "order_id": order_id,
            "channel": channel,
            "parent": parent,
        }
        row = insert_or(connection, instances).values(workflow_id=workflow_id, status="running", started_at=at, **about)
        await connection.execute(row.on_conflict_do_update(index_elements=["workflow_id"], set_=about))

    async def ended_outside(self, workflow_id: str, status: str, *, code: str = "", at: datetime) -> None:
        """Note an end or a standstill that no record tells: the workflow was terminated, or is wedged.

        `wedged` may become `running` again; an instance that ended stays as it ended.
        """
        connection = await self.unit.writing()
        over = None if status in ("running", "wedged") else at
        mine = update(instances).where(
            instances.c.workflow_id == workflow_id, instances.c.status.in_(("running", "wedged"))
        )
        await connection.execute(mine.values(status=status, code=code, ended_at=over))
        if over is not None:
            for table in (open_nodes, suspensions):
                await connection.execute(table.delete().where(table.c.instance == workflow_id))

    async def get(self, workflow_id: str) -> InstanceRow | None:
        """Give one; None when it is not known."""
        found = await self._all(select(instances).where(instances.c.workflow_id == workflow_id))
        return found[0] if found else None

    async def of_order(self, order_id: str) -> tuple[InstanceRow, ...]:
        """Give all instances about an order, oldest first."""
        mine = select(instances).where(instances.c.order_id == order_id)
        return await self._all(mine.order_by(instances.c.started_at, instances.c.workflow_id))

    async def find(
        self,
        *,
        process_id: str = "",
        status: str = "",
        element: str = "",
        channel: str = "",
        before: datetime | None = None,
        limit: int = 100,
    ) -> tuple[InstanceRow, ...]:
        """Give instances that fit, newest first; '' and None ask for all.

        Args:
            element: Those that are at this node now.
            before: Those started before this moment; pages go on from the last one shown.
        """
        which = select(instances)
        for column, value in (("process_id", process_id), ("status", status), ("channel", channel)):
            if value:
                which = which.where(instances.c[column] == value)
        if element:
            here = select(open_nodes.c.instance).where(open_nodes.c.element == element)
            which = which.where(instances.c.workflow_id.in_(here))
        if before is not None:
            which = which.where(instances.c.started_at < before)
        return await self._all(which.order_by(instances.c.started_at.desc(), instances.c.workflow_id).limit(limit))

    async def counts(self) -> dict[tuple[str, str], int]:
        """Count instances by (process, status)."""
        columns = instances.c.process_id, instances.c.status
        statement = select(*columns, func.count()).group_by(*columns)
        async with self.unit.reading() as connection:
            return {(process, status): many for process, status, many in (await connection.execute(statement)).all()}

    async def by_node(self, process_id: str = "") -> tuple[NodeCount, ...]:
        """Count where instances are now, by process and node."""
        columns = instances.c.process_id, open_nodes.c.element
        statement = select(*columns, func.count().label("instances"), func.min(open_nodes.c.since).label("oldest"))
        statement = statement.join(open_nodes, open_nodes.c.instance == instances.c.workflow_id)
        if process_id:
            statement = statement.where(instances.c.process_id == process_id)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(statement.group_by(*columns).order_by(*columns))).mappings()
            return tuple(NodeCount(**row) for row in rows)

    async def records(self, workflow_id: str, *, after: int = 0, limit: int = 10_000) -> tuple[Record, ...]:
        """Give the records of an instance in their order, from the one after `after`."""
        mine = select(records).where(records.c.instance == workflow_id, records.c.seq > after)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(mine.order_by(records.c.seq).limit(limit))).mappings()
            return tuple(record_from(row) for row in rows)

    async def _all(self, statement: Any) -> tuple[InstanceRow, ...]:
        async with self.unit.reading() as connection:
            rows: Sequence[RowMapping] = (await connection.execute(statement)).mappings().all()
        return tuple(InstanceRow(**row) for row in rows)
