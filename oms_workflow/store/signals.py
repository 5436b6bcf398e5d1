"""Who waits for which BPMN signal. A signal is told to everyone who waits at that moment and is not kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from oms_workflow.store.statements import insert_or
from oms_workflow.store.tables.traffic import signal_waits
from oms_workflow.store.unit_of_work import UnitOfWork

_STOP_ALL = delete(signal_waits).where(signal_waits.c.instance == bindparam("of_instance"))
_STOP = _STOP_ALL.where(signal_waits.c.subscription == bindparam("number"))


class Signals:
    """Waits for signals in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def wait(self, instance: str, subscription: int, name: str, *, at: datetime) -> None:
        """Note that an instance waits for a signal; the same wait again changes nothing."""
        connection = await self.unit.writing()
        row = insert_or(connection, signal_waits).values(
            instance=instance, subscription=subscription, name=name, opened_at=at
        )
        await connection.execute(row.on_conflict_do_nothing())

    async def stop(self, instance: str, subscription: int) -> None:
        """Note that a wait is over."""
        connection = await self.unit.writing()
        await connection.execute(_STOP, {"of_instance": instance, "number": subscription})

    async def stop_all(self, instance: str) -> None:
        """Note that an instance is over."""
        connection = await self.unit.writing()
        await connection.execute(_STOP_ALL, {"of_instance": instance})

    async def waiting(self, name: str) -> tuple[str, ...]:
        """Give the instances that wait for a signal, each once, by name."""
        which = select(signal_waits.c.instance).where(signal_waits.c.name == name).distinct()
        async with self.unit.reading() as connection:
            return tuple((await connection.execute(which.order_by(signal_waits.c.instance))).scalars())
