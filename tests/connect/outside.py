"""The world as a test talks to it: short calls with everything else filled in, and what came back, read in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from oms_workflow.connect.world.callbacks import Callback
from oms_workflow.connect.world.world import World
from oms_workflow.domain.customer import Address, Contact
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway, Label, LabelRequest
from oms_workflow.domain.ports.payment_provider import PaymentProvider, ProviderAnswer, ProviderRequest
from oms_workflow.domain.ports.warehouse_system import (
    AnnouncedReturn,
    WarehouseAnswer,
    WarehouseLine,
    WarehouseOrder,
    WarehouseSystem,
)

MORNING = datetime(2026, 11, 11, 1, 0, tzinfo=UTC)  # a Wednesday, 9 o'clock in Hangzhou
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOMEBODY = Contact(name="Li Si", address=Address(country="CN", region="浙江省", city="杭州市"), phone="+8613800138000")


def cny(amount: str) -> Money:
    """Give an amount in yuan."""
    return Money.of(amount, "CNY")


class Outside:
    """A world, and what a test wants of it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def port(self, kind: type, at: datetime = MORNING) -> Any:
        """Give one of the outside systems as it is at a moment."""
        return self.world.ports(at)[kind]

    async def begin(self, order: str = "shop:1", *, facts: Order | None = None, unpaid: str = "") -> None:
        """Let an order begin in the morning."""
        await self.world.begin(order, MORNING, order=facts, unpaid=cny(unpaid) if unpaid else None)

    async def pay(
        self,
        kind: TransactionKind,
        amount: str,
        *,
        parent: str = "",
        key: str = "",
        at: datetime = MORNING,
        order: str = "shop:1",
    ) -> ProviderAnswer:
        """Ask the payment provider; the transaction's id is the key, as the shop does it."""
        transaction = key or f"{order}.{kind.value}"
        request = ProviderRequest(order_id=order, transaction_id=transaction, amount=cny(amount), parent_ref=parent)
        answer: ProviderAnswer = await getattr(self.port(PaymentProvider, at), kind.value)(request, key=transaction)
        return answer

    async def submit(
        self,
        fulfilment: str = "shop:1.F1",
        lines: Mapping[str, int] | None = None,
        *,
        warehouse: str = "hz",
        key: str = "",
        at: datetime = MORNING,
    ) -> WarehouseAnswer:
        """Ask a warehouse; lines are SKU -> pieces, and a line's oid is its SKU."""
        order = fulfilment.partition(".")[0]
        wanted = WarehouseOrder(
            fulfilment_id=fulfilment,
            warehouse=warehouse,
            seller="",
            lines=_lines(order, lines or {"tea": 2}),
            priority=3,
            ship_by=None,
            carrier="sf",
            service="standard",
            to=SOMEBODY,
        )
        answer: WarehouseAnswer = await self.port(WarehouseSystem, at).submit(wanted, key=key or f"submit {fulfilment}")
        return answer

    async def stop(self, fulfilment: str = "shop:1.F1", *, key: str = "", at: datetime = MORNING) -> WarehouseAnswer:
        """Ask a warehouse to stop."""
        answer: WarehouseAnswer = await self.port(WarehouseSystem, at).cancel(
            fulfilment, key=key or f"cancel {fulfilment}"
        )
        return answer

    async def announce(
        self, lines: Mapping[str, int], *, return_id: str = "shop:1.R1", key: str = "", at: datetime = MORNING
    ) -> WarehouseAnswer:
        """Announce that goods will come back."""
        announced = AnnouncedReturn(
            return_id=return_id, warehouse="hz", lines=_lines(return_id.partition(".")[0], lines)
        )
        answer: WarehouseAnswer = await self.port(WarehouseSystem, at).announce_return(announced, key=key or return_id)
        return answer

    async def label(
        self,
        shipment: str = "shop:1.F1.S1",
        *,
        parcel: int = 1,
        carrier: str = "sf",
        service: str = "standard",
        warehouse: str = "hz",
        key: str = "",
        at: datetime = MORNING,
    ) -> Label:
        """Book a parcel."""
        request = LabelRequest(
            shipment_id=shipment,
            parcel=parcel,
            warehouse=warehouse,
            carrier=carrier,
            service=service,
            weight_grams=500,
            to=SOMEBODY,
        )
        label: Label = await self.port(CarrierGateway, at).label(
            request, key=key or f"label {shipment}/{parcel} {carrier}"
        )
        return label

    async def told(self, kind: str = "", *, subject: str | None = None) -> list[Callback]:
        """Give everything the world is going to say, in order; without marking anything."""
        found = await self.world.due(MORNING + 365 * DAY, 1000)
        return [one for one in found if one.kind.startswith(kind) and (subject is None or one.subject == subject)]

    async def kinds(self, kind: str = "") -> list[str]:
        """Give the kinds of what will be said."""
        return [one.kind for one in await self.told(kind)]

    async def hand_over_at(self) -> datetime:
        """Give the moment at which the one hand-over that is planned happens."""
        [news] = await self.told("warehouse.handed_over")
        return datetime.fromisoformat(news.body["occurred_at"])


def _lines(order: str, lines: Mapping[str, int]) -> tuple[WarehouseLine, ...]:
    return tuple(WarehouseLine(line_id=f"{order}/{sku}", sku=sku, quantity=quantity) for sku, quantity in lines.items())
