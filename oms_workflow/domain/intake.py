"""Reading an incoming order: every problem of every field at once, and the order when it can be stored.

Channels map their own fields to the names used here; what they wrote into them is read with patience, and nothing is
guessed that could be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from oms_workflow.domain.currencies import DECIMALS
from oms_workflow.domain.customer import Contact, CustomerRecord
from oms_workflow.domain.identity import line_id, order_id
from oms_workflow.domain.intake_amounts import Amounts, read_amounts
from oms_workflow.domain.intake_contact import read_contact
from oms_workflow.domain.intake_lines import read_lines
from oms_workflow.domain.note import NoteKind
from oms_workflow.domain.order import Destination, Line, Order, PaymentTerms, defects
from oms_workflow.domain.problem import Fault, Problem, Weight, has_errors
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.raw_fields import Reader
from oms_workflow.domain.service_level import Origin, ServiceLevel

STEPS = ("placed_at", "paid_at", "approved_at", "handed_over_at", "delivered_at")
"""Times of an order's life in the order they should have; real exports break it (a hand-over before approval)."""

TERMS = {
    "prepaid": PaymentTerms.PREPAID.value, "on_delivery": PaymentTerms.ON_DELIVERY.value,
    "cod": PaymentTerms.ON_DELIVERY.value, "货到付款": PaymentTerms.ON_DELIVERY.value,
}  # fmt: skip
CAPTURES = {"at_once": "at_once", "per_shipment": "per_shipment"}
LEVELS = {level.value: level.value for level in ServiceLevel}
NOTES = {"buyer_message": NoteKind.BUYER_MESSAGE, "seller_remark": NoteKind.SELLER_REMARK}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHabits:
    """What is true of every order of a channel."""

    channel: str
    shop: str
    currency: str  # of amounts without one
    zone: ZoneInfo  # of times without one
    country: str = "CN"  # of addresses and phone numbers without one
    origin: Origin = Origin.CHANNEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order that could be read, before its contact is in the vault."""

    bare: Order  # without customer_ref, buyer_key and address_digest
    contact: Contact = field(repr=False)
    buyer_id: str = field(repr=False)
    notes: tuple[tuple[NoteKind, str], ...] = field(repr=False)
    paid: bool  # the channel says that it was paid

    def order(self, record: CustomerRecord) -> Order:
        """Give the order that belongs to a contact of the vault."""
        destination = Destination(country=record.country, region=record.region, city=record.city)
        return replace(
            self.bare,
            customer_ref=record.customer_ref,
            buyer_key=record.buyer_key,
            address_digest=record.address_digest,
            destination=destination,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReading:
    """What became of an incoming order."""

    draft: Draft | None  # None when a problem is an error
    problems: tuple[Problem, ...]


def read_order(raw: Mapping[str, Any], habits: ChannelHabits, *, at: datetime) -> IntakeReading:
    """Read an incoming order.

    Args:
        raw: Fields by the names of docs/orders.md, section "What intake reads"; unknown ones are left alone.
        at: UTC; no time of the order may be later than a day after it.
    """
    problems: list[Problem] = []
    reader = Reader(raw, problems)
    currency = _currency(reader, habits)
    names = _names(reader, habits)
    times = {step: reader.moment(step, habits.zone, at) for step in STEPS}
    if times["placed_at"] is None and not any(one.field == "placed_at" for one in problems):
        reader.require("placed_at", "the time the order was placed")
    _check_steps(reader, times)
    contact = read_contact(reader, habits.country)
    if currency is None or names is None or times["placed_at"] is None:
        read_lines(reader, names or "?", currency or habits.currency)
        return IntakeReading(draft=None, problems=tuple(problems))
    bare, amounts = _bare(reader, habits, names, currency, times["placed_at"], at)
    notes = tuple(
        (kind, text) for name, kind in NOTES.items() if (text := reader.text(name, limit=5000, damaged=Weight.WARNING))
    )
    draft = Draft(
        bare=replace(bare, destination=Destination(country=contact.address.country)),
        contact=contact,
        buyer_id=reader.text("buyer_id"),
        notes=notes,
        paid=_is_paid(reader, amounts, times["paid_at"]),
    )
    if not has_errors(problems):
        problems += [
            Problem(field="", fault=Fault.CONTRADICTORY, weight=Weight.ERROR, message=said) for said in defects(bare)
        ]
    return IntakeReading(draft=None if has_errors(problems) else draft, problems=tuple(problems))


def _bare(
    reader: Reader, habits: ChannelHabits, names: str, currency: str, placed_at: datetime, at: datetime
) -> tuple[Order, Amounts]:
    number = names.partition(":")[2]
    lines = read_lines(reader, names, currency)
    amounts = read_amounts(reader, lines, currency)
    order = Order(
        id=names,
        channel=habits.channel,
        number=number,
        external_id=reader.text("external_id") or number,
        shop=habits.shop,
        customer_ref="",
        buyer_key="",
        address_digest="",
        destination=Destination(country=habits.country),
        currency=currency,
        lines=_named(lines, names),
        freight=amounts.freight,
        adjustment=amounts.adjustment,
        placed_at=placed_at,
        terms=PaymentTerms(reader.one_of("terms", TERMS, PaymentTerms.PREPAID.value)),
        service_level=ServiceLevel(reader.one_of("service_level", LEVELS, ServiceLevel.STANDARD.value)),
        promise=_promise(reader, habits, at, placed_at),
        origin=habits.origin,
        per_shipment=reader.one_of("capture", CAPTURES, "at_once") == "per_shipment",
        sealed=reader.flag("sealed"),
        channel_version=reader.whole("version", least=0, most=2**60) or 0,
    )
    return order, amounts


def _currency(reader: Reader, habits: ChannelHabits) -> str | None:
    currency = reader.text("currency").upper() or habits.currency
    if currency not in DECIMALS:
        reader.note("currency", Fault.INVALID, "Expected an ISO 4217 code such as CNY. Check the mapping.")
        return None
    return currency


def _names(reader: Reader, habits: ChannelHabits) -> str | None:
    if not reader.require("number", "the order's number"):
        return None
    try:
        return order_id(habits.channel, reader.text("number").removeprefix("#"))
    except ValueError as wrong:
        reader.note("number", Fault.INVALID, str(wrong))
        return None


def _check_steps(reader: Reader, times: Mapping[str, datetime | None]) -> None:
    known = [(step, moment) for step in STEPS if (moment := times[step]) is not None]
    for (before, early), (after, late) in pairwise(known):
        if late < early:
            reader.note(
                after, Fault.CONTRADICTORY, f"Expected a time after {before}, found one before it.", Weight.WARNING
            )


def _promise(reader: Reader, habits: ChannelHabits, at: datetime, placed_at: datetime) -> Promise:
    far = at.replace(year=at.year + 2, month=1, day=1)  # presales promise months ahead, never years
    ship_by = reader.moment("ship_by", habits.zone, far)
    deliver_by = reader.moment("deliver_by", habits.zone, far)
    if ship_by is not None and ship_by < placed_at:
        reader.note("ship_by", Fault.CONTRADICTORY, "It is promised for a time before the order.", Weight.WARNING)
    if ship_by is not None and deliver_by is not None and deliver_by < ship_by:
        reader.note("deliver_by", Fault.CONTRADICTORY, "It is promised before it has to be shipped.", Weight.WARNING)
    return Promise(ship_by=ship_by, deliver_by=deliver_by)


def _named(lines: tuple[Line, ...], order: str) -> tuple[Line, ...]:
    """Give the lines their ids; an oid that makes none was noted as an error already."""
    return tuple(replace(line, id=line_id(order, line.oid)) for line in lines)


def _is_paid(reader: Reader, amounts: Amounts, paid_at: datetime | None) -> bool:
    if amounts.paid is None:
        return paid_at is not None
    if paid_at is None and not amounts.paid.is_zero:
        reader.note("paid_at", Fault.CONTRADICTORY, "Money was paid, but there is no time of payment.", Weight.WARNING)
    return not amounts.paid.is_zero
