"""Audits and revisions in the database. Implements `ports.audits.Audits`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.changes import Change
from oms_workflow.domain.differences import Difference
from oms_workflow.domain.ports.audits import AuditBegun, RevisionSeen
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_order, next_part
from oms_workflow.store.tables.audits import order_audits
from oms_workflow.store.tables.orders import order_revisions
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredAudits:
    """What was looked at, and what was wanted otherwise."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("audits.begin", AuditBegun, agree="order_id")
    async def begin(self, order_id: str, *, key: str, at: datetime) -> AuditBegun:
        """Note an audit with everything that was taken over since the one before."""
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        before = await _audits(connection, order_id)
        since = before[-1].began_at if before else None
        changed = Change(0)
        for one in await _revisions(connection, order_id) if since is not None else ():
            if one.accepted_at is not None and since is not None and one.accepted_at >= since:
                changed |= one.changes
        name = await next_part(connection, order_audits, order_audits.c.order_id, order_id, "A")
        row = {
            "id": name,
            "number": len(before) + 1,
            "order_id": order_id,
            "changes": int(changed),
            "first": not before,
            "began_at": at,
        }
        await connection.execute(insert(order_audits).values(**row))
        return (await _audits(connection, order_id))[-1]

    async def of_order(self, order_id: str) -> tuple[AuditBegun, ...]:
        """Give all audits of an order, oldest first."""
        async with self.unit.reading() as connection:
            return await _audits(connection, order_id)

    async def revisions(self, order_id: str) -> tuple[RevisionSeen, ...]:
        """Give all changes of an order that came in, oldest first."""
        async with self.unit.reading() as connection:
            return await _revisions(connection, order_id)


async def _audits(connection: AsyncConnection, order_id: str) -> tuple[AuditBegun, ...]:
    mine = select(order_audits).where(order_audits.c.order_id == order_id).order_by(order_audits.c.number)
    rows = (await connection.execute(mine)).mappings().all()
    return tuple(
        AuditBegun(
            id=row["id"],
            order_id=row["order_id"],
            changes=Change(row["changes"]),
            is_first=row["first"],
            began_at=row["began_at"],
        )
        for row in rows
    )


async def _revisions(connection: AsyncConnection, order_id: str) -> tuple[RevisionSeen, ...]:
    mine = select(order_revisions).where(order_revisions.c.order_id == order_id)
    rows = (await connection.execute(mine.order_by(order_revisions.c.at, order_revisions.c.id))).mappings().all()
    return tuple(map(_revision, rows))


def _revision(row: RowMapping) -> RevisionSeen:
    return RevisionSeen(
        id=row["id"],
        changes=Change(row["changes"]),
        differences=tuple(Difference(**one) for one in row["differences"]),
        at=row["at"],
        accepted_at=row["accepted_at"],
    )
