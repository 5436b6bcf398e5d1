"""Everything between the database, Temporal and the outside, put together once: whoever opens the house uses this."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.client import Client

from oms_workflow.catalog.registry import Catalog
from oms_workflow.store.attempts import Attempts, FailedAttempt
from oms_workflow.store.clocks import Clocks
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names
from oms_workflow.temporal.dispatch import Dispatcher
from oms_workflow.temporal.front_desk import FrontDesk
from oms_workflow.temporal.housekeeping import keep_house
from oms_workflow.temporal.operating import Operator
from oms_workflow.temporal.ports import Outside, StartedOrders, once_per_call
from oms_workflow.temporal.schedules import Schedules
from oms_workflow.temporal.standstills import Standstills
from oms_workflow.temporal.starting import Starter
from oms_workflow.temporal.synchronise import own_activities
from oms_workflow.temporal.worker import Equipment


class House:
    """The parts of the binding for one database and one Temporal namespace."""

    def __init__(self, database: Database, client: Client, *, timelapse: bool = False) -> None:
        """Take `timelapse` True where the time of the instances is going to be skipped."""
        self.database = database
        self.client = client
        self.timelapse = timelapse
        self.starter = Starter(database, client, timelapse=timelapse)
        self.dispatcher = Dispatcher(database, client, self.starter, self._note_sent if timelapse else None)
        self.operator = Operator(client, self._note_sent if timelapse else None)
        self.standstills = Standstills(database, client, timelapse=timelapse)
        self.schedules = Schedules(database, client, self.starter)
        self.front_desk = FrontDesk(database, self.dispatcher, self.operator)

    def equipment(self, catalog: Catalog, outside: Outside) -> Equipment:
        """Give what workers of this house work with."""
        return Equipment(
            catalog=catalog,
            once=once_per_call(self.database, outside, StartedOrders(self.starter)),
            tell=self._note_attempt,
            own=[
                *own_activities(self.database, self.client, self.dispatcher),
                keep_house(self.database, self.dispatcher, self.standstills, self.schedules),
                *self.schedules.activities(),
            ],
        )

    async def start_order(self, order_id: str, *, at: datetime, process: str = names.ORDER_PROCESS) -> bool:
        """Start the process of a stored order; False when it was started before."""
        return await self.starter.start_order(order_id, at=at, process=process)

    async def _note_sent(self, instance: str, *, taken_back: bool = False) -> None:
        """Whoever skips time must not do so before the instance has worked off what it is told."""
        async with UnitOfWork(self.database) as unit:
            now = datetime.now(UTC)  # noqa: TID251 - of the wall clock
            await Clocks(unit).sent(instance, now=now, taken_back=taken_back)
            await unit.commit()

    async def _note_attempt(self, attempt: FailedAttempt) -> None:
        async with UnitOfWork(self.database) as unit:
            await Attempts(unit).failed(attempt)
            await unit.commit()
