"""Parcels and their carrier: labels, the hand-over, and calling both off. Where a parcel is, is told elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.contents import any_by_shipment, goods_of, value_of
from activities.shipping.expecting import cash_of
from activities.shipping.planning import ChosenCarrier
from activities.subjects import OfFulfilment, OfOrder
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.fulfilment import Fate, FulfilmentOrder
from oms_workflow.domain.money import Money, allocate
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway, Label, LabelRequest
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import PackedParcel, Shipment, ShipmentStatus, require_packable
from oms_workflow.errors import OrderRefused


class PackedGoods(BaseModel):
    """One parcel as the warehouse packed it."""

    weight_grams: int = Field(description="Weighed, packaging included", ge=0)
    pieces: dict[str, int] = Field(description="Line id -> pieces")


class BookCarrier(ChosenCarrier):
    """Parcels that need labels."""

    packages: list[PackedGoods] = Field(description="What the warehouse packed, as in message warehouse.packed")


class Booked(BaseModel):
    """Parcels with their labels."""

    shipment_id: str = Field(description="Shipment the parcels belong to")
    tracking_numbers: list[str] = Field(description="One for each parcel, in their order")


class HandedOver(BaseModel):
    """What the carrier has."""

    parcels: int = Field(description="Parcels the carrier has now")
    share_due: bool = Field(False, description="True when money of an order in it is taken by shipment")


class CalledOff(BaseModel):
    """What was called off."""

    cancelled: int = Field(description="Shipments that were cancelled; 0 when none was open")
    with_carrier: list[str] = Field(description="Parcels the carrier has already; they go out")


@node_activity(
    "shipping.book",
    title="Book the carrier",
    title_zh="预约承运商并取面单",
    errors=may_refuse(
        Refusal.UNKNOWN_FULFILMENT,
        Refusal.UNKNOWN_CUSTOMER,
        Refusal.ADDRESS_REFUSED,
        Refusal.ILLEGAL_MOVE,
        Refusal.QUANTITY_EXCEEDED,
        Refusal.ORDER_MISMATCH,
    ),
    queue=OUTSIDE_QUEUE,
)
async def book(
    cmd: BookCarrier,
    fulfilments: Fulfilments,
    shipments: Shipments,
    orders: Orders,
    customers: Customers,
    ledger: PaymentLedger,
    carrier: CarrierGateway,
    checkpoint: Checkpoint,
    call: Call,
) -> Booked:
    """Book every parcel with the carrier and store the tracking numbers.

    A second call asks with the same keys, which book each parcel once. When the carrier refuses one parcel, those
    booked before are cancelled again and ADDRESS_REFUSED is raised, so that another carrier can be tried.
    """
    fulfilment = await fulfilments.get(cmd.fulfilment_id)
    await _require_packable(cmd.packages, fulfilment, shipments)
    shipment = await shipments.plan(
        cmd.fulfilment_id, carrier=cmd.carrier, service=cmd.service, key=call.key, at=call.at
    )
    await checkpoint.commit()
    leading = await orders.get(fulfilment.order_id)
    contact = await customers.contact(leading.customer_ref)
    cash = await _cash(cmd.packages, fulfilment, orders, ledger)
    requests = _requests(cmd, shipment, fulfilment.warehouse, contact, cash)
    labels = await _labels(requests, carrier, call.key)
    parcels = [_parcel(packed, label) for packed, label in zip(cmd.packages, labels, strict=True)]
    await shipments.pack(shipment.id, parcels, key=call.key, at=call.at)
    return Booked(shipment_id=shipment.id, tracking_numbers=[label.tracking_number for label in labels])


async def _require_packable(packages: Sequence[PackedGoods], fulfilment: FulfilmentOrder, shipments: Shipments) -> None:
    """Look before a carrier is asked: a label for goods that are not there would have to be paid for."""
    packed: dict[str, int] = {}
    for shipment in await shipments.of_fulfilment(fulfilment.id):
        if shipment.status is not ShipmentStatus.CANCELLED:
            for package in shipment.packages:
                for line_id, quantity in package.pieces:
                    packed[line_id] = packed.get(line_id, 0) + quantity
    require_packable(fulfilment, packed, [_parcel(one, None) for one in packages])


def _parcel(packed: PackedGoods, label: Label | None) -> PackedParcel:
    return PackedParcel(
        tracking_number=label.tracking_number if label else "",
        weight_grams=packed.weight_grams,
        pieces=tuple(packed.pieces.items()),
        label_ref=label.label_ref if label else "",
        cost=label.cost if label else None,
    )


async def _cash(
    packages: Sequence[PackedGoods], fulfilment: FulfilmentOrder, orders: Orders, ledger: PaymentLedger
) -> list[Money | None]:
    """What the carrier collects with each parcel: the cash of the fulfilment order, shared by the value of goods."""
    due = await cash_of(fulfilment, orders, ledger)
    if due is None:
        return [None] * len(packages)
    values = [
        value_of(await goods_of(packed.pieces.items(), orders), fulfilment.currency).minor_units for packed in packages
    ]
    return [part if not part.is_zero else None for part in allocate(due, values)]


def _requests(
    cmd: BookCarrier, shipment: Shipment, warehouse: str, contact: Contact, cash: Sequence[Money | None]
) -> list[LabelRequest]:
    return [
        LabelRequest(
            shipment_id=shipment.id,
            parcel=number,
            warehouse=warehouse,
            carrier=cmd.carrier,
            service=cmd.service,
            weight_grams=packed.weight_grams,
            to=contact,
            collect=collect,
        )
        for number, (packed, collect) in enumerate(zip(cmd.packages, cash, strict=True), start=1)
    ]


async def _labels(requests: Sequence[LabelRequest], carrier: CarrierGateway, key: str) -> list[Label]:
    booked: list[Label] = []
    for request in requests:
        try:
            booked.append(await carrier.label(request, key=f"{key}.{request.parcel}"))
        except OrderRefused:
            for number, label in enumerate(booked, start=1):
                await carrier.cancel_label(request.carrier, label.tracking_number, key=f"{key}.{number}.undo")
            raise
    return booked


@node_activity(
    "shipping.hand_over",
    title="Note the hand-over to the carrier",
    title_zh="登记交运",
    errors=may_refuse(
        Refusal.UNKNOWN_FULFILMENT,
        Refusal.ON_HOLD,
        Refusal.NOT_PAID,
        Refusal.ORDER_CANCELLED,
        Refusal.QUANTITY_EXCEEDED,
    ),
)
async def hand_over(
    cmd: OfFulfilment, fulfilments: Fulfilments, shipments: Shipments, orders: Orders, call: Call
) -> HandedOver:
    """Book everything packed as shipped. A second call finds it shipped; with nothing packed, nothing is booked."""
    parcels, fulfilment = 0, await fulfilments.get(cmd.fulfilment_id)
    for shipment in await shipments.of_fulfilment(fulfilment.id):
        if shipment.status is ShipmentStatus.LABELLED:
            shipment = await shipments.hand_over(shipment.id, key=f"{call.key}.{shipment.id}", at=call.at)
        if shipment.status is ShipmentStatus.HANDED_OVER:
            parcels += len(shipment.packages)
    return HandedOver(parcels=parcels, share_due=await any_by_shipment(fulfilment, orders))


@node_activity(
    "shipping.cancel",
    title="Call the shipment off",
    title_zh="取消发运",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
    queue=OUTSIDE_QUEUE,
)
async def cancel(
    cmd: OfFulfilment, fulfilments: Fulfilments, shipments: Shipments, carrier: CarrierGateway, call: Call
) -> CalledOff:
    """Cancel labels and shipments that were not handed over. A second call finds none, and so does one without any."""
    return await _call_off([await fulfilments.get(cmd.fulfilment_id)], shipments, carrier, call)


@node_activity(
    "shipping.cancel_all",
    title="Call off what is not to go out",
    title_zh="取消全部未交运包裹",
    queue=OUTSIDE_QUEUE,
)
async def cancel_all(
    cmd: OfOrder, fulfilments: Fulfilments, shipments: Shipments, carrier: CarrierGateway, call: Call
) -> CalledOff:
    """Cancel labels and shipments of the order's cancelled fulfilment orders. A second call finds none."""
    cancelled = [one for one in await fulfilments.of_order(cmd.order_id) if one.fate is Fate.CANCEL]
    return await _call_off(cancelled, shipments, carrier, call)


async def _call_off(
    fulfilments: Sequence[FulfilmentOrder], shipments: Shipments, carrier: CarrierGateway, call: Call
) -> CalledOff:
    stopped, gone = list[Shipment](), list[str]()
    for shipment in [one for each in fulfilments for one in await shipments.of_fulfilment(each.id)]:
        if shipment.status not in (ShipmentStatus.PLANNED, ShipmentStatus.LABELLED):
            continue
        taken = [
            package.id
            for package in shipment.packages
            if not await carrier.cancel_label(package.carrier, package.tracking_number, key=f"{call.key}.{package.id}")
        ]
        gone += taken
        stopped += [] if taken else [shipment]
    for shipment in stopped:  # written only now, so that no lock is held while carriers are asked
        await shipments.cancel(shipment.id, key=f"{call.key}.{shipment.id}", at=call.at)
    return CalledOff(cancelled=len(stopped), with_carrier=gone)
