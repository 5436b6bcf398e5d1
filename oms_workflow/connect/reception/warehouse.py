"""What a warehouse tells about fulfilment orders. News comes late and out of order; later steps imply earlier ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from oms_workflow.connect.reception.body import Id, SomePieces, Told, Word, read
from oms_workflow.connect.reception.message import Message, Received, message
from oms_workflow.domain.fulfilment import FulfilmentOrder, FulfilmentStatus, RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import ShipmentStatus
from oms_workflow.errors import OrderRefused


class LineBody(BaseModel):
    """Pieces of a line."""

    line: Id
    quantity: SomePieces


class ParcelBody(BaseModel):
    """A parcel as it was packed."""

    weight_grams: int = Field(ge=0, le=10_000_000)
    lines: tuple[LineBody, ...] = Field(min_length=1, max_length=1000)


class WarehouseBody(Told):
    """News about one order of a warehouse."""

    fulfilment: Id
    reference: Id  # the warehouse's own number; a fulfilment order asked for again has another one
    code: Word = ""
    lines: tuple[LineBody, ...] = Field((), max_length=1000)
    parcels: tuple[ParcelBody, ...] = Field((), max_length=1000)


_OVER = frozenset({FulfilmentStatus.CLOSED, FulfilmentStatus.INCOMPLETE, FulfilmentStatus.CANCELLED})
_UNANSWERED = frozenset({RequestStatus.UNSUBMITTED, RequestStatus.SUBMITTED, RequestStatus.REJECTED})
_CONTRADICTED = frozenset({Refusal.ON_HOLD, Refusal.NOT_PAID, Refusal.ORDER_CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One piece of news and where it is noted."""

    told: WarehouseBody
    fulfilments: Fulfilments
    shipments: Shipments
    at: datetime

    def key(self, step: str) -> str:
        """Give the key of a step: the same whoever told of it, another one when the order is asked for again."""
        return f"warehouse/{self.told.fulfilment}/{self.told.reference}/{step}"

    def say(self, name: str, **more: Any) -> Message:
        """Make a message about the fulfilment order."""
        about = self.told.reference
        return message(f"warehouse.{name}", self.told.fulfilment, about, fulfilment_id=self.told.fulfilment, **more)


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take what a warehouse tells about a fulfilment order.

    Args:
        what: A key of NEWS.
        ports: Holds Fulfilments and Shipments.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_FULFILMENT; ILLEGAL_MOVE, when the news cannot be true as
            our books stand, such as an answer to a question that was not asked; QUANTITY_EXCEEDED, when it tells of
            more pieces than there are.
    """
    desk = _Desk(
        told=read(WarehouseBody, body, at=at), fulfilments=ports[Fulfilments], shipments=ports[Shipments], at=at
    )
    return await NEWS[what](desk, await desk.fulfilments.get(desk.told.fulfilment))


async def _accepted(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.request_status in _UNANSWERED:
        await desk.fulfilments.request(known.id, RequestStatus.ACCEPTED, key=desk.key("accepted"), at=desk.at)
    return Received(messages=(desk.say("accepted"),))


async def _rejected(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.request_status in (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED, RequestStatus.UNSUBMITTED):
        await desk.fulfilments.request(known.id, RequestStatus.REJECTED, key=desk.key("rejected"), at=desk.at)
    elif known.request_status is not RequestStatus.REJECTED:
        return _late(known)
    return Received(messages=(desk.say("rejected", code=desk.told.code),))


async def _picked(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.status is FulfilmentStatus.CANCELLED:
        return _late(known)
    before = await _accepted(desk, known)
    if known.status not in _OVER:  # what has left needs no more booking, and is true all the same
        await desk.fulfilments.pick(known.id, key=desk.key("picked"), at=desk.at)
    return Received(messages=(*before.messages, desk.say("picked")))


async def _short(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.status in _OVER:
        return _late(known)
    before = await _accepted(desk, known)
    missing: dict[str, int] = {}
    for line in desk.told.lines:
        missing[line.line] = missing.get(line.line, 0) + line.quantity
    await desk.fulfilments.short(known.id, missing, key=desk.key(f"short/{desk.told.event}"), at=desk.at)
    said = message(
        "warehouse.short",
        known.id,
        f"{desk.told.reference}/{desk.told.event}",
        fulfilment_id=known.id,
        pieces=sum(missing.values()),
    )
    return Received(messages=(*before.messages, said))


async def _packed(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.status is FulfilmentStatus.CANCELLED:
        return _late(known)
    before = await _picked(desk, known)
    packages = [{"weight_grams": one.weight_grams, "pieces": _summed(one.lines)} for one in desk.told.parcels]
    return Received(messages=(*before.messages, desk.say("packed", packages=packages)))


async def _handed_over(desk: _Desk, known: FulfilmentOrder) -> Received:
    """Book what is labelled as shipped. What our books do not allow is left to the process, which asks again.

    The goods are gone whatever our books say, so the process has to hear of it; the step that books the hand-over in
    the diagram meets the same refusal, where people see it.
    """
    if known.status is FulfilmentStatus.CANCELLED:
        return _late(known)
    before = await _picked(desk, known)
    for shipment in await desk.shipments.of_order(known.order_id):
        if shipment.fulfilment_id == known.id and shipment.status is ShipmentStatus.LABELLED:
            try:
                key = desk.key(f"handed_over/{shipment.id}")
                await desk.shipments.hand_over(shipment.id, key=key, at=desk.at)
            except OrderRefused as no:
                if no.code not in _CONTRADICTED:
                    raise
    return Received(messages=(*before.messages, desk.say("handed_over")))


async def _cancelled(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.fate is None:
        await desk.fulfilments.request(known.id, RequestStatus.CANCEL_ACCEPTED, key=desk.key("cancelled"), at=desk.at)
    elif known.request_status is not RequestStatus.CANCEL_ACCEPTED:
        return _late(known)
    return Received(messages=(desk.say("cancelled"),))


async def _cancel_refused(desk: _Desk, known: FulfilmentOrder) -> Received:
    if known.fate is None:
        key = desk.key("cancel_refused")
        await desk.fulfilments.request(known.id, RequestStatus.CANCEL_REJECTED, key=key, at=desk.at)
    elif known.request_status is not RequestStatus.CANCEL_REJECTED:
        return _late(known)
    return Received(messages=(desk.say("cancel_refused"),))


NEWS: dict[str, Callable[[_Desk, FulfilmentOrder], Awaitable[Received]]] = {
    "accepted": _accepted,
    "rejected": _rejected,
    "picked": _picked,
    "short": _short,
    "packed": _packed,
    "handed_over": _handed_over,
    "cancelled": _cancelled,
    "cancel_refused": _cancel_refused,
}
"""What a warehouse can tell about a fulfilment order."""


def _summed(lines: tuple[LineBody, ...]) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for line in lines:
        pieces[line.line] = pieces.get(line.line, 0) + line.quantity
    return pieces


def _late(known: FulfilmentOrder) -> Received:
    return Received(remark=f"Late news: fulfilment order {known.id!r} is {known.status.value} already.")
