"""Where goods lie and what it takes to send them somewhere. Knows no stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from oms_workflow.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """A node that ships: a warehouse of the house, of a seller, or a shop that sends parcels."""

    id: str
    name: str
    country: str  # ISO 3166-1 alpha-2
    region: str = ""
    priority: int = 100  # lower goes first
    sellers: frozenset[str] = frozenset()  # whose goods it ships; empty means everybody's
    daily_parcels: int | None = None  # fulfilment orders it takes a day; None means no limit
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What a parcel from a warehouse to a region takes.

    `region` '' stands for every region of the country without a lane of its own.
    """

    warehouse: str
    country: str
    region: str
    cost: Money  # a parcel
    distance_km: int
    transit: timedelta | None = None  # None when unknown
