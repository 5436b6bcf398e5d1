"""Fulfilment orders: what one warehouse is asked to send for one seller, and the two states of that request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.shares import Shares, sum_of


class FulfilmentStatus(StrEnum):
    """How far the work is (the names are Shopify's)."""

    OPEN = "open"  # planned, nobody works on it
    IN_PROGRESS = "in_progress"  # the warehouse works on it
    INCOMPLETE = "incomplete"  # handed over in part, the rest was short
    CLOSED = "closed"  # everything was handed over
    CANCELLED = "cancelled"


MOVES: dict[FulfilmentStatus, frozenset[FulfilmentStatus]] = {
    FulfilmentStatus.OPEN: frozenset(
        {
            FulfilmentStatus.IN_PROGRESS,
            FulfilmentStatus.CLOSED,
            FulfilmentStatus.INCOMPLETE,
            FulfilmentStatus.CANCELLED,
        }
    ),
    FulfilmentStatus.IN_PROGRESS: frozenset(
        {FulfilmentStatus.CLOSED, FulfilmentStatus.INCOMPLETE, FulfilmentStatus.OPEN, FulfilmentStatus.CANCELLED}
    ),
    FulfilmentStatus.INCOMPLETE: frozenset(),
    FulfilmentStatus.CLOSED: frozenset(),
    FulfilmentStatus.CANCELLED: frozenset(),
}


class RequestStatus(StrEnum):
    """What the warehouse was asked, and what it said."""

    UNSUBMITTED = "unsubmitted"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCEL_REQUESTED = "cancel_requested"
    CANCEL_ACCEPTED = "cancel_accepted"
    CANCEL_REJECTED = "cancel_rejected"


REQUEST_MOVES: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.UNSUBMITTED: frozenset({RequestStatus.SUBMITTED}),
    RequestStatus.SUBMITTED: frozenset(
        {RequestStatus.ACCEPTED, RequestStatus.REJECTED, RequestStatus.CANCEL_REQUESTED}
    ),
    RequestStatus.ACCEPTED: frozenset({RequestStatus.CANCEL_REQUESTED, RequestStatus.REJECTED}),
    RequestStatus.REJECTED: frozenset({RequestStatus.SUBMITTED}),
    RequestStatus.CANCEL_REQUESTED: frozenset({RequestStatus.CANCEL_ACCEPTED, RequestStatus.CANCEL_REJECTED}),
    RequestStatus.CANCEL_ACCEPTED: frozenset(),
    RequestStatus.CANCEL_REJECTED: frozenset({RequestStatus.CANCEL_REQUESTED}),
}


class Fate(StrEnum):
    """What a fulfilment order ends in. It is decided once, by whoever comes first, and never changes."""

    SHIP = "ship"
    CANCEL = "cancel"


class SplitReason(StrEnum):
    """Why goods of one order do not go together."""

    STOCK = "stock"  # they lie in different warehouses
    SELLER = "seller"  # different sellers send them
    WEIGHT = "weight"  # one parcel would be too heavy
    VOLUME = "volume"  # one parcel would be too large
    TEMPERATURE = "temperature"  # some of it has to be kept cold
    HAZARD = "hazard"  # dangerous goods go by themselves, each class alone
    CHANNEL = "channel"  # a sub-order takes one tracking number only, so its pieces stay together
    SHORT = "short"  # the warehouse did not find all of it
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentLine:
    """Pieces of one order line. After a merge the lines of one fulfilment order belong to several orders."""

    line_id: str
    sku: str
    quantity: int
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentOrder:
    """What one warehouse sends for one seller: goods of one order, or of several that were merged."""

    id: str
    order_id: str  # the order whose process leads it
    warehouse: str
    seller: str
    currency: str
    lines: tuple[FulfilmentLine, ...]
    reasons: frozenset[SplitReason]  # why it is not one with its siblings; empty when it has none
    status: FulfilmentStatus = FulfilmentStatus.OPEN
    request_status: RequestStatus = RequestStatus.UNSUBMITTED
    fate: Fate | None = None  # None until it is decided
    reference: str = ""  # the warehouse's own number
    parent: str = ""  # the fulfilment order it was split from
    created_at: datetime | None = None  # UTC; None on a plan that was not stored

    @property
    def pieces(self) -> int:
        """How many pieces it holds."""
        return sum(line.quantity for line in self.lines)

    @property
    def shares(self) -> Shares:
        """What it carries of the money of its orders."""
        return sum_of([line.shares for line in self.lines], self.currency)

    @property
    def is_active(self) -> bool:
        """True until it is cancelled."""
        return self.status is not FulfilmentStatus.CANCELLED
