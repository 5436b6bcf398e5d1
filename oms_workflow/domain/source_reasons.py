"""Sourcing in words: why this warehouse, and why no warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from oms_workflow.domain.sourcing import Candidate, Demand, Preference, ShortfallReason, SourcingQuestion

_CRITERIA: dict[Preference, tuple[str, ...]] = {
    Preference.PRIORITY: ("priority", "cost", "distance"),
    Preference.FEWEST_PARCELS: ("priority", "cost", "distance"),
    Preference.CHEAPEST: ("cost", "priority", "distance"),
    Preference.NEAREST: ("distance", "priority", "cost"),
}


def why_chosen(chosen: Candidate, pieces: int, wanted: int, equals: Sequence[Candidate], prefer: Preference) -> str:
    """Say in one sentence why this warehouse was taken, in English and Chinese.

    Args:
        pieces: It sends this many.
        wanted: This many were still wanted.
        equals: Other warehouses that could have sent as many.
    """
    theirs = min(
        equals, key=lambda one: (*(_figure(one, name) for name in _CRITERIA[prefer]), one.warehouse), default=None
    )
    return (
        f"{_in_english(chosen, pieces, wanted, theirs, prefer)} {_in_chinese(chosen, pieces, wanted, theirs, prefer)}"
    )


def _in_chinese(chosen: Candidate, pieces: int, wanted: int, rival: Candidate | None, prefer: Preference) -> str:
    what = f"由 {chosen.warehouse} 发出待发 {wanted} 件中的 {pieces} 件"
    figures = f"优先级 {chosen.priority}，每包裹 {chosen.cost}，{chosen.distance_km} 公里"
    if rival is None:
        return f"{what}（{figures}）；没有其他仓能发同样多。"
    for name in _CRITERIA[prefer]:
        if _figure(chosen, name) < _figure(rival, name):
            theirs = {"priority": f"优先级为 {rival.priority}", "cost": f"每包裹 {rival.cost}",
                      "distance": f"距离 {rival.distance_km} 公里"}  # fmt: skip
            return f"{what}（{figures}）；{rival.warehouse} 也可发，但{theirs[name]}。"
        if _figure(chosen, name) > _figure(rival, name):
            return f"{what}（{figures}）；{rival.warehouse} 也可发，但其余货品需要更多或更贵的包裹。"
    return f"{what}（{figures}）；{rival.warehouse} 与之相当，按名称取前者。"


def _in_english(chosen: Candidate, pieces: int, wanted: int, rival: Candidate | None, prefer: Preference) -> str:
    what = f"{chosen.warehouse} sends {pieces} of {wanted} pieces still wanted"
    figures = f"priority {chosen.priority}, {chosen.cost} a parcel, {chosen.distance_km} km"
    if rival is None:
        return f"{what} ({figures}); no other warehouse could send as many."
    criteria = _CRITERIA[prefer]
    for name in criteria:
        if _figure(chosen, name) < _figure(rival, name):
            return f"{what} ({figures}); {rival.warehouse} could too, at {_in_words(rival, name)}."
        if _figure(chosen, name) > _figure(rival, name):
            return (
                f"{what} ({figures}); {rival.warehouse} could too, but then the rest would need more or dearer parcels."
            )
    return f"{what} ({figures}); {rival.warehouse} is its equal, the first by name was taken."


def shortfall_reason(
    demand: Demand, question: SourcingQuestion, left: Mapping[tuple[str, str], int]
) -> ShortfallReason:
    """Say why pieces of a line found no warehouse; `left` is the stock that remains after everything else."""
    may_ship = [one for one in question.candidates if one.ships_for(demand.seller)]
    if not may_ship:
        return ShortfallReason.NO_WAREHOUSE
    held = sum(left.get((demand.sku, one.warehouse), 0) for one in may_ship)
    if held < demand.quantity:
        return ShortfallReason.OUT_OF_STOCK
    takes_more = [one for one in may_ship if one.remaining_parcels is None or one.remaining_parcels > 0]
    if sum(left.get((demand.sku, one.warehouse), 0) for one in takes_more) < demand.quantity:
        return ShortfallReason.NO_CAPACITY
    if demand.ship_together:
        return ShortfallReason.NOT_TOGETHER
    if not question.policy.may_divide_lines and all(
        left.get((demand.sku, one.warehouse), 0) < demand.quantity for one in takes_more
    ):
        return ShortfallReason.NOT_UNDIVIDED
    return ShortfallReason.TOO_MANY_WAREHOUSES


def _figure(candidate: Candidate, name: str) -> Decimal:
    figures = {
        "priority": Decimal(candidate.priority),
        "cost": candidate.cost.amount,
        "distance": Decimal(candidate.distance_km),
    }
    return figures[name]


def _in_words(candidate: Candidate, name: str) -> str:
    words = {
        "priority": f"priority {candidate.priority}",
        "cost": f"{candidate.cost} a parcel",
        "distance": f"{candidate.distance_km} km",
    }
    return words[name]
