"""A shop behind the reception: takes what the world tells, in units of work, and keeps what it would publish."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from oms_workflow.connect.reception.door import ports_for, receive
from oms_workflow.connect.reception.message import Message, Received
from oms_workflow.domain.fulfilment import FulfilmentOrder, RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.warehouse_system import WarehouseLine, WarehouseOrder, WarehouseSystem
from oms_workflow.domain.shipment import PackedParcel, Shipment
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop

from .outside import DAY, MORNING, SOMEBODY, Outside


async def until_answered(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until there is an answer, as a retried activity does."""
    for _ in range(20):
        try:
            return await ask()
        except WorldUnavailable:
            continue
    raise AssertionError("The world never answered.")


class FrontDesk:
    """Delivers callbacks to the reception, as a worker does."""

    def __init__(self, database: Database, outside: Outside | None = None) -> None:
        self.database = database
        self.shop = Shop(database)
        self.outside = outside
        self.published: dict[str, Message] = {}
        self.refused: list[OrderRefused] = []

    @property
    def names(self) -> list[str]:
        """Names of what was published, each message once."""
        return [one.name for one in self.published.values()]

    def of(self, name: str) -> list[Mapping[str, Any]]:
        """Give the variables of the messages with this name."""
        return [one.variables for one in self.published.values() if one.name == name]

    async def take(
        self,
        kind: str,
        body: Mapping[str, Any],
        private: Mapping[str, Any] | None = None,
        at: datetime = MORNING + 30 * DAY,
    ) -> Received:
        """Take one piece of news in one unit of work; a refusal undoes it."""
        async with UnitOfWork(self.database) as unit:
            ports = {port: bind(port, unit) for port in ports_for(kind)}
            received = await receive(kind, body, ports, private=private or {}, at=at)
            await unit.commit()
        for one in received.messages:
            self.published.setdefault(one.id, one)
        return received

    async def catch_up(self, until: datetime = MORNING + 60 * DAY) -> None:
        """Take everything the world tells until a moment, in its order; what is refused is told again later."""
        assert self.outside is not None
        world = self.outside.world
        while due := await world.due(until):
            for one in due:
                try:
                    await self.take(one.kind, one.body, one.private, one.due_at)
                    await world.delivered(one.id)
                except OrderRefused as no:
                    self.refused.append(no)
                    await world.refused(one.id, one.due_at)

    async def submitted(self, number: str = "1", **goods: int) -> FulfilmentOrder:
        """Bring a paid order up to the warehouse: in our books, and in the world if there is one."""
        await self.shop.warehouse("hz", dict.fromkeys(goods, 20))
        lines = ((sku if number == "1" else f"{number}-{sku}", sku, quantity) for sku, quantity in goods.items())
        order = an_order(*lines, number=number)
        (fulfilment,) = await self.shop.ready(order)
        await self.shop.request(fulfilment.id, RequestStatus.SUBMITTED)
        outside = self.outside
        if outside is not None:
            pieces = tuple(
                WarehouseLine(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in fulfilment.lines
            )
            wanted = WarehouseOrder(
                fulfilment_id=fulfilment.id, warehouse="hz", seller="", lines=pieces, priority=3, ship_by=None,
                carrier="sf", service="std", to=SOMEBODY,
            )  # fmt: skip
            await until_answered(lambda: outside.port(WarehouseSystem).submit(wanted, key=f"submit {fulfilment.id}"))
        return fulfilment

    async def labelled(self, fulfilment: FulfilmentOrder) -> Shipment:
        """Book one parcel for everything, in the world and in our books."""
        assert self.outside is not None
        outside = self.outside
        planned = await self.shop.call(
            Shipments, "plan", fulfilment.id, carrier="sf", service="std", key=self.shop.key(), at=MORNING
        )
        label = await until_answered(lambda: outside.label(planned.id, service="std", key=f"label {planned.id}"))
        pieces = tuple((line.line_id, line.quantity) for line in fulfilment.lines)
        parcel = PackedParcel(tracking_number=label.tracking_number, weight_grams=500, pieces=pieces)
        packed: Shipment = await self.shop.call(
            Shipments, "pack", planned.id, [parcel], key=self.shop.key(), at=MORNING
        )
        return packed

    async def fulfilment(self, name: str) -> FulfilmentOrder:
        """Look at a fulfilment order."""
        found: FulfilmentOrder = await self.shop.call(Fulfilments, "get", name)
        return found
