"""How far instances are whose time is being skipped: told by them, read by whoever skips it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, select

from oms_workflow.store.statements import upsert
from oms_workflow.store.tables.processes import instance_clocks
from oms_workflow.store.unit_of_work import UnitOfWork

KEY = ("instance",)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceClock:
    """One instance when it last came to rest."""

    instance: str
    parent: str
    business_key: str
    at: datetime  # UTC; the order's time then
    told_at: datetime  # UTC; the wall clock's
    next_due: datetime | None  # None: no timer is open
    seq: int  # of its last record
    idle: bool  # nothing is in flight but timers, people, messages and called processes
    over: bool
    children: int  # called processes in flight


class Clocks:
    """Clocks in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def tell(self, clock: InstanceClock) -> None:
        """Store where an instance is."""
        connection = await self.unit.writing()
        values = asdict(clock)
        changing = tuple(name for name in values if name not in KEY)
        await connection.execute(upsert(connection, instance_clocks, KEY, changing), [values])

    async def running(self) -> tuple[InstanceClock, ...]:
        """Give those that are not over, by instance."""
        which = select(instance_clocks).where(instance_clocks.c.over.is_(False)).order_by(instance_clocks.c.instance)
        async with self.unit.reading() as connection:
            rows: Sequence[RowMapping] = (await connection.execute(which)).mappings().all()
        return tuple(InstanceClock(**row) for row in rows)

    async def forget(self) -> None:
        """Delete all: nobody skips time any more."""
        connection = await self.unit.writing()
        await connection.execute(delete(instance_clocks))
