"""Shipments as planned, and packages as they are: what was handed to a carrier under which tracking number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.carton import Parcel
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.tracking import ParcelStatus


class ShipmentStatus(StrEnum):
    """How far a planned shipment is."""

    PLANNED = "planned"
    LABELLED = "labelled"  # packages exist and carry tracking numbers
    HANDED_OVER = "handed_over"  # the carrier has them
    CANCELLED = "cancelled"


MOVES: dict[ShipmentStatus, frozenset[ShipmentStatus]] = {
    ShipmentStatus.PLANNED: frozenset({ShipmentStatus.LABELLED, ShipmentStatus.CANCELLED}),
    ShipmentStatus.LABELLED: frozenset({ShipmentStatus.HANDED_OVER, ShipmentStatus.CANCELLED}),
    ShipmentStatus.HANDED_OVER: frozenset(),
    ShipmentStatus.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedParcel:
    """A parcel as the warehouse packed it, before it is stored."""

    tracking_number: str
    weight_grams: int
    pieces: tuple[tuple[str, int], ...]  # (line id, quantity)
    label_ref: str = ""  # where the carrier keeps the label; never the label itself
    cost: Money | None = None  # what the carrier asked for the label; None when it bills later


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One physical parcel. (carrier, tracking number) exists once."""

    id: str
    shipment_id: str
    carrier: str
    tracking_number: str
    weight_grams: int
    pieces: tuple[tuple[str, int], ...]
    status: ParcelStatus
    handed_over_at: datetime | None = None  # UTC
    delivered_at: datetime | None = None  # UTC
    written_off_at: datetime | None = None  # UTC; it was given up for lost
    label_ref: str = ""
    cost: Money | None = None  # what the carrier asked for the label; None when it bills later


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is expected of a shipment when it is planned."""

    parcels: tuple[Parcel, ...] = ()
    cost: Money | None = None  # by the carrier's price list; None when it has none for the lane
    why: str = ""  # why this carrier, in English and Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedParcel:
    """One parcel as it was planned, with the figures of its carton at that time."""

    number: int  # from 1
    carton: str  # '' for goods that go as they are
    content_grams: int
    gross_grams: int
    pieces: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods of one fulfilment order on their way with one carrier."""

    id: str
    fulfilment_id: str
    carrier: str
    service: str  # the carrier's own name of the product
    status: ShipmentStatus
    packages: tuple[Package, ...] = ()
    planned_at: datetime | None = None  # UTC
    handed_over_at: datetime | None = None  # UTC
    planned: tuple[PlannedParcel, ...] = ()
    expected_cost: Money | None = None
    why: str = ""

    @property
    def billed(self) -> Money | None:
        """What the carrier asked for all labels; None when it has not said for one of them."""
        costs = [one.cost for one in self.packages if one.cost is not None]
        if not costs or len(costs) < len(self.packages) or len({one.currency for one in costs}) > 1:
            return None
        return total(costs, costs[0].currency)

    @property
    def difference(self) -> Money | None:
        """How much more was asked than expected, negative when less; None when one of both is unknown."""
        billed, expected = self.billed, self.expected_cost
        if billed is None or expected is None or billed.currency != expected.currency:
            return None
        return billed - expected

    @property
    def is_delivered(self) -> bool:
        """True when every package arrived."""
        return bool(self.packages) and all(one.status is ParcelStatus.DELIVERED for one in self.packages)


def require_packable(fulfilment: FulfilmentOrder, packed: Mapping[str, int], parcels: Iterable[PackedParcel]) -> None:
    """Let parcels pass that hold only pieces the fulfilment order still has to send.

    Args:
        packed: Pieces of each line that are in packages already.

    Raises:
        OrderRefused: QUANTITY_EXCEEDED, naming the line; or when a parcel is empty.
    """
    left = {line.line_id: line.quantity - packed.get(line.line_id, 0) for line in fulfilment.lines}
    for parcel in parcels:
        if not parcel.pieces or min(quantity for _, quantity in parcel.pieces) < 1:
            raise refuse(
                Refusal.QUANTITY_EXCEEDED,
                f"A parcel of {fulfilment.id!r} holds nothing. List at least one piece, or leave the parcel out.",
            )
        for line_id, quantity in parcel.pieces:
            if quantity > left.get(line_id, 0):
                raise refuse(
                    Refusal.QUANTITY_EXCEEDED,
                    f"Cannot pack {quantity} of line {line_id!r}: {fulfilment.id!r} has {left.get(line_id, 0)} left "
                    f"to pack. Correct the packing list.",
                )
            left[line_id] -= quantity
