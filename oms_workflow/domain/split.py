"""Splitting goods into parts by warehouse, seller and parcel. The parts hold exactly what was placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.order import Line
from oms_workflow.domain.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLimits:
    """What one parcel may be; None means no limit. Pieces of unknown weight or volume count as 0."""

    weight_grams: int | None = None
    volume_cm3: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Pieces of one line that lie in one warehouse and are to be sent from there."""

    line: Line
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One group of goods that goes together, and why it is not one with the others."""

    warehouse: str
    seller: str
    pieces: tuple[tuple[str, int], ...]  # (line id, quantity), in order of the lines
    reasons: frozenset[SplitReason]


def split(placed: Sequence[Placed], limits: ParcelLimits) -> tuple[Part, ...]:
    """Divide goods by warehouse, then by seller, then by what one parcel may weigh and measure.

    Pieces fill a parcel in order of the lines; a ship-together group opens a parcel of its own rather than being torn
    apart. The parts hold exactly the pieces that were placed.

    Raises:
        OrderRefused: CANNOT_SPLIT, when a single piece or a ship-together group is beyond the limits of a parcel.
    """
    warehouses = dict.fromkeys(one.warehouse for one in placed)
    sellers = {one.line.seller for one in placed}
    parts: list[Part] = []
    for warehouse in warehouses:
        for seller in dict.fromkeys(one.line.seller for one in placed if one.warehouse == warehouse):
            goods = [one for one in placed if one.warehouse == warehouse and one.line.seller == seller]
            reasons = {SplitReason.STOCK} if len(warehouses) > 1 else set()
            if len(sellers) > 1:
                reasons.add(SplitReason.SELLER)
            parcels, limit = _parcels(goods, limits)
            parts += [
                Part(warehouse=warehouse, seller=seller, pieces=pieces, reasons=frozenset(reasons | limit))
                for pieces in parcels
            ]
    return tuple(parts)


@dataclass(slots=True)
class _Parcel:
    pieces: dict[str, int]
    weight: int = 0
    volume: int = 0

    def too_much(self, weight: int, volume: int, limits: ParcelLimits) -> SplitReason | None:
        if limits.weight_grams is not None and self.weight + weight > limits.weight_grams:
            return SplitReason.WEIGHT
        if limits.volume_cm3 is not None and self.volume + volume > limits.volume_cm3:
            return SplitReason.VOLUME
        return None


def _parcels(
    goods: Sequence[Placed], limits: ParcelLimits
) -> tuple[list[tuple[tuple[str, int], ...]], set[SplitReason]]:
    parcels = [_Parcel({})]
    reasons: set[SplitReason] = set()
    for lump in _lumps(goods):
        weight = sum(line.weight_grams * quantity for line, quantity in lump)
        volume = sum(line.volume_cm3 * quantity for line, quantity in lump)
        hindrance = parcels[-1].too_much(weight, volume, limits)
        if hindrance is not None and parcels[-1].pieces:
            reasons.add(hindrance)
            parcels.append(_Parcel({}))
            hindrance = parcels[-1].too_much(weight, volume, limits)
        if hindrance is not None:
            names = ", ".join(repr(line.id) for line, _ in lump)
            raise refuse(
                Refusal.CANNOT_SPLIT,
                f"Cannot pack {names}: {weight} g and {volume} cm3 must stay together and exceed the "
                f"{hindrance.value} limit of one parcel. Raise the limit or loosen the ship-together group.",
            )
        for line, quantity in lump:
            parcels[-1].pieces[line.id] = parcels[-1].pieces.get(line.id, 0) + quantity
        parcels[-1].weight += weight
        parcels[-1].volume += volume
    return [tuple(parcel.pieces.items()) for parcel in parcels], reasons


def _lumps(goods: Sequence[Placed]) -> list[list[tuple[Line, int]]]:
    """Give what must not be torn apart: whole ship-together groups first, then single pieces in order of the lines."""
    groups: dict[str, list[tuple[Line, int]]] = {}
    singles: list[list[tuple[Line, int]]] = _bundles(goods)
    for one in goods:
        if one.line.per_bundle and not one.line.ship_together:
            continue
        if one.line.ship_together:
            groups.setdefault(one.line.ship_together, []).append((one.line, one.quantity))
        else:
            singles += [[(one.line, 1)]] * one.quantity
    return [*groups.values(), *singles]


def _bundles(goods: Sequence[Placed]) -> list[list[tuple[Line, int]]]:
    """Give one lump for each whole bundle, and pieces that are no whole bundle any more one by one."""
    components: dict[str, list[Placed]] = {}
    for one in goods:
        if one.line.per_bundle and not one.line.ship_together:
            components.setdefault(f"{one.line.id.rpartition('/')[0]}/{one.line.bundle}", []).append(one)
    lumps: list[list[tuple[Line, int]]] = []
    for parts in components.values():
        many = min(one.quantity // one.line.per_bundle for one in parts)
        lumps += [[(one.line, one.line.per_bundle) for one in parts]] * many
        for one in parts:
            lumps += [[(one.line, 1)]] * (one.quantity - many * one.line.per_bundle)
    return lumps
