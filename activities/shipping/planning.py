"""Before a parcel exists: what a carrier is chosen by, the planned shipment, the request to the warehouse."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.contents import goods_of, value_of
from activities.shipping.expecting import Expecting
from activities.subjects import OfFulfilment
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.fulfilment import FulfilmentOrder, RequestStatus
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.ports.cartons import Cartons
from oms_workflow.domain.ports.channel_write_back import ChannelWriteBack
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.parcel_rates import ParcelRates
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.ports.warehouse_system import (
    WarehouseLine,
    WarehouseOrder,
    WarehouseSystem,
    WarehouseVerdict,
)
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.domain.promise import strictest
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import Expectation, ShipmentStatus
from oms_workflow.domain.wave import SKIPS_WAVES


class ParcelFacts(BaseModel):
    """What decides who carries a parcel. The address is as coarse as a carrier's price list."""

    warehouse: str
    country: str
    region: str
    city: str
    service_level: str
    weight_grams: int
    pieces: int
    value: Decimal
    currency: str
    on_delivery: bool = Field(description="The carrier has to collect the money")
    sealed: bool
    ship_by: datetime | None
    in_waves: bool = Field(description="The warehouse is asked in waves, and this one is in no hurry")


class FactsFound(BaseModel):
    """Facts for the table that chooses the carrier."""

    parcel: ParcelFacts


class ChosenCarrier(OfFulfilment):
    """Who is to carry it."""

    carrier: str = Field(description="Carrier, as the decision table names it", min_length=1)
    service: str = Field(description="The carrier's product", min_length=1)


class PlanShipment(ChosenCarrier):
    """Who is to carry it, and why."""

    why: str = Field("", description="Why this carrier, in English and Chinese; kept with the shipment")


class ShipmentPlanned(BaseModel):
    """The planned shipment."""

    shipment_id: str = Field(description="Shipment; its parcels come when it is packed")


class Submitted(BaseModel):
    """What the warehouse said at once."""

    verdict: Literal["accepted", "rejected", "pending"] = Field(description="pending: its word comes as a message")
    code: str = Field(description="The warehouse's reason for rejecting; '' otherwise")


@node_activity(
    "shipping.gather_facts",
    title="Gather facts for the carrier",
    title_zh="汇总承运信息",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
)
async def gather_facts(cmd: OfFulfilment, fulfilments: Fulfilments, orders: Orders, waves: Waves) -> FactsFound:
    """Say what the carrier is chosen by. Changes nothing, so a second call may see another state."""
    fulfilment = await fulfilments.get(cmd.fulfilment_id)
    leading = await orders.get(fulfilment.order_id)
    goods = await goods_of(((line.line_id, line.quantity) for line in fulfilment.lines), orders)
    together = {one.order.id: one.order for one in goods}.values()
    level = min((leading, *together), key=lambda order: order.priority).service_level
    parcel = ParcelFacts(
        warehouse=fulfilment.warehouse,
        country=leading.destination.country,
        region=leading.destination.region,
        city=leading.destination.city,
        service_level=level.value,
        weight_grams=sum(one.weight_grams for one in goods),
        pieces=fulfilment.pieces,
        value=value_of(goods, fulfilment.currency).amount,
        currency=fulfilment.currency,
        on_delivery=leading.terms is PaymentTerms.ON_DELIVERY,
        sealed=leading.sealed,
        ship_by=strictest(order.promise for order in (leading, *together)).ship_by,
        in_waves=level not in SKIPS_WAVES and bool(await waves.rules(fulfilment.warehouse)),
    )
    return FactsFound(parcel=parcel)


@node_activity(
    "shipping.plan",
    title="Plan the shipment",
    title_zh="计划发货",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.ILLEGAL_MOVE),
)
async def plan(
    cmd: PlanShipment,
    fulfilments: Fulfilments,
    orders: Orders,
    ledger: PaymentLedger,
    channels: ChannelWriteBack,
    cartons: Cartons,
    rates: ParcelRates,
    shipments: Shipments,
    call: Call,
) -> ShipmentPlanned:
    """Plan the shipment with the chosen carrier, in place of one that was planned with another carrier before.

    Keeps the parcels it will be packed into, what they are expected to cost, and why this carrier. A second call, and
    the same carrier again, give the same shipment.
    """
    expecting = Expecting(fulfilments, orders, ledger, channels, cartons, rates)
    parcels = await expecting.parcels(cmd.fulfilment_id)
    asked = (await expecting.prices(parcels, call.at)).get((cmd.carrier, cmd.service))
    expected = Expectation(parcels=parcels.plan.parcels, cost=asked.cost if asked is not None else None, why=cmd.why)
    shipment = await shipments.plan(
        cmd.fulfilment_id, carrier=cmd.carrier, service=cmd.service, expected=expected, key=call.key, at=call.at
    )
    for other in await shipments.of_fulfilment(cmd.fulfilment_id):
        if other.id != shipment.id and other.status is ShipmentStatus.PLANNED:
            await shipments.cancel(other.id, key=f"{call.key}.{other.id}", at=call.at)
    return ShipmentPlanned(shipment_id=shipment.id)


@node_activity(
    "shipping.submit",
    title="Submit to the warehouse",
    title_zh="递交仓库",
    errors=may_refuse(
        Refusal.UNKNOWN_FULFILMENT, Refusal.UNKNOWN_CUSTOMER, Refusal.ON_HOLD, Refusal.NOT_PAID, Refusal.ILLEGAL_MOVE
    ),
    queue=OUTSIDE_QUEUE,
)
async def submit(
    cmd: ChosenCarrier,
    fulfilments: Fulfilments,
    orders: Orders,
    customers: Customers,
    warehouse: WarehouseSystem,
    checkpoint: Checkpoint,
    call: Call,
) -> Submitted:
    """Ask the warehouse to pick and pack.

    A second call asks with the same key, which makes one order in the warehouse. Nothing is asked while a hold blocks
    the release.
    """
    fulfilment = await fulfilments.request(cmd.fulfilment_id, RequestStatus.SUBMITTED, key=call.key, at=call.at)
    await checkpoint.commit()
    request = await _request(cmd, fulfilment, orders, customers)
    answer = await warehouse.submit(request, key=call.key)
    said = {
        WarehouseVerdict.ACCEPTED: RequestStatus.ACCEPTED,
        WarehouseVerdict.REJECTED: RequestStatus.REJECTED,
    }.get(answer.verdict)
    if said is not None:
        await fulfilments.request(cmd.fulfilment_id, said, key=f"{call.key}.answer", at=call.at)
    return Submitted(verdict=answer.verdict.value, code=answer.code)


async def _request(
    cmd: ChosenCarrier, fulfilment: FulfilmentOrder, orders: Orders, customers: Customers
) -> WarehouseOrder:
    view = await orders.view(fulfilment.order_id)
    return WarehouseOrder(
        fulfilment_id=fulfilment.id,
        warehouse=fulfilment.warehouse,
        seller=fulfilment.seller,
        lines=tuple(
            WarehouseLine(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in fulfilment.lines
        ),
        priority=view.order.priority,
        ship_by=view.promise.ship_by,
        carrier=cmd.carrier,
        service=cmd.service,
        to=await customers.contact(view.order.customer_ref),
    )
