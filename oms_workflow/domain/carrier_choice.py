"""Which of the allowed carriers takes a shipment: the cheapest that keeps the promise, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.domain.money import Money
from oms_workflow.domain.parcel_rates import Priced

Product = tuple[str, str]
"""A carrier, and what it calls its service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCarrier:
    """What the rules allow."""

    carrier: str
    service: str
    rank: int = 1  # 1 is preferred; a higher one is taken only when no lower one keeps the promise

    @property
    def product(self) -> Product:
        """Its carrier and service."""
        return self.carrier, self.service


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenProduct:
    """What takes the shipment."""

    carrier: str
    service: str
    cost: Money | None  # None when no rate table knows this lane
    arrives_at: datetime | None  # UTC; None when no transit time is known
    why: str  # in English and Chinese


def choose_carrier(
    allowed: Sequence[AllowedCarrier],
    prices: Mapping[Product, Priced],
    arrivals: Mapping[Product, datetime],
    *,
    deliver_by: datetime | None,
    currency: str,
) -> ChosenProduct | None:
    """Choose; None when nothing is allowed.

    1. Of the best rank that has a priced service in time, the cheapest; of equals the one the rules name first. A
       service of which no arrival is known counts as in time, behind those of which it is.
    2. When no priced service is in time, the one that arrives first, because late is dearer than any parcel.
    3. Without any price the first that is in time, else the first allowed: what the rules alone would have taken.

    Args:
        currency: Prices in another one cannot be compared and count as none.
    """
    if not allowed:
        return None
    ordered = sorted(enumerate(allowed), key=lambda pair: (pair[1].rank, pair[0]))
    ranked = [one for _, one in ordered]
    priced = [one for one in ranked if one.product in prices and prices[one.product].cost.currency == currency]
    timely = [one for one in priced if not _late(one, arrivals, deliver_by)]
    if timely:
        return _cheapest(timely, prices, arrivals, deliver_by)
    if priced:
        first = min(priced, key=lambda one: arrivals[one.product])
        return _made(first, prices, arrivals, *_none_in_time(first, deliver_by))
    in_time = [one for one in ranked if not _late(one, arrivals, deliver_by)]
    chosen = (in_time or ranked)[0]
    return _made(chosen, {}, arrivals, *_unpriced(chosen, is_late=not in_time))


def _cheapest(
    timely: Sequence[AllowedCarrier],
    prices: Mapping[Product, Priced],
    arrivals: Mapping[Product, datetime],
    deliver_by: datetime | None,
) -> ChosenProduct:
    rank = timely[0].rank
    same = [one for one in timely if one.rank == rank]

    def worth(one: AllowedCarrier) -> tuple[bool, Money]:
        unknown = deliver_by is not None and one.product not in arrivals
        return unknown, prices[one.product].cost

    best = min(same, key=lambda one: (worth(one)[0], worth(one)[1].minor_units))
    rivals = sorted((one for one in same if one is not best), key=lambda one: prices[one.product].cost.minor_units)
    rival = rivals[0] if rivals else None
    cost = prices[best.product].cost
    english, chinese = f"{_name(best)} for {cost}", f"{_name(best)}，{cost}"
    if rival is None:
        english += ": the only priced service of its rank that keeps the promise."
        chinese += "：同级中唯一有报价且赶得上承诺的产品。"
    elif worth(best)[0] < worth(rival)[0]:
        english += f": it is known to keep the promise; of {_name(rival)} no arrival is known."
        chinese += f"：确认赶得上承诺；{_name(rival)} 无时效数据。"
    else:
        english += f": the cheapest that keeps the promise; next is {_name(rival)} for {prices[rival.product].cost}."
        chinese += f"：赶得上承诺的产品中最便宜；其次 {_name(rival)}，{prices[rival.product].cost}。"
    return _made(best, prices, arrivals, english, chinese)


def _none_in_time(chosen: AllowedCarrier, deliver_by: datetime | None) -> tuple[str, str]:
    promised = deliver_by.isoformat(timespec="minutes") if deliver_by is not None else ""
    return (
        f"{_name(chosen)}: no priced service arrives by {promised}; this one arrives first.",
        f"{_name(chosen)}：没有报价产品能在 {promised} 前送达，此产品最早。",
    )


def _unpriced(chosen: AllowedCarrier, *, is_late: bool) -> tuple[str, str]:
    late = (" It does not keep the promise; none does.", "该产品赶不上承诺，其余也赶不上。") if is_late else ("", "")
    return (
        f"{_name(chosen)} by the rules alone: no rate table prices this lane, so its cost is unknown.{late[0]}",
        f"{_name(chosen)}，仅按规则选择：此线路无费率表，成本未知。{late[1]}",
    )


def _made(
    chosen: AllowedCarrier,
    prices: Mapping[Product, Priced],
    arrivals: Mapping[Product, datetime],
    english: str,
    chinese: str,
) -> ChosenProduct:
    found = prices.get(chosen.product)
    return ChosenProduct(
        carrier=chosen.carrier,
        service=chosen.service,
        cost=found.cost if found is not None else None,
        arrives_at=arrivals.get(chosen.product),
        why=f"{english} {chinese}",
    )


def _late(one: AllowedCarrier, arrivals: Mapping[Product, datetime], deliver_by: datetime | None) -> bool:
    arrives = arrivals.get(one.product)
    return deliver_by is not None and arrives is not None and arrives > deliver_by


def _name(one: AllowedCarrier) -> str:
    return f"{one.carrier} {one.service}"
