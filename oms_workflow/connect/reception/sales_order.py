"""What a sales channel tells of an order: new, the same again, changed, cancelled. Formats are a matter of adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms_workflow.connect.reception.body import refused
from oms_workflow.connect.reception.message import Message, Received, message
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.intake import Draft, IntakeReading
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.orders import Orders, TakenIn
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.problem import Problem, Weight

PORTS: tuple[type, ...] = (Orders, Customers, PaymentLedger, Holds)
"""Ports that taking an order in needs."""

_OF_CONTACT = frozenset(
    {"name", "phone", "email", "country", "region", "city", "district", "street", "postal_code", "language"}
)
"""Fields that every audit looks at in the vault itself; they need no hold to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPayment:
    """Money the channel says was promised, paid or sent back."""

    kind: TransactionKind
    amount: Money
    provider: str
    reference: str  # the provider's id, or a name made from the order's when the channel tells none


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """One order out of a channel's delivery, as far as it could be read."""

    external_id: str
    reading: IntakeReading
    event: str  # the delivery's id, or a digest of its body: the same delivery twice is one
    payments: tuple[ChannelPayment, ...] = ()
    cancelled: bool = False


async def receive(told: ChannelOrder, ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take an order in, once, with its contact, its payments and what was written on it.

    What does not fit together in it puts it on hold for data, so that a person sees it before anything is promised.

    Args:
        ports: Holds PORTS.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, with every problem of every field, when it cannot be stored; ORDER_MISMATCH, when
            an id of it belongs to another order.
    """
    draft = _readable(told)
    order_id = draft.bare.id
    orders: Orders = ports[Orders]
    known = await orders.find(draft.bare.channel, draft.bare.external_id)
    if known is None and told.cancelled:
        return Received(remark=f"Order {order_id!r} was cancelled before it came in.")
    key = f"channel/{order_id}/{told.event}"
    record = await ports[Customers].keep(
        draft.contact, channel=draft.bare.channel, buyer_id=draft.buyer_id, key=key, at=at
    )
    order = draft.order(record)
    taken = await orders.take_in(order, key=key, at=at)
    if taken.arrival is Arrival.STALE:
        return Received(remark=f"Order {order_id!r} is known in a later version.")
    await _observe(told.payments, order_id, ports[PaymentLedger], at)
    if known is None:
        await _note(draft, orders, key, at)
    doubts = [one for one in told.reading.problems if one.weight is Weight.WARNING and one.field not in _OF_CONTACT]
    if doubts and taken.arrival is not Arrival.SAME:
        channel = draft.bare.channel
        await ports[Holds].place(
            order_id, HoldKind.DATA, handle="channel", reason=_said(doubts), by=channel, key=key, at=at
        )
    gone = await given_back(order_id, orders)
    return Received(messages=(*_messages(order, taken, cancelled=told.cancelled), *gone))


async def given_back(order_id: str, orders: Orders) -> tuple[Message, ...]:
    """Ask for the order to be cancelled when its whole payment went back before anything left; () when it did not.

    Its goods would not leave anyway, since no money lets them go; but somebody has to end it, and free its stock. What
    has left already is a matter of returns. Part of the money may be for anything: a person sees it when reconciling.
    """
    view = await orders.view(order_id)
    has_left = any(line.shipped or line.written_off for line in view.quantities.values())
    if view.cancelled_at is not None or has_left or not view.money.is_given_back:
        return ()
    wish = {"order_id": order_id, "reason": "refunded_at_channel", "scope": "whole"}
    return (message("order.cancel_requested", order_id, "refunded", **wish),)


def _readable(told: ChannelOrder) -> Draft:
    if told.reading.draft is None:
        wrong = [one for one in told.reading.problems if one.weight is Weight.ERROR]
        raise refused(f"Order {told.external_id!r} cannot be stored. {_said(wrong)}")
    return told.reading.draft


async def _observe(payments: Sequence[ChannelPayment], order_id: str, ledger: PaymentLedger, at: datetime) -> None:
    """Book what the channel says was paid; what is booked already stays as it is."""
    for one in payments:
        await ledger.observe(
            order_id, one.kind, one.amount, provider=one.provider, provider_ref=one.reference, at=at
        )  # fmt: skip


async def _note(draft: Draft, orders: Orders, key: str, at: datetime) -> None:
    """Keep what was written on the order; later deliveries repeat it."""
    for number, (kind, text) in enumerate(draft.notes):
        await orders.add_note(draft.bare.id, kind, text, flag=0, by=draft.bare.channel, key=f"{key}/{number}", at=at)


def _messages(order: Order, taken: TakenIn, *, cancelled: bool) -> tuple[Message, ...]:
    said: list[Message] = []
    if taken.arrival is Arrival.CHANGED:
        changed = {"order_id": order.id, "revision": taken.revision, "changes": int(taken.changes)}
        said.append(message("order.changed", order.id, taken.revision, **changed))
    else:  # told again it is the same message: the first one may have been lost with its transaction
        fields = {"order_id": order.id, "channel": order.channel, "service_level": order.service_level.value}
        said.append(message("order.received", order.id, **fields))
    if cancelled:
        wish = {"order_id": order.id, "reason": "cancelled_at_channel", "scope": "whole"}
        said.append(message("order.cancel_requested", order.id, "channel", **wish))
    return tuple(said)


def _said(problems: list[Problem]) -> str:
    return " ".join(f"{one.field}: {one.message}" for one in problems)
