"""A small shop to test with: what a test says in one line happens through the ports, each call a unit of work."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from oms_workflow.domain.cancellation import CancelDecision, CancelScope
from oms_workflow.domain.fulfilment import FulfilmentOrder, RequestStatus
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import Transaction, TransactionKind
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders, TakenIn
from oms_workflow.domain.ports.payments import PaymentLedger, RefundOrder
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.ports.stock import ReservationResult, Stock, Warehouses
from oms_workflow.domain.shipment import PackedParcel, Shipment
from oms_workflow.domain.sourcing import Candidate, SourcingPolicy
from oms_workflow.domain.split import ParcelLimits
from oms_workflow.domain.status import OrderView
from oms_workflow.domain.stock import Balance
from oms_workflow.domain.tracking import ParcelStatus, TrackingEvent
from oms_workflow.domain.warehouse import Lane, Warehouse
from oms_workflow.store.bindings import bind
from oms_workflow.store.checks import check
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, cny

Port = TypeVar("Port")


class Shop:
    """The ports over one database. Every method is one committed unit of work with a key of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._keys = itertools.count(1)
        self._labels = itertools.count(1)

    def key(self) -> str:
        """Give a key nobody used."""
        return f"key-{next(self._keys)}"

    @asynccontextmanager
    async def unit(self) -> Any:
        """Open a unit of work and commit it."""
        async with UnitOfWork(self.database) as unit:
            yield unit
            await unit.commit()

    async def call(self, port: type, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a port's method in a unit of work of its own."""
        async with self.unit() as unit:
            return await getattr(bind(port, unit), method)(*args, **kwargs)

    async def warehouse(self, name: str, stock: Mapping[str, int] | None = None, **more: Any) -> None:
        """Open a warehouse with a lane to all of China, and goods on its shelves."""
        values = {"name": name, "country": "CN", "priority": 10} | more
        lane = Lane(warehouse=name, country="CN", region="", cost=cny("8.00"), distance_km=100)
        await self.call(Warehouses, "save", Warehouse(id=name, **values), [lane])
        for sku, quantity in (stock or {}).items():
            await self.receive(sku, name, quantity)

    async def receive(self, sku: str, warehouse: str, quantity: int) -> Balance:
        """Put goods on a shelf."""
        return await self.call(Stock, "receive", sku, warehouse, quantity, reason="", key=self.key(), at=NOON)

    async def take_in(self, order: Order, at: datetime = NOON) -> TakenIn:
        """Let an order come in."""
        return await self.call(Orders, "take_in", order, key=self.key(), at=at)

    async def view(self, order_id: str) -> OrderView:
        """Look at an order."""
        return await self.call(Orders, "view", order_id)

    async def pay(self, order_id: str, amount: Money | None = None, ref: str = "") -> Transaction:
        """Let the buyer pay at the channel: what is due, or an amount."""
        due = amount or (await self.view(order_id)).money.due
        kind = TransactionKind.CAPTURE
        name = ref or f"pay {order_id}"
        return await self.call(
            PaymentLedger, "observe", order_id, kind, due, provider="alipay", provider_ref=name, at=NOON
        )

    async def reserve(self, order_id: str, key: str = "", **more: Any) -> ReservationResult:
        """Reserve what is open, for half an hour unless told otherwise."""
        order = (await self.view(order_id)).order
        candidates = await self.call(Warehouses, "candidates", order.destination, currency="CNY", at=NOON)
        return await self.reserve_at(order_id, candidates, key=key, **more)

    async def reserve_at(
        self, order_id: str, candidates: Sequence[Candidate], *, key: str = "", at: datetime = NOON, **policy: Any
    ) -> ReservationResult:
        """Reserve at certain warehouses."""
        return await self.call(
            Stock,
            "reserve",
            order_id,
            candidates,
            policy=SourcingPolicy(**policy),
            expires_at=at + timedelta(minutes=30),
            key=key or self.key(),
            at=at,
        )

    async def allocate(self, order_id: str) -> Any:
        """Make the reservation firm."""
        return await self.call(Stock, "allocate", order_id, key=self.key(), at=NOON)

    async def plan(self, order_id: str, **limits: int) -> tuple[FulfilmentOrder, ...]:
        """Plan fulfilment orders."""
        return await self.call(Fulfilments, "plan", order_id, limits=ParcelLimits(**limits), key=self.key(), at=NOON)

    async def ready(self, order: Order, **limits: int) -> tuple[FulfilmentOrder, ...]:
        """Bring an order from intake to a plan."""
        await self.take_in(order)
        await self.pay(order.id)
        await self.reserve(order.id)
        await self.allocate(order.id)
        return await self.plan(order.id, **limits)

    async def request(self, fulfilment_id: str, *statuses: RequestStatus) -> FulfilmentOrder:
        """Let the talk with the warehouse go on."""
        answer: Any = None
        for status in statuses:
            answer = await self.call(Fulfilments, "request", fulfilment_id, status, key=self.key(), at=NOON)
        return answer

    async def packed(self, fulfilment: FulfilmentOrder, pieces: Mapping[str, int] | None = None) -> Shipment:
        """Pack one parcel: everything, or some pieces."""
        held = {line.line_id: line.quantity for line in fulfilment.lines} if pieces is None else dict(pieces)
        shipment = await self.call(
            Shipments, "plan", fulfilment.id, carrier="sf", service="std", key=self.key(), at=NOON
        )
        number = f"SF{next(self._labels)}"
        parcel = PackedParcel(tracking_number=number, weight_grams=500, pieces=tuple(held.items()))
        return await self.call(Shipments, "pack", shipment.id, [parcel], key=self.key(), at=NOON)

    async def hand_over(self, shipment_id: str) -> Shipment:
        """Hand a shipment to the carrier."""
        return await self.call(Shipments, "hand_over", shipment_id, key=self.key(), at=NOON)

    async def ship(self, fulfilment: FulfilmentOrder, pieces: Mapping[str, int] | None = None) -> Shipment:
        """Pack and hand over."""
        return await self.hand_over((await self.packed(fulfilment, pieces)).id)

    async def report(self, shipment: Shipment, status: ParcelStatus, hours: int = 1, event_id: str = "") -> Any:
        """Let the carrier report about every package of a shipment."""
        moment = NOON + timedelta(hours=hours)
        events = [
            TrackingEvent(
                carrier=package.carrier,
                tracking_number=package.tracking_number,
                status=status,
                occurred_at=moment,
                received_at=moment,
                event_id=event_id or f"{status.value}-{hours}",
            )
            for package in shipment.packages
        ]
        return await self.call(Tracking, "record", events, at=moment)

    async def cancel(self, order_id: str, scope: CancelScope = CancelScope.WHOLE) -> CancelDecision:
        """Ask to cancel."""
        return await self.call(
            Orders, "cancel", order_id, scope=scope, reason="changed mind", by="buyer", key=self.key(), at=NOON
        )

    async def refund(self, order_id: str, succeeded: bool | None = True, **asked: Any) -> RefundOrder:
        """Refund, and let the provider answer; None leaves it pending."""
        begun = await self.call(
            PaymentLedger, "begin_refund", order_id, reason="test", key=self.key(), at=NOON, **asked
        )
        for one in begun.transactions if succeeded is not None else ():
            await self.settle(one, succeeded)
        return begun

    async def settle(self, transaction: Transaction, succeeded: bool = True) -> Transaction:
        """Let the provider answer."""
        ref = f"ref {transaction.id}"
        return await self.call(PaymentLedger, "settle", transaction.id, succeeded=succeeded, provider_ref=ref, at=NOON)

    async def balance(self, sku: str, warehouse: str) -> Balance:
        """Look at a shelf."""
        (found,) = await self.call(Stock, "balances", [sku], [warehouse])
        return found

    async def sound(self) -> None:
        """Ask every invariant; a broken one shows its first violations."""
        broken = {one.invariant: one.examples for one in await check(self.database) if one.violations}
        assert broken == {}
