"""Where a parcel is, by what its carrier reported: late, twice and out of order. The set of reports decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ParcelStatus(StrEnum):
    """Where a parcel is (the names are EasyPost's tracker statuses, and `lost`)."""

    PRE_TRANSIT = "pre_transit"  # announced, the carrier does not have it
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    FAILURE = "failure"  # an attempt to deliver failed; there will be another one
    LOST = "lost"  # the carrier gave it up; it may yet turn up
    RETURN_TO_SENDER = "return_to_sender"  # it is on its way back
    RETURNED = "returned"  # it is back in the house
    DELIVERED = "delivered"
    UNKNOWN = "unknown"  # the carrier said something we have no word for


RANK: dict[ParcelStatus, int] = {
    ParcelStatus.UNKNOWN: 0,
    ParcelStatus.PRE_TRANSIT: 1,
    ParcelStatus.IN_TRANSIT: 2,
    ParcelStatus.FAILURE: 3,
    ParcelStatus.AVAILABLE_FOR_PICKUP: 4,
    ParcelStatus.OUT_FOR_DELIVERY: 5,
    ParcelStatus.LOST: 6,
    ParcelStatus.RETURN_TO_SENDER: 7,
    ParcelStatus.DELIVERED: 8,
    ParcelStatus.RETURNED: 9,
}
"""Which of two reports of one moment counts: the one further along."""

FINAL = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED})
"""Only a later final report corrects a final one: scanners that catch up late prove nothing against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEvent:
    """One report of a carrier about one tracking number."""

    carrier: str
    tracking_number: str
    status: ParcelStatus
    occurred_at: datetime  # UTC, by the carrier's clock
    received_at: datetime  # UTC, by ours
    event_id: str  # the carrier's id, or a digest of the report: the same report twice is one
    place: str = ""  # a town or hub; never a person's address
    note: str = ""  # the carrier's code or text; no personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelState:
    """What a set of reports says."""

    status: ParcelStatus = ParcelStatus.PRE_TRANSIT
    since: datetime | None = None  # UTC; None without reports
    delivered_at: datetime | None = None  # UTC; set only while the status is delivered
    place: str = ""
    failures: int = 0  # failed attempts to deliver


def parcel_state(events: Iterable[TrackingEvent]) -> ParcelState:
    """Give where the parcel is: a pure function of the set of reports, whatever their order and repetition.

    The report of the latest moment counts, of equal moments the one further along; once something final was reported
    only final reports count.
    """
    known = {event.event_id: event for event in sorted(events, key=_moment)}
    reports = [event for event in known.values() if event.status is not ParcelStatus.UNKNOWN]
    final = [event for event in reports if event.status in FINAL]
    if not reports:
        return ParcelState()
    last = max(final or reports, key=_moment)
    return ParcelState(
        status=last.status,
        since=last.occurred_at,
        delivered_at=last.occurred_at if last.status is ParcelStatus.DELIVERED else None,
        place=last.place,
        failures=sum(1 for event in reports if event.status is ParcelStatus.FAILURE),
    )


def _moment(event: TrackingEvent) -> tuple[datetime, int, str, datetime, str, str]:
    return event.occurred_at, RANK[event.status], event.event_id, event.received_at, event.place, event.note
