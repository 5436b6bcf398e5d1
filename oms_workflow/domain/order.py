"""An order as the channel sent it: who wants what, at which price, by when. What became of it is in the ledgers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.promise import Promise
from oms_workflow.domain.service_level import Origin, ServiceLevel, priority


class PaymentTerms(StrEnum):
    """When the buyer pays."""

    PREPAID = "prepaid"  # nothing leaves before it is paid
    ON_DELIVERY = "on_delivery"  # the carrier collects


TEMPERATURES = ("ambient", "chilled", "frozen")
"""How goods are kept on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the goods go, as coarse as routing needs it; street and name are in the customer vault."""

    country: str  # ISO 3166-1 alpha-2
    region: str = ""  # province or state, in its normalised form
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sub-order: a number of pieces of one SKU."""

    id: str  # identity.line_id
    oid: str  # the channel's own id of the sub-order
    sku: str
    ordered: int  # pieces, at least 1; never changes
    unit_price: Money
    discount: Money  # on the whole line, its share of order discounts included; at least 0
    tax: Money  # on the whole line, on top of the price; 0 when prices include tax
    title: str = ""
    seller: str = ""  # '' is the house itself
    weight_grams: int = 0  # of one piece; 0 means unknown
    volume_cm3: int = 0  # of one piece; 0 means unknown
    temperature: str = ""  # a word of TEMPERATURES; '' is ambient
    hazard: str = ""  # class of dangerous goods, such as 3 or 9; '' is none
    ship_together: str = ""  # lines of one group leave one warehouse in one parcel; '' is no group
    bundle: str = ""  # the channel's sub-order id of the bundle this line is a component of
    bundle_sku: str = ""  # what the channel sold; '' for what was sold singly
    per_bundle: int = 0  # pieces of this line in one bundle; 0 for what was sold singly
    gift: bool = False

    @property
    def stays_with(self) -> str:
        """The group whose lines leave one warehouse: drawn by the channel, or one bundle; '' is no group."""
        return self.ship_together or (f"bundle {self.bundle}" if self.per_bundle else "")

    @property
    def amount(self) -> Money:
        """What the buyer pays for the line: price times pieces, less discount, plus tax."""
        return self.unit_price * self.ordered - self.discount + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer ordered through one channel."""

    id: str  # identity.order_id
    channel: str
    number: str  # as the buyer knows it
    external_id: str  # the channel's key; (channel, external_id) exists once
    shop: str  # scope within which orders may be merged and promotions hold
    customer_ref: str  # key into the customer vault
    buyer_key: str  # keyed digest of the channel's buyer id; '' when unknown
    address_digest: str  # keyed digest of the normalised address; '' when unknown
    destination: Destination
    currency: str
    lines: tuple[Line, ...]
    freight: Money
    placed_at: datetime  # UTC
    adjustment: Money | None = None  # signed: platform subsidy, voucher, exchange credit; None means 0
    terms: PaymentTerms = PaymentTerms.PREPAID
    service_level: ServiceLevel = ServiceLevel.STANDARD
    promise: Promise = field(default_factory=Promise)
    origin: Origin = Origin.CHANNEL
    per_shipment: bool = False  # promised money is taken as goods leave, each shipment its share; False: at once
    sealed: bool = False  # the channel forbids to split or merge it
    channel_version: int = 0  # grows with each change at the channel; tells late news from new news
    parent: str = ""  # the order this one replaces goods of (exchange, re-issue)

    @property
    def priority(self) -> int:
        """The place in the queue, 1 (first) to 5."""
        return priority(self.service_level, self.origin)

    @property
    def total(self) -> Money:
        """What the buyer owes in all: lines, freight and adjustment; never below 0 in a sound order."""
        adjustment = self.adjustment or Money.zero(self.currency)
        return total((line.amount for line in self.lines), self.currency) + self.freight + adjustment

    def line(self, line_id: str) -> Line:
        """Give one line.

        Raises:
            KeyError: If the order has no such line.
        """
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)


def defects(order: Order) -> tuple[str, ...]:
    """List what makes an order impossible, each as a sentence; () for a sound order.

    These are the conditions every rule behind intake relies on; dirt in incoming data is told apart and explained
    field by field by `intake`.
    """
    found = []
    if not order.lines:
        found.append("An order needs at least one line.")
    if len({line.oid for line in order.lines}) != len(order.lines):
        found.append("Two lines carry the same sub-order id.")
    for line in order.lines:
        if line.ordered < 1:
            found.append(f"Line {line.id!r} orders {line.ordered} pieces; at least 1 is needed.")
        amounts = (line.unit_price, line.discount, line.tax)
        if any(amount.currency != order.currency for amount in amounts):
            found.append(f"Line {line.id!r} is not in {order.currency}.")
        elif any(amount.is_negative for amount in amounts) or line.amount.is_negative:
            found.append(f"Line {line.id!r} has a negative amount.")
        if min(line.weight_grams, line.volume_cm3) < 0:
            found.append(f"Line {line.id!r} has a negative weight or volume.")
    foreign = [one for one in (order.freight, order.adjustment) if one is not None and one.currency != order.currency]
    if foreign:
        found.append(f"Freight or adjustment is not in {order.currency}.")
    elif not found and (order.freight.is_negative or order.total.is_negative):
        found.append("Freight and total must not be negative.")
    if order.placed_at.utcoffset() is None:
        found.append("The time of the order has no time zone.")
    return tuple(found)
