"""What carriers report about parcels. All reports together say where a parcel is; that is what processes are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oms_workflow.connect.reception.body import Id, Text, Told, read
from oms_workflow.connect.reception.message import Message, Received, message
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.shipment import Package, ShipmentStatus
from oms_workflow.domain.tracking import ParcelState, ParcelStatus, TrackingEvent

_NOT_YET_OURS = frozenset({ParcelStatus.PRE_TRANSIT, ParcelStatus.UNKNOWN})
"""Reports that may come before the parcel is in our books: labels are reported while they are being booked."""


class ReportBody(Told):
    """One report."""

    carrier: Id
    tracking_number: Id
    status: ParcelStatus
    place: Text = ""
    note: Text = ""


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take one report of a carrier.

    Args:
        what: `reported`.
        ports: Holds Tracking and Shipments.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_SHIPMENT, when a parcel is on its way that is not in our
            books (yet).
    """
    told = read(ReportBody, body, at=at)
    event = TrackingEvent(
        carrier=told.carrier,
        tracking_number=told.tracking_number,
        status=told.status,
        occurred_at=told.occurred_at,
        received_at=at,
        event_id=told.event,
        place=told.place,
        note=told.note,
    )
    return await record([event], ports, at=at)


async def record(events: list[TrackingEvent], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Keep reports about one parcel, and say where it is now.

    The message is made of where the parcel is, not of what this report changed: a report that comes again after a
    crash says the same again, and nothing is lost.

    Raises:
        OrderRefused: UNKNOWN_SHIPMENT, as `receive` does.
    """
    tracking: Tracking = ports[Tracking]
    if not events:
        return Received(remark="No report.")
    number = events[0].carrier, events[0].tracking_number
    await tracking.record(events, at=at)
    package = await tracking.package(*number)
    if package is None:
        if all(one.status in _NOT_YET_OURS for one in events):
            return Received(remark=f"Parcel {number[1]!r} is not in our books yet.")
        raise refuse(
            Refusal.UNKNOWN_SHIPMENT,
            f"A parcel {number[1]!r} of {number[0]!r} is on its way that is not in our books. Tell it again later.",
        )
    return Received(messages=(await _news(package, await tracking.state(package.id), ports[Shipments]),))


async def _news(package: Package, state: ParcelState, shipments: Shipments) -> Message:
    """Make the message about where a parcel is; the same state is the same message."""
    since = state.since.isoformat() if state.since else ""
    about = f"{package.id}/{state.status.value}/{since}"
    shipment = await shipments.get(package.shipment_id)
    fields: dict[str, Any] = {"fulfilment_id": shipment.fulfilment_id, "package_id": package.id}
    match state.status:
        case ParcelStatus.DELIVERED:
            name = "parcel.delivered"
            fields["all"] = await _all_delivered(package, shipment.fulfilment_id, shipments)
        case ParcelStatus.FAILURE:
            name = "parcel.failed"
            fields["failures"] = state.failures
        case ParcelStatus.LOST:
            name = "parcel.lost"
        case ParcelStatus.RETURNED:
            name = "parcel.returned"
        case status:
            name = "parcel.moved"
            fields["status"] = status.value
    return message(name, shipment.fulfilment_id, about, **fields)


async def _all_delivered(package: Package, fulfilment_id: str, shipments: Shipments) -> bool:
    order_id = order_of_line(package.pieces[0][0])
    return all(
        parcel.status is ParcelStatus.DELIVERED
        for shipment in await shipments.of_order(order_id)
        if shipment.fulfilment_id == fulfilment_id and shipment.status is not ShipmentStatus.CANCELLED
        for parcel in shipment.packages
    )
