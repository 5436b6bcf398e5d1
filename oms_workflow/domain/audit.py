"""What an audit looks at, and a risk score that explains itself. Decides nothing: decision tables do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oms_workflow.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFacts:
    """Facts about an order and its buyer, as counted at one moment. None where the buyer is not known."""

    order_id: str
    channel: str
    service_level: str
    terms: str
    origin: str
    total: Money
    paid: bool
    paid_difference: Money  # captured less due; a voucher or a cent
    lines: int
    pieces: int
    highest_unit_price: Money
    discount_percent: int  # of the goods' price, rounded down, 0 to 100
    gifts: int  # pieces
    sellers: int
    country: str
    region: str
    address_known: bool
    remarks: int  # notes by the buyer
    remark_intents: tuple[str, ...]
    open_holds: tuple[str, ...]  # kinds
    orders_of_buyer_1h: int | None
    orders_of_buyer_24h: int | None
    orders_of_buyer: int | None  # ever, this one not counted
    orders_to_address_1h: int | None
    orders_to_address_24h: int | None
    buyers_at_address_30d: int | None
    orders_of_phone_24h: int | None
    cancelled_of_buyer_90d: int | None
    returns_of_buyer_90d: int | None
    spent_of_buyer_24h: Money | None  # totals of orders in this currency, this one and cancelled ones counted
    spent_to_address_24h: Money | None
    undelivered_at_address_180d: int | None  # parcels that came back or were lost on the way there
    blocked: tuple[str, ...]  # what the blocklist knows the order by: address, buyer, email, phone
    blocked_reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One reason for risk."""

    name: str
    points: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskScore:
    """0 (nothing suspicious) to 100, with what each factor contributed; the contributions add up to it until 100."""

    score: int
    factors: tuple[Factor, ...]


_FACTORS: tuple[tuple[str, int, str, Callable[[AuditFacts], bool]], ...] = (
    ("velocity_1h", 25, "the buyer placed 5 or more orders within an hour", lambda f: (f.orders_of_buyer_1h or 0) >= 5),
    ("velocity_24h", 15, "the buyer placed 10 or more orders in a day", lambda f: (f.orders_of_buyer_24h or 0) >= 10),
    ("shared_address", 15, "5 or more buyers use the address", lambda f: (f.buyers_at_address_30d or 0) >= 5),
    ("address_flood", 10, "10 or more orders went there in a day", lambda f: (f.orders_to_address_24h or 0) >= 10),
    ("shared_phone", 10, "5 or more orders name the phone in a day", lambda f: (f.orders_of_phone_24h or 0) >= 5),
    (
        "cancels_often",
        10,
        "the buyer cancelled 3 or more orders lately",
        lambda f: (f.cancelled_of_buyer_90d or 0) >= 3,
    ),
    ("returns_often", 10, "the buyer returned 3 or more orders lately", lambda f: (f.returns_of_buyer_90d or 0) >= 3),
    ("first_order", 5, "it is the buyer's first order", lambda f: f.orders_of_buyer == 0),
    ("bulk", 10, "it has 50 or more pieces", lambda f: f.pieces >= 50),
    ("cheap", 20, "goods are discounted by 70 % or more", lambda f: f.discount_percent >= 70),
    ("no_address", 20, "the address is not known", lambda f: not f.address_known),
    ("pay_difference", 10, "the payment differs from the total", lambda f: f.paid and not f.paid_difference.is_zero),
    ("on_delivery", 5, "the carrier is to collect the money", lambda f: f.terms == "on_delivery"),
)
"""Weights set by hand from what shops report to each other; a model may replace them behind `RiskService`."""


def risk_score(facts: AuditFacts) -> RiskScore:
    """Add up what speaks for a closer look at an order."""
    found = tuple(
        Factor(name=name, points=points, why=why) for name, points, why, applies in _FACTORS if applies(facts)
    )
    return RiskScore(score=min(100, sum(factor.points for factor in found)), factors=found)
