"""What buyers ask for: cancel, send it elsewhere, take it back, read this. Addresses and texts go to the vault only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from oms_workflow.connect.reception.body import Id, SomePieces, Told, read, refused
from oms_workflow.connect.reception.contact import read_contact
from oms_workflow.connect.reception.message import Received, message
from oms_workflow.domain.bundle import pieces_of
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.note import NoteKind, intents
from oms_workflow.domain.order import Destination, Order
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.returns import ReturnRequestLine, ReturnType

_WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"  # no control characters but tab and line ends
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class BuyerBody(Told):
    """Something the buyer of an order does."""

    order: Id


class CancelBody(BuyerBody):
    """The buyer wants out."""

    reason: _Code
    scope: CancelScope = CancelScope.WHOLE


class MoveBody(BuyerBody):
    """The buyer wants it sent elsewhere; where to is private."""

    version: int = Field(ge=0, le=2**60)  # of the order at its channel: tells late news from new news


class WriteBody(BuyerBody):
    """The buyer wrote something; what is private."""

    flag: int = Field(0, ge=0, le=9)


class WantedBody(BaseModel):
    """Pieces of a line to be given back."""

    line: Id
    quantity: SomePieces


class NewGoodsBody(BaseModel):
    """Goods wanted instead."""

    sku: Id
    quantity: SomePieces
    unit_price: Annotated[str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,4})?$")]


class WantsBackBody(BuyerBody):
    """The buyer wants to give goods back."""

    kind: ReturnType
    reason: _Code
    lines: tuple[WantedBody, ...] = Field(min_length=1, max_length=1000)
    new: tuple[NewGoodsBody, ...] = Field((), max_length=1000)


class SentBackBody(Told):
    """The buyer handed goods in."""

    return_id: Id = Field(alias="return")


class TextPart(BaseModel):
    """What was written."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=_WRITTEN)] = Field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """What came in, and where it is noted."""

    body: Mapping[str, Any]
    private: Mapping[str, Any]
    ports: Mapping[type, Any]
    at: datetime


async def receive(
    what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, private: Mapping[str, Any], at: datetime
) -> Received:
    """Take what a buyer asks for.

    Args:
        what: A key of WISHES.
        private: Personal data that belongs to the body: `contact` or `text`.
        ports: Holds Orders, Customers and Returns.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_ORDER; UNKNOWN_RETURN; QUANTITY_EXCEEDED, when more pieces
            are to be given back than went out.
    """
    return await WISHES[what](_Letter(body=body, private=private, ports=ports, at=at))


async def _cancel(letter: _Letter) -> Received:
    told = read(CancelBody, letter.body, at=letter.at)
    await letter.ports[Orders].get(told.order)  # refuses an order nobody knows
    fields = {"order_id": told.order, "reason": told.reason, "scope": told.scope.value}
    return Received(messages=(message("order.cancel_requested", told.order, told.event, **fields),))


async def _move(letter: _Letter) -> Received:
    told = read(MoveBody, letter.body, at=letter.at)
    orders: Orders = letter.ports[Orders]
    order = await orders.get(told.order)
    contact = read_contact(letter.private, at=letter.at)
    key = f"buyer/{told.order}/{told.event}"
    record = await letter.ports[Customers].keep(contact, channel=order.channel, buyer_id="", key=key, at=letter.at)
    moved = replace(
        order,
        customer_ref=record.customer_ref,
        address_digest=record.address_digest,
        destination=Destination(country=record.country, region=record.region, city=record.city),
        channel_version=told.version,
    )
    taken = await orders.take_in(moved, key=key, at=letter.at)
    if taken.arrival is not Arrival.CHANGED:
        return Received(remark=f"Order {told.order!r} has this address, or a later one, already.")
    changed = {"order_id": told.order, "revision": taken.revision, "changes": int(taken.changes)}
    return Received(messages=(message("order.changed", told.order, taken.revision, **changed),))


async def _write(letter: _Letter) -> Received:
    told = read(WriteBody, letter.body, at=letter.at)
    part = read(TextPart, letter.private, at=letter.at)
    note = await letter.ports[Orders].add_note(
        told.order,
        NoteKind.BUYER_MESSAGE,
        part.text,
        flag=told.flag,
        by="buyer",
        key=f"buyer/{told.order}/{told.event}",
        at=letter.at,
    )
    found = [one.value for one in intents(part.text)]
    said = message("order.remark_added", told.order, note.id, order_id=told.order, note_id=note.id, intents=found)
    return Received(messages=(said,))


async def _want_back(letter: _Letter) -> Received:
    told = read(WantsBackBody, letter.body, at=letter.at)
    if any(order_of_line(one.line) != told.order for one in told.lines):
        raise refused(f"The body names lines that are not of order {told.order!r}.")
    wanted = _wanted(await letter.ports[Orders].get(told.order), told)
    opened = await letter.ports[Returns].open(
        told.order, told.kind, wanted, reason=told.reason, key=f"buyer/{told.order}/{told.event}", at=letter.at
    )
    fields: dict[str, Any] = {"return_id": opened.id, "order_id": told.order}
    if told.kind is ReturnType.EXCHANGE:
        goods = [one.model_dump() for one in told.new]
        return Received(messages=(message("exchange.requested", opened.id, goods=goods, **fields),))
    return Received(messages=(message("return.requested", opened.id, kind=told.kind.value, **fields),))


def _wanted(order: Order, told: WantsBackBody) -> list[ReturnRequestLine]:
    """Give what is wanted back, line by line; a bundle, which buyers name as they bought it, as its components."""
    known = {line.id for line in order.lines}
    wanted: list[ReturnRequestLine] = []
    for one in told.lines:
        parts = {} if one.line in known else pieces_of(order, one.line.rpartition("/")[2], one.quantity)
        pieces = parts or {one.line: one.quantity}
        wanted += [ReturnRequestLine(line_id=name, quantity=many) for name, many in pieces.items()]
    return wanted


async def _sent_back(letter: _Letter) -> Received:
    told = read(SentBackBody, letter.body, at=letter.at)
    key = f"buyer/{told.return_id}/{told.event}"
    await letter.ports[Returns].sent(told.return_id, key=key, at=letter.at)
    return Received(messages=(message("return.sent", told.return_id, return_id=told.return_id),))


WISHES: dict[str, Callable[[_Letter], Awaitable[Received]]] = {
    "cancel_requested": _cancel,
    "address_changed": _move,
    "wrote": _write,
    "return_requested": _want_back,
    "return_sent": _sent_back,
}
"""What a buyer can do."""
