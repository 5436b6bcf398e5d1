"""Splitting goods into parts by warehouse, seller and parcel. The parts hold exactly what was placed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oms_workflow.domain.fulfilment import SplitReason
from oms_workflow.domain.order import Line
from oms_workflow.domain.refusals import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLimits:
    """What one parcel may be; None means no limit. Pieces of unknown weight or volume count as 0."""

    weight_grams: int | None = None
    volume_cm3: int | None = None
    may_divide_lines: bool = True  # False where the channel takes one tracking number for a sub-order


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
    """Divide goods by warehouse, seller, temperature and hazard class, then by what one parcel may weigh and measure.

    Pieces fill a parcel in order of the lines; a ship-together group opens a parcel of its own rather than being torn
    apart, and so does a line the channel does not let us divide, as long as one parcel can hold it. The parts hold
    exactly the pieces that were placed.

    Raises:
        OrderRefused: CANNOT_SPLIT, when a single piece or a ship-together group is beyond the limits of a parcel, or
            lines that must stay together may not.
    """
    warehouses = {one.warehouse for one in placed}
    sellers = {one.line.seller for one in placed}
    everywhere = {SplitReason.STOCK} if len(warehouses) > 1 else set()
    if len(sellers) > 1:
        everywhere.add(SplitReason.SELLER)
    _require_compatible([one.line for one in placed])
    parts: list[Part] = []
    for (warehouse, seller), goods in _grouped(placed, lambda one: (one.warehouse, one.line.seller)).items():
        kinds = _grouped(goods, lambda one: (one.line.temperature, one.line.hazard))
        reasons = everywhere | _kept_apart([one.line for one in goods])
        for kind in kinds.values():
            parcels, limit = _parcels(kind, limits)
            parts += [
                Part(warehouse=warehouse, seller=seller, pieces=pieces, reasons=frozenset(reasons | limit))
                for pieces in parcels
            ]
    return tuple(parts)


def _grouped(placed: Sequence[Placed], key: Callable[[Placed], tuple[str, str]]) -> dict[tuple[str, str], list[Placed]]:
    """Group goods, warehouses in the order in which they come first, then the other half of the key."""
    first = {one: number for number, one in enumerate(dict.fromkeys(key(each)[0] for each in placed))}
    found: dict[tuple[str, str], list[Placed]] = {}
    for one in placed:
        found.setdefault(key(one), []).append(one)
    return dict(sorted(found.items(), key=lambda pair: first[pair[0][0]]))


def _kept_apart(lines: Sequence[Line]) -> set[SplitReason]:
    """Say why goods of one warehouse and seller must not share a parcel; nothing when they may."""
    found = set()
    if len({line.temperature for line in lines}) > 1:
        found.add(SplitReason.TEMPERATURE)
    if len({line.hazard for line in lines}) > 1:
        found.add(SplitReason.HAZARD)
    return found


def _require_compatible(lines: Sequence[Line]) -> None:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.ship_together:
            groups.setdefault(f"{line.id.rpartition('/')[0]}/{line.ship_together}", []).append(line)
    for name, together in groups.items():
        reasons = _kept_apart(together)
        if reasons:
            why = " and ".join(sorted(reason.value for reason in reasons))
            raise refuse(
                Refusal.CANNOT_SPLIT,
                f"Cannot pack the ship-together group {name!r} in one parcel: its lines differ in {why}. "
                f"Loosen the group, or correct the lines.",
            )


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


Lump = list[tuple[Line, int]]


def _parcels(
    goods: Sequence[Placed], limits: ParcelLimits
) -> tuple[list[tuple[tuple[str, int], ...]], set[SplitReason]]:
    parcels, reasons = _fill(lumps(goods), limits)
    if limits.may_divide_lines:
        return parcels, reasons
    whole, why = _fill(_whole_lines(lumps(goods), limits), limits)
    if len(whole) > len(parcels):
        why.add(SplitReason.CHANNEL)
    return whole, why


def _fill(given: Sequence[Lump], limits: ParcelLimits) -> tuple[list[tuple[tuple[str, int], ...]], set[SplitReason]]:
    parcels = [_Parcel({})]
    reasons: set[SplitReason] = set()
    for lump in given:
        weight, volume = _size(lump)
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


def _size(lump: Lump) -> tuple[int, int]:
    weight = sum(line.weight_grams * quantity for line, quantity in lump)
    return weight, sum(line.volume_cm3 * quantity for line, quantity in lump)


def _whole_lines(lumps: Sequence[Lump], limits: ParcelLimits) -> list[Lump]:
    """Make one lump of the single pieces of a line, where one parcel can hold them all."""
    of_line: dict[str, Lump] = {}
    for lump in lumps:
        if len(lump) == 1:
            line, quantity = lump[0]
            before = of_line.get(line.id, [(line, 0)])[0][1]
            of_line[line.id] = [(line, before + quantity)]
    found: list[Lump] = []
    for lump in lumps:
        whole = of_line.get(lump[0][0].id) if len(lump) == 1 else None
        if whole is None or _Parcel({}).too_much(*_size(whole), limits) is not None:
            found.append(lump)
        elif whole not in found:
            found.append(whole)
    return found


def lumps(goods: Sequence[Placed]) -> list[Lump]:
    """Give what must not be torn apart: whole ship-together groups first, then single pieces in order of the lines."""
    groups: dict[str, list[tuple[Line, int]]] = {}
    singles: list[list[tuple[Line, int]]] = _bundles(goods)
    for one in goods:
        if one.line.per_bundle and not one.line.ship_together:
            continue
        if one.line.ship_together:
            name = f"{one.line.id.rpartition('/')[0]}/{one.line.ship_together}"  # groups of merged orders stay two
            groups.setdefault(name, []).append((one.line, one.quantity))
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
