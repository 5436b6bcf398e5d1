"""Ports to shipments and packages, and to what carriers report about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.shipment import Expectation, Package, PackedParcel, Shipment
from oms_workflow.domain.tracking import ParcelState, TrackingEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelNews:
    """What reports changed about one package."""

    package_id: str
    shipment_id: str
    fulfilment_id: str
    order_ids: tuple[str, ...]  # whose pieces are in it
    before: ParcelState
    now: ParcelState
    all_delivered: bool  # every package of the fulfilment order arrived


class Shipments(Protocol):
    """Shipments and their packages."""

    async def plan(
        self,
        fulfilment_id: str,
        *,
        carrier: str,
        service: str,
        expected: Expectation | None = None,
        key: str,
        at: datetime,
    ) -> Shipment:
        """Plan a shipment for a fulfilment order; one that is planned already with this carrier is given back.

        Args:
            expected: Parcels, cost and reason to keep with it; None keeps what is known, as for one that is there.

        Raises:
            OrderRefused: UNKNOWN_FULFILMENT; ILLEGAL_MOVE, when it is cancelled or closed.
        """
        ...

    async def pack(self, shipment_id: str, parcels: Sequence[PackedParcel], *, key: str, at: datetime) -> Shipment:
        """Store the packages of a shipment with their tracking numbers.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED; ILLEGAL_MOVE; UNKNOWN_SHIPMENT; ORDER_MISMATCH, when a tracking number
                belongs to another package.
        """
        ...

    async def hand_over(self, shipment_id: str, *, key: str, at: datetime) -> Shipment:
        """Book everything packed as shipped: off the shelf count, off the promises, onto the lines.

        Decides the fulfilment order's fate to ship if it is not decided yet.

        Raises:
            OrderRefused: ON_HOLD; NOT_PAID; ORDER_CANCELLED, when the cancellation won; ILLEGAL_MOVE; UNKNOWN_SHIPMENT.
        """
        ...

    async def cancel(self, shipment_id: str, *, key: str, at: datetime) -> Shipment:
        """Cancel a shipment that was not handed over.

        Raises:
            OrderRefused: ILLEGAL_MOVE, once it was handed over.
        """
        ...

    async def get(self, shipment_id: str) -> Shipment:
        """Give one with its packages.

        Raises:
            OrderRefused: UNKNOWN_SHIPMENT.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[Shipment, ...]:
        """Give all with pieces of this order, by id; those of a merged order hold pieces of others as well."""
        ...

    async def of_fulfilment(self, fulfilment_id: str) -> tuple[Shipment, ...]:
        """Give all of a fulfilment order, whosever pieces they hold, by id; () when there is none."""
        ...

    async def write_off(self, package_id: str, *, key: str, at: datetime) -> None:
        """Give a lost package up: its pieces that did not arrive are written off on their lines.

        Raises:
            OrderRefused: ILLEGAL_MOVE, when it was delivered or never handed over; UNKNOWN_SHIPMENT.
        """
        ...


class Tracking(Protocol):
    """Carriers' reports. The set of reports decides where a parcel is, not their order."""

    async def record(self, events: Iterable[TrackingEvent], *, at: datetime) -> tuple[ParcelNews, ...]:
        """Keep reports and give what they changed; a report that is known changes nothing.

        Reports about a tracking number nobody knows yet are kept, and count once its package is stored.
        """
        ...

    async def state(self, package_id: str) -> ParcelState:
        """Give where a package is.

        Raises:
            OrderRefused: UNKNOWN_SHIPMENT.
        """
        ...

    async def events(self, package_id: str) -> tuple[TrackingEvent, ...]:
        """Give the reports about a package in order of their moments."""
        ...

    async def package(self, carrier: str, tracking_number: str) -> Package | None:
        """Give the package with this number; None when nobody knows it."""
        ...
