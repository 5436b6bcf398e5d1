"""A parcel's way from hand-over to its end, as its carrier will report it. Plans; books nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete

from oms_workflow.connect.world.callbacks import News, call_off, tell
from oms_workflow.connect.world.database import insert_new
from oms_workflow.connect.world.script.systems import Journey
from oms_workflow.connect.world.tables import Moment, reports
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.tracking import ParcelStatus

_FAST = ("express", "next", "air", "same", "次日", "特快", "当日")
"""Parts of the names of services that are faster than standard."""

_PICKED_UP, _FIRST_HUB, _LAST_HUB, _ON_THE_VAN = 0.02, 0.3, 0.75, 0.94
"""At which part of its way a parcel is scanned."""

_NEXT_ATTEMPT = timedelta(days=1)

_FORGET = delete(reports).where(
    reports.c.carrier == bindparam("carrier"),
    reports.c.tracking_number == bindparam("number"),
    reports.c.occurred_at > bindparam("now", type_=Moment),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """One report to come."""

    status: ParcelStatus
    at: datetime
    place: str
    note: str = ""


def way(visit: Visit, number: str, service: str, start: datetime, style: Journey) -> list[Scan]:
    """Give the reports between hand-over and the end of the way."""
    fast = any(part in service.casefold() for part in _FAST)
    usual = "carrier.express" if fast else "carrier.standard"
    end = visit.done_at(usual, start, number, instead=style.transit)

    def at(part: float) -> datetime:
        return start + timedelta(seconds=round((end - start).total_seconds() * part))

    first_half = [
        Scan(ParcelStatus.IN_TRANSIT, at(_PICKED_UP), "origin", "picked_up"),
        Scan(ParcelStatus.IN_TRANSIT, at(_FIRST_HUB), "hub-1", "arrived_at_facility"),
    ]
    if style.ends == "lost":
        admitted = style.declared_after
        return first_half + ([Scan(ParcelStatus.LOST, start + admitted, "", "lost")] if admitted is not None else [])
    scans = [
        *first_half,
        Scan(ParcelStatus.IN_TRANSIT, at(_LAST_HUB), "hub-2", "arrived_at_facility"),
        *_in_vain(style.failed_attempts, at(_ON_THE_VAN), end),
    ]
    late = style.failed_attempts * _NEXT_ATTEMPT
    if style.ends == "returned":
        return [*scans, *_refused(visit, number, end + late)]
    return [
        *scans,
        Scan(ParcelStatus.OUT_FOR_DELIVERY, at(_ON_THE_VAN) + late, "destination"),
        Scan(ParcelStatus.DELIVERED, end + late, "destination", "delivered"),
    ]


def _in_vain(attempts: int, van: datetime, door: datetime) -> Iterator[Scan]:
    """Give the days on which nobody was there: out with the van, and back from the door."""
    for late in (attempt * _NEXT_ATTEMPT for attempt in range(attempts)):
        yield Scan(ParcelStatus.OUT_FOR_DELIVERY, van + late, "destination")
        yield Scan(ParcelStatus.FAILURE, door + late, "destination", "nobody_there")


def _refused(visit: Visit, number: str, turned: datetime) -> list[Scan]:
    """Give the way back of a parcel that its receiver did not take."""
    back = visit.done_at("carrier.brings_back", turned, number)
    return [
        Scan(ParcelStatus.RETURN_TO_SENDER, turned, "destination", "refused_by_receiver"),
        Scan(ParcelStatus.RETURNED, back, "origin", "returned"),
    ]


def report(visit: Visit, label: Any, scans: Sequence[Scan], stage: str) -> None:
    """Plan what the carrier will report about a parcel.

    Args:
        label: Row of the parcel.
        stage: Tells reports of one part of the way from those of another: 'booked', 'under way', 'brought back'.
    """
    where = f"{label.carrier}/{label.tracking_number}"
    rows, news = [], []
    for position, scan in enumerate(scans):
        source = f"carrier:{where}:{stage}:{scan.at.isoformat()}:{position}"
        event_id = visit.name("trk_", source)
        body = {
            "event": event_id,
            "carrier": label.carrier,
            "tracking_number": label.tracking_number,
            "status": scan.status.value,
            "place": scan.place,
            "note": scan.note,
        }
        news.append(News(kind="carrier.reported", at=scan.at, body=body, source=source, about=f"parcel:{where}"))
        rows.append(
            {
                "event": event_id,
                "carrier": label.carrier,
                "tracking_number": label.tracking_number,
                "status": scan.status.value,
                "occurred_at": scan.at,
                "place": scan.place,
                "note": scan.note,
            }
        )
    if rows:
        insert_new(visit.connection, reports, rows)
        tell(visit, "carrier.webhook", news, visit.said("carrier", "webhooks"))


def turn_off(visit: Visit, label: Any) -> None:
    """Call off every report that is still to come."""
    call_off(visit, f"parcel:{label.carrier}/{label.tracking_number}")
    which = {"carrier": label.carrier, "number": label.tracking_number, "now": visit.at}
    visit.connection.execute(_FORGET, which)
