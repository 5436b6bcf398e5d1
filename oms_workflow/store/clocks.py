"""How far instances are whose time is being skipped: told by them, read by whoever skips it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, select, update

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
    idle: bool  # nothing is in flight but timers, people, messages and called processes
    over: bool
    children: int  # called processes in flight
    heard: int  # messages, signals and updates it has taken in so far
    told: int = 0  # how many were sent to it so far; kept by `sent`, never by the instance


_CHANGED = (
    select(*(instance_clocks.c[name] for name in InstanceClock.__slots__))
    .where(instance_clocks.c.touched_at >= bindparam("since"))
    .order_by(instance_clocks.c.instance)
)
_SENT = (
    update(instance_clocks)
    .where(instance_clocks.c.instance == bindparam("of_instance"))
    .values(told=instance_clocks.c.told + bindparam("more"), touched_at=bindparam("now"))
)


class Clocks:
    """Clocks in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def tell(self, clock: InstanceClock) -> None:
        """Store where an instance is."""
        connection = await self.unit.writing()
        values = asdict(clock) | {"touched_at": clock.told_at}
        changing = tuple(name for name in values if name not in (*KEY, "told"))
        await connection.execute(upsert(connection, instance_clocks, KEY, changing), [values])

    async def sent(self, instance: str, *, now: datetime, taken_back: bool = False) -> None:
        """Note at a moment of the wall clock that something is sent to an instance, or was refused by it."""
        connection = await self.unit.writing()
        given = {"of_instance": instance, "more": -1 if taken_back else 1, "now": now}
        await connection.execute(_SENT, given)

    async def changed(self, since: datetime) -> tuple[InstanceClock, ...]:
        """Give those that told something since a moment of the wall clock, over or not, by instance."""
        async with self.unit.reading() as connection:
            rows: Sequence[RowMapping] = (await connection.execute(_CHANGED, {"since": since})).mappings().all()
        return tuple(InstanceClock(**row) for row in rows)

    async def forget(self) -> None:
        """Delete all: nobody skips time any more."""
        connection = await self.unit.writing()
        await connection.execute(delete(instance_clocks))
