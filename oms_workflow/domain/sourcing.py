"""What sourcing is asked and what it answers. The search itself is in `source_order`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from oms_workflow.domain.money import Money


class Preference(StrEnum):
    """What decides between warehouses that could all serve; what comes later in a row breaks ties."""

    PRIORITY = "priority"  # priority, then fewest parcels, then cost, then distance
    FEWEST_PARCELS = "fewest_parcels"  # fewest parcels, then priority, then cost, then distance
    CHEAPEST = "cheapest"  # cost of all parcels, then fewest, then priority, then distance
    NEAREST = "nearest"  # distance, then fewest parcels, then priority, then cost


class ShortfallReason(StrEnum):
    """Why pieces found no warehouse."""

    OUT_OF_STOCK = "out_of_stock"  # all candidates together hold too few
    NO_WAREHOUSE = "no_warehouse"  # no warehouse may ship this seller's goods there
    NO_CAPACITY = "no_capacity"  # there is enough, but only where no more parcels are taken today
    NOT_TOGETHER = "not_together"  # there is enough, but no warehouse holds the whole ship-together group
    NOT_UNDIVIDED = "not_undivided"  # there is enough, but no warehouse holds the whole line, which may not be divided
    TOO_MANY_WAREHOUSES = "too_many_warehouses"  # there is enough, but only across more warehouses than allowed
    PART_TOO_SMALL = "part_too_small"  # it was there, but a part of the divided order would be worth too little
    NOT_COMPLETE = "not_complete"  # it was there, but the order ships complete or not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Pieces of one line that need a warehouse."""

    line_id: str
    sku: str
    quantity: int  # at least 1
    seller: str = ""
    ship_together: str = ""  # lines of one group must leave one warehouse
    piece_value: int = 0  # what the buyer pays for one piece, in minor units; 0 when nobody asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A warehouse that may serve, as it stands for one destination."""

    warehouse: str
    priority: int
    cost: Money  # of one parcel to the destination
    distance_km: int
    sellers: frozenset[str] = frozenset()  # whose goods it ships; empty means everybody's
    remaining_parcels: int | None = None  # it takes today; None means no limit
    piece_cost: Money | None = None  # of handling one piece, on top of the parcel; None means nothing
    transit: timedelta | None = None  # on the way to the destination; None when unknown
    keeps_promise: bool = True  # False when goods sent now would arrive after the promised moment

    def ships_for(self, seller: str) -> bool:
        """Say whether it ships the goods of this seller."""
        return not self.sellers or seller in self.sellers


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingPass:
    """One pass over the warehouses: whom it lets through, who goes first, and whether another pass follows."""

    name: str = ""
    prefer: Preference = Preference.PRIORITY
    only: tuple[str, ...] = ()  # a group of warehouses; () lets all through
    maximum_km: int | None = None
    minimum_parcels_left: int = 0  # a warehouse still has to take today; busy ones are spared
    keep_pieces: int = 0  # of each SKU that stay on the shelf, on top of the safety stock
    in_time: bool = False  # only warehouses that keep the promise
    maximum_warehouses: int | None = None
    complete: bool = False  # takes all that is left or nothing
    minimum_part_value: int = 0  # minor units; see SourcingPolicy
    stops: bool = False  # no pass follows: what is missing waits


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingPolicy:
    """What the shop and the channel allow."""

    prefer: Preference = Preference.PRIORITY
    may_divide_lines: bool = True  # False where a sub-order takes only one tracking number
    maximum_warehouses: int | None = None  # None means as many as it takes
    complete_or_nothing: bool = False
    minimum_part_value: int = 0  # minor units each part of a divided order is worth, what is left included; 0: any
    passes: tuple[SourcingPass, ...] = ()  # () is one pass with the preference above


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Pieces of one line that one warehouse is to send."""

    line_id: str
    sku: str
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Pieces of one line that nobody can send, and why."""

    line_id: str
    sku: str
    quantity: int
    reason: ShortfallReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Why this warehouse, or why not: one sentence for people."""

    warehouse: str
    why: str
    by_all: bool = False  # of one that was left out: no pass of the order lets it through, so nor may anybody later


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingPlan:
    """Who sends what. Assignments and shortfalls together are exactly the demand."""

    assignments: tuple[Assignment, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    choices: tuple[Choice, ...] = ()
    refused: tuple[Choice, ...] = ()  # warehouses a pass did not let through, and why

    @property
    def is_complete(self) -> bool:
        """True when every piece found a warehouse."""
        return not self.shortfalls

    @property
    def warehouses(self) -> tuple[str, ...]:
        """The warehouses that send something, in the order they were chosen."""
        return tuple(dict.fromkeys(one.warehouse for one in self.assignments))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcingQuestion:
    """Everything sourcing looks at. `available` is by (sku, warehouse); what is missing there is 0."""

    demands: tuple[Demand, ...]
    candidates: tuple[Candidate, ...]
    available: Mapping[tuple[str, str], int]
    policy: SourcingPolicy = field(default_factory=SourcingPolicy)
