"""The simulated world: stands in for everybody outside, remembers what they did, and says what they will say next.

It has no clock: whoever drives time says what time it is, in real time or skipping ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import URL

from oms_workflow.connect.world import audit as books
from oms_workflow.connect.world import buyer, callbacks, staff
from oms_workflow.connect.world.callbacks import Callback, News
from oms_workflow.connect.world.carrier_gateway import SimulatedCarriers
from oms_workflow.connect.world.database import WorldDatabase
from oms_workflow.connect.world.other_systems import SimulatedChannels, SimulatedRisk, SimulatedSenders
from oms_workflow.connect.world.payment_provider import SimulatedPayments
from oms_workflow.connect.world.private import private_part
from oms_workflow.connect.world.script.model import Script
from oms_workflow.connect.world.tables import tables
from oms_workflow.connect.world.visit import WORLD, Laws, Visit, enter
from oms_workflow.connect.world.warehouse_system import SimulatedWarehouses
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.notification_gateway import NotificationGateway
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.risk_service import RiskService
from oms_workflow.domain.ports.warehouse_system import WarehouseSystem

DEFAULT_SEED = 7

Result = TypeVar("Result")


class World:
    """Everybody outside. Several processes may use one world at once."""

    def __init__(self, database: WorldDatabase, script: Script, seed: int) -> None:
        self.script = script
        self._database = database
        self._started = False  # only saves asking again; what counts is in the database
        self._laws = Laws(script=script, seed=seed)

    @classmethod
    async def open(cls, url: str | URL, script: Script | None = None, *, seed: int | None = None) -> World:
        """Open a world; its tables are made when they are missing.

        Args:
            url: `sqlite:///var/world.db` or `postgresql://host/world`. Never the shop's database: the world stands
                for systems that commit on their own.
            script: What happens otherwise than well; None: everything works.
            seed: For latencies and chances; None takes the script's.
        """
        database = WorldDatabase.open(url)
        await database.create(tables)
        chosen = script or Script()
        fallback = DEFAULT_SEED if chosen.seed is None else chosen.seed
        return cls(database, chosen, fallback if seed is None else seed)

    async def close(self) -> None:
        """Close its connections; what it knows stays."""
        await self._database.close()

    def ports(self, at: datetime) -> Mapping[type, Any]:
        """Give the outside systems as they are at a moment, by the port they implement.

        Args:
            at: The time of the order, with its zone. Make the ports anew for every activity call.
        """
        given = (self._database, self._laws, at)
        return MappingProxyType(
            {
                PaymentProvider: SimulatedPayments(*given),
                CarrierGateway: SimulatedCarriers(*given),
                WarehouseSystem: SimulatedWarehouses(*given),
                NotificationGateway: SimulatedSenders(*given),
                RiskService: SimulatedRisk(*given),
                ChannelWriteBack: SimulatedChannels(*given),
            }
        )

    async def start(self, at: datetime) -> None:
        """Let the world begin: relative times of the script count from here, and suppliers begin to deliver.

        Doing it again changes nothing; a world that is not started starts with the first order that begins.
        """
        await self._visit(at, WORLD, lambda visit: callbacks.tell(visit, "", _deliveries(visit)))
        self._started = True

    async def begin(
        self, order_id: str, at: datetime, *, order: Order | None = None, unpaid: Money | None = None
    ) -> None:
        """Let the story of an order's buyer begin; beginning it again changes nothing.

        Args:
            order: Lets rules of the script ask for the external id and the SKUs.
            unpaid: What the buyer has yet to pay at the channel, which will be told when it happens. None when it is
                paid, or when the shop asks for the money through `PaymentProvider.authorise`.
        """
        if not self._started:
            await self.start(at)
        await self._visit(at, order_id, lambda visit: buyer.begin(visit, order, unpaid))

    async def task_opened(
        self, order_id: str, instance: str, element: str, token: int, at: datetime
    ) -> datetime | None:
        """Give a user task to staff; gives when the answer comes as a callback, None when nobody answers."""
        return await self._visit(at, order_id, lambda visit: staff.take_task(visit, instance, element, token))

    async def task_closed(self, order_id: str, instance: str, element: str, token: int, at: datetime) -> None:
        """Take a user task away that is done or gone."""
        await self._visit(at, order_id, lambda visit: staff.drop_task(visit, instance, element, token))

    async def incident_raised(
        self, order_id: str, instance: str, element: str, incident: int, at: datetime
    ) -> datetime | None:
        """Give an incident to staff; gives when the answer comes as a callback, None when nobody does anything."""
        return await self._visit(at, order_id, lambda visit: staff.mend(visit, instance, element, incident))

    async def next_due(self, after: datetime | None = None) -> datetime | None:
        """Say when the next callback is due, later than `after` if that is given; None when nothing is to come."""
        return await self._database.read(lambda connection: callbacks.next_due(connection, after))

    async def due(self, until: datetime, limit: int = 100) -> list[Callback]:
        """Give what is to be delivered by a moment, in order of time and id; the same ones until they are marked.

        Raises:
            ValueError: When the script no longer holds the personal data of a callback.
        """
        found = await self._database.read(lambda connection: callbacks.due(connection, until, limit))
        return [_with_private(self.script, callback, place) for callback, place in found]

    async def delivered(self, callback_id: str) -> None:
        """Mark a callback as taken."""
        await self._database.write(lambda connection: callbacks.delivered(connection, callback_id))

    async def refused(self, callback_id: str, at: datetime) -> datetime | None:
        """Note that a callback was not taken; gives when it is tried again, None when its sender gives it up.

        Raises:
            KeyError: If there is no such callback.
        """
        return await self._database.write(lambda connection: callbacks.put_off(connection, callback_id, at))

    async def audit(self) -> books.WorldAudit:
        """Give, by key, how often was asked and how often was acted; and everything that contradicts itself."""
        return await self._database.read(books.audit)

    async def _visit(self, at: datetime, subject: str, act: Callable[[Visit], Result]) -> Result:
        return await self._database.write(lambda connection: act(enter(connection, self._laws, at, subject)))


def _deliveries(visit: Visit) -> list[News]:
    news = []
    for number, arrival in enumerate(visit.script.stock):
        moment = visit.world_began_at + arrival.at if isinstance(arrival.at, timedelta) else arrival.at
        body = {
            "sku": arrival.sku,
            "warehouse": arrival.warehouse,
            "quantity": arrival.quantity,
            "reference": f"GR-{number + 1}",
        }
        news.append(News(kind="stock.received", at=moment, body=body, source=f"stock.received:{number}"))
    return news


def _with_private(script: Script, callback: Callback, place: str) -> Callback:
    if not place:
        return callback
    return Callback(
        id=callback.id, due_at=callback.due_at, subject=callback.subject, kind=callback.kind, body=callback.body,
        private=private_part(script, place),
    )  # fmt: skip
