"""A made-up shop for a simulated day: warehouses with lanes, how fast they work, and when carriers come by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from oms_workflow.connect.world.chance import draw
from oms_workflow.domain.money import Money
from oms_workflow.domain.sourcing import Candidate

REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北")
SHARES = (0.32, 0.20, 0.15, 0.13, 0.11, 0.04, 0.05)
"""Where buyers live: made up, after where most parcels of China go."""

PLACES = {"华东": (0, 0), "华南": (-300, -1150), "华北": (-250, 1050), "华中": (-650, -50),
          "西南": (-1600, -150), "西北": (-1300, 750), "东北": (350, 1700)}  # fmt: skip
"""Kilometres east and north of Shanghai, about the middle of each region."""

PICK_UPS = (time(10), time(15), time(19), time(23))  # local; carriers come four times a day in the high season


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A warehouse as a place where people pack."""

    name: str
    parcels_an_hour: int
    pick_ups: tuple[time, ...] = PICK_UPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Warehouses, and for each region what it takes to send a parcel there."""

    currency: str
    sites: tuple[Site, ...]
    lanes: Mapping[str, tuple[Candidate, ...]]  # by region

    @property
    def names(self) -> tuple[str, ...]:
        """The warehouses, by name."""
        return tuple(site.name for site in self.sites)


def made_up(warehouses: int, *, parcels: int, seed: int, currency: str = "CNY") -> Network:
    """Make a network that can pack so many parcels in a day, with a fifth to spare, in warehouses of uneven size."""
    weights = [0.5 + draw(seed, "size", str(number)) for number in range(warehouses)]
    sites, homes = [], []
    for number, weight in enumerate(weights):
        home = REGIONS[number % len(REGIONS)]
        hourly = max(1, round(parcels * 1.2 / 24 * weight / sum(weights)))
        sites.append(Site(name=f"{home}{number // len(REGIONS) + 1}", parcels_an_hour=hourly))
        homes.append(home)
    lanes = {
        region: tuple(
            _lane(site, home, region, seed, currency, number)
            for number, (site, home) in enumerate(zip(sites, homes, strict=True))
        )
        for region in REGIONS
    }
    return Network(currency=currency, sites=tuple(sites), lanes=lanes)


def _lane(site: Site, home: str, region: str, seed: int, currency: str, number: int) -> Candidate:
    east, north = (one - other for one, other in zip(PLACES[home], PLACES[region], strict=True))
    away = int((east**2 + north**2) ** 0.5) + 40 + int(160 * draw(seed, "away", site.name, region))
    return Candidate(
        warehouse=site.name,
        priority=1 + number % 3,
        # a first kilogram: 4 to 12 yuan within China, by distance
        cost=Money.minor(400 + away * 4 // 10 + int(100 * draw(seed, "price", site.name, region)), currency),
        distance_km=away,
        piece_cost=Money.minor(40 + int(60 * draw(seed, "handling", site.name)), currency),
        transit=timedelta(hours=14 + away // 35),
    )
