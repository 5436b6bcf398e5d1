"""Merging orders of one buyer into one delivery. No line, piece or cent moves: one order leads, the others follow it.

Every order keeps its lines, its money and its write-back to the channel; fulfilment orders of the leader may hold
pieces of all of them. That is why undoing a merge restores everything, and why the lineage can be kept for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oms_workflow.domain.hold import Gate, Hold, blocking
from oms_workflow.domain.order import Destination, Order
from oms_workflow.domain.promise import Promise, strictest


class MergeStatus(StrEnum):
    """Whether a merge holds."""

    ACTIVE = "active"
    UNDONE = "undone"


class Hindrance(StrEnum):
    """Why an order cannot be merged with another one."""

    SEALED = "sealed"
    ON_HOLD = "on_hold"
    NOT_PAID = "not_paid"
    CANCELLED = "cancelled"
    IN_WORK = "in_work"  # pieces are allocated, wait for goods, are planned or have left
    FOLLOWS_ALREADY = "follows_already"  # it follows another order
    LEADS_ALREADY = "leads_already"  # another order of the group leads others as well
    NO_ADDRESS = "no_address"
    OTHER_ADDRESS = "other_address"
    NO_BUYER = "no_buyer"  # two unknown buyers are not one buyer
    OTHER_BUYER = "other_buyer"
    OTHER_SHOP = "other_shop"
    OTHER_CURRENCY = "other_currency"
    OTHER_TERMS = "other_terms"
    TOO_FAR_APART = "too_far_apart"  # placed further apart than the window
    PROMISE_TOO_CLOSE = "promise_too_close"  # waiting would break a promise


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeKey:
    """What orders must have in common to go in one parcel."""

    shop: str
    buyer_key: str
    address_digest: str
    destination: Destination
    currency: str
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeWindow:
    """How long orders wait for each other."""

    length: timedelta = timedelta(hours=2)  # between the first and the last order of a group
    lead_time: timedelta = timedelta(hours=4)  # the warehouse needs this long before the earliest ship-by


@dataclass(frozen=True, slots=True, kw_only=True)
class Mergeable:
    """An order with what merging has to know about it."""

    order: Order
    holds: tuple[Hold, ...]
    may_ship: bool  # paid, or payable on delivery
    is_cancelled: bool
    is_in_work: bool
    leader: str = ""  # the order it follows; '' when it follows none
    leads: bool = False  # others follow it


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One leader and the orders that follow it, for ever on record."""

    id: str
    leader: str
    followers: tuple[str, ...]
    promise: Promise  # the strictest of all
    status: MergeStatus
    at: datetime  # UTC
    undone_at: datetime | None = None
    undone_by: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """The leader and its followers."""
        return (self.leader, *self.followers)


def merge_key(order: Order) -> MergeKey:
    """Give what this order must have in common with another one to be merged with it."""
    return MergeKey(
        shop=order.shop,
        buyer_key=order.buyer_key,
        address_digest=order.address_digest,
        destination=order.destination,
        currency=order.currency,
        terms=order.terms.value,
    )


def hindrances(one: Mergeable) -> tuple[Hindrance, ...]:
    """Give every reason why this order cannot be merged with any other one; () when it can."""
    facts = (
        (one.order.sealed, Hindrance.SEALED),
        (bool(blocking(one.holds, Gate.MERGE)), Hindrance.ON_HOLD),
        (not one.may_ship, Hindrance.NOT_PAID),
        (one.is_cancelled, Hindrance.CANCELLED),
        (one.is_in_work, Hindrance.IN_WORK),
        (bool(one.leader), Hindrance.FOLLOWS_ALREADY),
        (not one.order.address_digest, Hindrance.NO_ADDRESS),
        (not one.order.buyer_key, Hindrance.NO_BUYER),
    )
    return tuple(reason for applies, reason in facts if applies)


def differences(one: Order, other: Order, window: MergeWindow) -> tuple[Hindrance, ...]:
    """Give every reason why these two do not belong in one parcel; () when they do."""
    facts = (
        (one.shop != other.shop, Hindrance.OTHER_SHOP),
        (one.buyer_key != other.buyer_key, Hindrance.OTHER_BUYER),
        (one.address_digest != other.address_digest, Hindrance.OTHER_ADDRESS),
        (one.destination != other.destination, Hindrance.OTHER_ADDRESS),
        (one.currency != other.currency, Hindrance.OTHER_CURRENCY),
        (one.terms is not other.terms, Hindrance.OTHER_TERMS),
        (abs(one.placed_at - other.placed_at) > window.length, Hindrance.TOO_FAR_APART),
    )
    return tuple(dict.fromkeys(reason for applies, reason in facts if applies))


def latest_wait(orders: Iterable[Order], window: MergeWindow) -> datetime:
    """Say until when a group may wait for more orders: the window's end, or earlier when a promise demands it.

    Raises:
        ValueError: If there are no orders.
    """
    group = tuple(orders)
    end = min(order.placed_at for order in group) + window.length
    ship_by = strictest(order.promise for order in group).ship_by
    return end if ship_by is None else min(end, ship_by - window.lead_time)


def choose_leader(group: Sequence[Mergeable]) -> Order:
    """Give the order that leads a group: one that leads already, else the one placed first, by id in a tie."""
    return min(group, key=lambda one: (not one.leads, one.order.placed_at, one.order.id)).order


def refusals_of(group: Sequence[Mergeable], window: MergeWindow, at: datetime) -> dict[str, tuple[Hindrance, ...]]:
    """Give, for each order that keeps the group from being merged, every reason; {} when they belong together.

    Args:
        at: The moment of merging, UTC: no promise of the group may be closer than the warehouse's lead time.
    """
    leader = choose_leader(group)
    found: dict[str, tuple[Hindrance, ...]] = {}
    for one in group:
        reasons = [*hindrances(one), *differences(leader, one.order, window)]
        ship_by = one.order.promise.ship_by
        if one.leads and one.order.id != leader.id:
            reasons.append(Hindrance.LEADS_ALREADY)
        if ship_by is not None and ship_by - window.lead_time <= at:
            reasons.append(Hindrance.PROMISE_TOO_CLOSE)
        if reasons:
            found[one.order.id] = tuple(dict.fromkeys(reasons))
    return found
