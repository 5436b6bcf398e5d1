"""The packing floor of a warehouse in virtual time: who is packed when, and which carrier takes it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms_workflow.simulate.network import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a warehouse has to pack."""

    order_id: str
    warehouse: str
    at: datetime  # when the warehouse was told
    priority: int
    transit: timedelta
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A parcel with the moments it went through."""

    parcel: Parcel
    packed: datetime
    picked_up: datetime
    delivered: datetime

    @property
    def is_late(self) -> bool:
        """Say whether the promise was broken."""
        return self.parcel.due is not None and self.delivered > self.parcel.due


class Floor:
    """What is known about a warehouse while orders are still being given to it."""

    def __init__(self, site: Site, begin: datetime) -> None:
        self.site = site
        self._each = timedelta(hours=1) / site.parcels_an_hour
        self._free = begin

    def told(self, at: datetime) -> None:
        """Note one more parcel to pack."""
        self._free = max(self._free, at) + self._each

    def leaves(self, at: datetime) -> datetime:
        """Give when a parcel that is ordered now would leave, behind everything that waits already."""
        return next_pick_up(self.site, max(self._free, at) + self._each)


def next_pick_up(site: Site, at: datetime) -> datetime:
    """Give when a carrier comes next."""
    for days in (0, 1):
        for moment in site.pick_ups:
            found = datetime.combine(at.date() + timedelta(days=days), moment, tzinfo=at.tzinfo)
            if found >= at:
                return found
    raise ValueError(f"No carrier ever comes to {site.name!r}.")


def pack(site: Site, parcels: Iterable[Parcel]) -> list[Delivered]:
    """Pack one parcel after the other, the most urgent of those that wait first, then who waits longest."""
    coming = sorted(parcels, key=lambda one: (one.at, one.priority, one.order_id))
    each = timedelta(hours=1) / site.parcels_an_hour
    waiting: list[tuple[int, datetime, str, int]] = []
    done, number, now = [], 0, coming[0].at if coming else None
    while now is not None and (number < len(coming) or waiting):
        while number < len(coming) and coming[number].at <= now:
            one = coming[number]
            heapq.heappush(waiting, (one.priority, one.at, one.order_id, number))
            number += 1
        if not waiting:
            now = coming[number].at
            continue
        parcel = coming[heapq.heappop(waiting)[-1]]
        now += each
        left = next_pick_up(site, now)
        done.append(Delivered(parcel=parcel, packed=now, picked_up=left, delivered=left + parcel.transit))
    return done
