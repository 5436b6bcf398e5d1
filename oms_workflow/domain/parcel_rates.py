"""What carriers charge for parcels: rate tables by lane, weight and time, and what one shipment costs by them.

A parcel is charged by what it weighs or by what it takes up, whichever is more: its outer volume divided by the
carrier's divisor. The first weight (首重) has a price, every started further step (续重) another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oms_workflow.domain.carton import Sides
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.order import Destination

EVERYWHERE = "*"
"""Stands for every city of a lane among its remote ones."""


class Charge(StrEnum):
    """What an amount of a carrier's bill is for."""

    FIRST_WEIGHT = "first_weight"
    FURTHER_WEIGHT = "further_weight"
    REMOTE = "remote"  # the carrier drives far for it
    ON_DELIVERY = "on_delivery"  # it collects money
    OVERSIZE = "oversize"  # a side is longer than its belts take


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One row of a carrier's price list: a lane, up to a weight, from a day on."""

    carrier: str
    service: str
    country: str  # ISO 3166-1 alpha-2, where the parcel goes
    valid_from: date
    first_grams: int  # at least 1
    first_cost: Money
    warehouse: str = ""  # '' stands for every warehouse
    region: str = ""  # '' stands for every region without rows of its own
    up_to_grams: int | None = None  # heaviest parcel of this row, volume counted; None: no end
    further_grams: int = 0  # one further step; 0: the first price is for any weight of the row
    further_cost: Money | None = None
    valid_until: date | None = None  # the last day; None: until further notice
    divisor: int | None = None  # cm3 that count as a kilogram; None: volume does not count
    remote_cost: Money | None = None
    remote_cities: frozenset[str] = frozenset()
    on_delivery_cost: Money | None = None  # for each shipment that collects
    on_delivery_basis_points: int = 0  # of the money collected; 100 are one percent
    oversize_mm: int | None = None  # longest side without a surcharge; None: no limit
    oversize_cost: Money | None = None  # for each parcel

    @property
    def currency(self) -> str:
        """The currency of all its amounts."""
        return self.first_cost.currency

    @property
    def lane(self) -> tuple[str, str, str, str, str]:
        """What rows have in common that are one price list for one lane."""
        return self.carrier, self.service, self.warehouse, self.country, self.region

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one row: the same key again replaces it."""
        end = "" if self.up_to_grams is None else str(self.up_to_grams)
        return *self.lane, self.valid_from.isoformat(), end


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One parcel as a carrier sees it."""

    gross_grams: int
    outer: Sides | None = None  # None: then its volume does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Parcels that go together from a warehouse to a place."""

    warehouse: str
    destination: Destination
    parcels: tuple[Weighed, ...]
    collect: Money | None = None  # None: nothing is collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a carrier's service asks for a consignment."""

    carrier: str
    service: str
    cost: Money
    charged_grams: int  # of all parcels, volume counted
    charges: tuple[tuple[Charge, Money], ...]  # they add up to the cost; none is zero


def defects_of_rate(rate: Rate) -> tuple[str, ...]:
    """List what makes a row impossible, each as a sentence; () for a sound one."""
    amounts = (rate.first_cost, rate.further_cost, rate.remote_cost, rate.on_delivery_cost, rate.oversize_cost)
    found = []
    if any(one is not None and one.currency != rate.currency for one in amounts):
        found.append("All amounts of a row are in one currency.")
    if any(one is not None and one.is_negative for one in amounts) or rate.on_delivery_basis_points < 0:
        found.append("No price is negative.")
    if rate.first_grams < 1 or rate.further_grams < 0:
        found.append("The first weight is at least 1 g, a further step 0 or more.")
    if (rate.further_grams == 0) != (rate.further_cost is None):
        found.append("A further step needs a weight and a price, or neither.")
    if rate.further_grams == 0 and (rate.up_to_grams is None or rate.up_to_grams > rate.first_grams):
        found.append("Without a further step a row ends at its first weight.")
    if rate.up_to_grams is not None and rate.up_to_grams < rate.first_grams:
        found.append("A row ends at its first weight or later.")
    if rate.valid_until is not None and rate.valid_until < rate.valid_from:
        found.append("A row ends on the day it begins or later.")
    if rate.divisor is not None and rate.divisor < 1:
        found.append("A divisor is at least 1.")
    if (rate.oversize_mm is None) != (rate.oversize_cost is None):
        found.append("A surcharge for size needs a length and a price.")
    return tuple(found)


def price(rates: Iterable[Rate], consignment: Consignment, day: date) -> Priced | None:
    """Say what one carrier's service asks; None when its list has no row for this lane, this day or these weights.

    The list of the most specific lane counts (warehouse and region before one of them, a region before a warehouse),
    and of this the one that began last. Within it, each parcel is charged by the row with the least end that holds it.

    Args:
        rates: Rows of one carrier and service.
        day: The day on which the carrier takes the parcels, where the warehouse is.
    """
    rows = _list_of(rates, consignment, day)
    charges: list[tuple[Charge, Money]] = []
    grams = 0
    for parcel in consignment.parcels:
        found = next((row for row in rows if _holds(row, parcel)), None)
        if found is None:
            return None
        grams += charged_grams(parcel, found.divisor)
        charges += _of_parcel(found, parcel, consignment.destination)
    if not rows or not consignment.parcels:
        return None
    charges += _of_collecting(rows[0], consignment)
    return Priced(
        carrier=rows[0].carrier,
        service=rows[0].service,
        cost=total((amount for _, amount in charges), rows[0].currency),
        charged_grams=grams,
        charges=_summed(charges, rows[0].currency),
    )


def prices(rates: Iterable[Rate], consignment: Consignment, day: date) -> dict[tuple[str, str], Priced]:
    """Say what every service with a price list for this asks, by carrier and service."""
    lists: dict[tuple[str, str], list[Rate]] = {}
    for rate in rates:
        lists.setdefault((rate.carrier, rate.service), []).append(rate)
    found = {product: price(rows, consignment, day) for product, rows in sorted(lists.items())}
    return {product: one for product, one in found.items() if one is not None}


def charged_grams(parcel: Weighed, divisor: int | None) -> int:
    """Give what a parcel is charged by: its weight, or what it takes up, whichever is more; rounded up to a gram."""
    if divisor is None or parcel.outer is None:
        return parcel.gross_grams
    # cm3 / divisor are kilograms, so mm3 / divisor are grams
    return max(parcel.gross_grams, _up(parcel.outer.volume_mm3, divisor))


def _list_of(rates: Iterable[Rate], consignment: Consignment, day: date) -> Sequence[Rate]:
    where = consignment.destination
    rows = [
        row
        for row in rates
        if row.country == where.country
        and row.region in ("", where.region)
        and row.warehouse in ("", consignment.warehouse)
        and row.valid_from <= day
        and (row.valid_until is None or day <= row.valid_until)
    ]
    if not rows:
        return ()
    best = max(rows, key=lambda row: (bool(row.region), bool(row.warehouse), row.valid_from))
    mine = [row for row in rows if (row.lane, row.valid_from) == (best.lane, best.valid_from)]
    return sorted(mine, key=lambda row: (row.up_to_grams is None, row.up_to_grams or 0))


def _holds(row: Rate, parcel: Weighed) -> bool:
    return row.up_to_grams is None or charged_grams(parcel, row.divisor) <= row.up_to_grams


def _of_parcel(row: Rate, parcel: Weighed, destination: Destination) -> list[tuple[Charge, Money]]:
    charges = [(Charge.FIRST_WEIGHT, row.first_cost)]
    over = charged_grams(parcel, row.divisor) - row.first_grams
    if over > 0 and row.further_cost is not None:
        charges.append((Charge.FURTHER_WEIGHT, row.further_cost * _up(over, row.further_grams)))
    if row.remote_cost is not None and {destination.city, EVERYWHERE} & row.remote_cities:
        charges.append((Charge.REMOTE, row.remote_cost))
    longest = parcel.outer.longest_first[0] if parcel.outer is not None else 0
    if row.oversize_cost is not None and row.oversize_mm is not None and longest > row.oversize_mm:
        charges.append((Charge.OVERSIZE, row.oversize_cost))
    return charges


def _of_collecting(row: Rate, consignment: Consignment) -> list[tuple[Charge, Money]]:
    collect = consignment.collect
    if collect is None or collect.is_zero:
        return []
    fixed = row.on_delivery_cost or Money.zero(row.currency)
    if collect.currency != row.currency:
        return [(Charge.ON_DELIVERY, fixed)]
    part = Money.minor(_up(collect.minor_units * row.on_delivery_basis_points, 10_000), row.currency)
    return [(Charge.ON_DELIVERY, fixed + part)]


def _summed(charges: Iterable[tuple[Charge, Money]], currency: str) -> tuple[tuple[Charge, Money], ...]:
    sums: dict[Charge, Money] = {}
    for charge, amount in charges:
        sums[charge] = sums.get(charge, Money.zero(currency)) + amount
    return tuple((charge, sums[charge]) for charge in Charge if charge in sums and not sums[charge].is_zero)


def _up(amount: int, by: int) -> int:
    return -(-amount // by)
