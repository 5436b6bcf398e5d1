"""Port to carriers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from oms_workflow.domain.customer import Contact
from oms_workflow.domain.money import Money
from oms_workflow.domain.tracking import TrackingEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One parcel that needs a label. `to` is personal data and goes nowhere but to the carrier."""

    shipment_id: str
    parcel: int  # 1 for the first parcel of the shipment
    warehouse: str
    carrier: str
    service: str
    weight_grams: int
    to: Contact = field(repr=False)
    collect: Money | None = None  # cash on delivery; None when there is nothing to collect


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The carrier's answer."""

    tracking_number: str
    label_ref: str  # where the label can be fetched
    cost: Money | None = None  # None when the carrier bills later


class CarrierGateway(Protocol):
    """Carriers.

    Every method raises WorldUnavailable when the carrier does not answer.
    """

    async def label(self, request: LabelRequest, *, key: str) -> Label:
        """Book a parcel; the same `key` books it once.

        Raises:
            OrderRefused: ADDRESS_REFUSED, when the carrier does not go there.
        """
        ...

    async def cancel_label(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        """Cancel a booked parcel; False when the carrier has it already."""
        ...

    async def track(self, carrier: str, tracking_number: str) -> tuple[TrackingEvent, ...]:
        """Fetch all reports about a parcel; () when the carrier does not know it yet."""
        ...

    async def intercept(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        """Ask to bring a parcel back that is on its way; False when it is too late."""
        ...
