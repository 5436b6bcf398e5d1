"""Which instances are suspended, since when, by whom and why: as their records tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.processes import suspensions
from oms_workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Why nothing moves in an instance."""

    instance: str
    since: datetime  # UTC
    by: str
    reason: str


async def suspended(unit: UnitOfWork, instances: Iterable[str] | None = None) -> dict[str, Suspension]:
    """Give the suspensions there are now, by instance; of all instances, or of those named."""
    which = select(suspensions)
    if instances is not None:
        which = which.where(suspensions.c.instance.in_(sorted(set(instances))))
    async with unit.reading() as connection:
        rows = (await connection.execute(which.order_by(suspensions.c.since, suspensions.c.instance))).mappings()
        return {row["instance"]: Suspension(**row) for row in rows}


async def follow(connection: AsyncConnection, instance: str, record: Record) -> None:
    """Note what a record changes: one that begins a suspension, or one after which there is none any more."""
    if record.kind is not RecordKind.SUSPENDED:
        await connection.execute(delete(suspensions).where(suspensions.c.instance == instance))
        return
    told = {name: str(record.detail.get(name, "")) for name in ("by", "reason")}
    writing = upsert(connection, suspensions, ("instance",), ("since", "by", "reason"))
    await connection.execute(writing, {"instance": instance, "since": record.at, **told})
