"""How goods get from a shelf to a door: the warehouse's working day, the carrier's collections, the days on the way.

Times of day are minutes since local midnight, in the time zone of the calendar beside them. Knows no stock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from oms_workflow.domain.working_time import WorkingTime

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What a warehouse needs until goods stand ready for one carrier."""

    warehouse: str
    calendar: WorkingTime
    handling: timedelta  # working time from order to ready; at least 0
    cut_off: int | None = None  # what is ordered later on a working day begins on the next; None: no cut-off

    def __post_init__(self) -> None:
        if self.handling < timedelta(0):
            raise ValueError(f"Handling takes some time or none, found {self.handling}.")
        require_time_of_day(self.cut_off)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """When a carrier comes to a warehouse."""

    calendar: WorkingTime
    times: tuple[int, ...] = ()  # of each day it comes, ascending; () means whenever goods are ready

    def __post_init__(self) -> None:
        if list(self.times) != sorted(set(self.times)):
            raise ValueError(f"Times of collection ascend, found {self.times!r}.")
        for minute in self.times:
            require_time_of_day(minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """What a carrier's service takes from a warehouse to a region."""

    days: int  # days of its network after the day of hand-over; 0 is the same day
    network: WorkingTime  # days on which parcels move
    delivery: WorkingTime  # days on which parcels are delivered, in the destination's time zone
    delivered_by: int = MINUTES_A_DAY  # the latest time of a day at which it delivers

    def __post_init__(self) -> None:
        if self.days < 0:
            raise ValueError(f"A parcel takes 0 days or more, found {self.days}.")
        require_time_of_day(self.delivered_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way from a warehouse to a destination with one service of a carrier."""

    carrier: str
    service: str
    departure: Departure
    collection: Collection
    transit: Transit

    @property
    def warehouse(self) -> str:
        """Where it begins."""
        return self.departure.warehouse


def require_time_of_day(minute: int | None) -> None:
    """Let minutes since midnight pass, up to the end of the day.

    Raises:
        ValueError: Otherwise.
    """
    if minute is not None and not 0 <= minute <= MINUTES_A_DAY:
        raise ValueError(f"A time of day lies between 00:00 and 24:00, found minute {minute}.")
