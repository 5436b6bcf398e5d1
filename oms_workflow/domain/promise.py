"""What the buyer was told about time. No clock in here, and no calendar: promises are moments in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The latest moments for handing over and for delivery, in UTC; None means nothing was promised."""

    ship_by: datetime | None = None
    deliver_by: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.ship_by, self.deliver_by):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"A promise needs a time zone, found {moment.isoformat()!r}.")


def strictest(promises: Iterable[Promise]) -> Promise:
    """Give what keeps every one of the promises: the earliest of each moment."""
    kept = tuple(promises)
    return Promise(
        ship_by=min((one.ship_by for one in kept if one.ship_by is not None), default=None),
        deliver_by=min((one.deliver_by for one in kept if one.deliver_by is not None), default=None),
    )
