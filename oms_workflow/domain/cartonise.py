"""Planning parcels: which goods go into which carton. Few parcels first, then cheap cartons, then small ones.

Bin packing has no fast exact rule, so several greedy ones are tried and the best plan is taken; how many parcels are
needed at least is computed apart, and often proves the plan. Packing by hand is never perfect: of a carton with more
than one lump only `fill_percent` counts as room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oms_workflow.domain.carton import Carton, Lump, PackingPlan, Parcel, Sides
from oms_workflow.domain.placing import Room

FILL_PERCENT = 85  # what people reach who pack mixed goods without a drawing
MOST_PLACED = 60  # pieces in a carton that are placed side by side; of more, only the volume counts

Ranking = Callable[[Lump], tuple[int, ...]]

_BY_VOLUME: Ranking = lambda lump: (lump.volume_mm3, lump.longest_mm, lump.weight_grams)  # noqa: E731
_BY_SIDE: Ranking = lambda lump: (lump.longest_mm, lump.volume_mm3, lump.weight_grams)  # noqa: E731
_BY_WEIGHT: Ranking = lambda lump: (lump.weight_grams, lump.volume_mm3, lump.longest_mm)  # noqa: E731
RANKINGS: tuple[Ranking, ...] = (_BY_VOLUME, _BY_SIDE, _BY_WEIGHT)


def cartonise(lumps: Sequence[Lump], cartons: Sequence[Carton], *, fill_percent: int = FILL_PERCENT) -> PackingPlan:
    """Put every piece into exactly one parcel, breaking no limit of any carton.

    Lumps of different kinds, and those that ship alone, share no parcel. A lump no carton holds is a parcel without a
    carton. There are never more parcels than lumps. The same goods and cartons give the same plan.

    Args:
        cartons: Of one warehouse, their costs in one currency.
        fill_percent: How much of a carton's room counts when it holds more than one lump, 1 to 100.

    Raises:
        ValueError: For a fill factor that is none.
    """
    if not 1 <= fill_percent <= 100:
        raise ValueError(f"A fill factor is 1 to 100 percent, found {fill_percent}.")
    known = sorted(cartons, key=_price)
    parcels: list[Parcel] = []
    least = 0
    for kind in dict.fromkeys(lump.kind for lump in lumps):
        together = []
        for lump in (lump for lump in lumps if lump.kind == kind):
            holder = holder_of(lump, known, fill_percent)
            if holder is not None and not lump.alone:
                together.append(lump)
            else:
                parcels.append(Parcel(carton=holder, lumps=(lump,)))
                least += 1
        parcels += _packed(together, known, fill_percent)
        least += least_parcels(together, known, fill_percent)
    unmeasured = sum(1 for lump in lumps for piece in lump.pieces if piece.sides is None and not piece.volume_mm3)
    return PackingPlan(parcels=tuple(parcels), least=least, unmeasured=unmeasured)


def least_parcels(lumps: Sequence[Lump], cartons: Sequence[Carton], fill_percent: int) -> int:
    """Say how many parcels these need whatever anybody does: by weight, by volume, and by those too big to be two."""
    if not lumps:
        return 0
    strongest = max(carton.holds_grams for carton in cartons)
    largest = max(carton.inner.volume_mm3 for carton in cartons)
    room = largest * fill_percent // 100
    by_weight = _up(sum(lump.weight_grams for lump in lumps), strongest)
    by_volume = _up(sum(lump.volume_mm3 for lump in lumps), largest)
    heavy = sum(1 for lump in lumps if 2 * lump.weight_grams > strongest)
    bulky = sum(1 for lump in lumps if 2 * lump.volume_mm3 > room)
    return max(1, by_weight, by_volume, heavy, bulky)


def _packed(lumps: Sequence[Lump], cartons: Sequence[Carton], fill_percent: int) -> tuple[Parcel, ...]:
    """Try every rule and take the best plan; the first of equals."""
    best: tuple[Parcel, ...] | None = None
    for ranking in RANKINGS if lumps else ():
        ordered = sorted(lumps, key=ranking, reverse=True)  # stable: equals stay in order of the lines
        for by_cost in (False, True):
            plan = _plan(ordered, cartons, fill_percent, by_cost=by_cost)
            if best is None or _worth(plan) < _worth(best):
                best = plan
            if len(best) == 1:
                return best  # the cheapest carton that holds everything
    return best or ()


def _plan(lumps: Sequence[Lump], cartons: Sequence[Carton], fill_percent: int, *, by_cost: bool) -> tuple[Parcel, ...]:
    """Fill one carton after the other until nothing is left; the last one is the cheapest that holds the rest."""
    left = list(lumps)
    parcels: list[Parcel] = []
    while left:
        chosen: list[int] = []
        worth = (0, 1)  # what goes in, for how much
        for carton in cartons:
            taken = _filled(carton, left, fill_percent)
            mine = _amount(left, taken), carton.cost.minor_units + 1 if by_cost else 1
            if mine[0] * worth[1] > worth[0] * mine[1] or len(taken) == len(left):
                chosen, worth = taken, mine
            if len(taken) == len(left):
                break
        inside = [left[place] for place in chosen]
        cheapest = next(one for one in cartons if _takes_all(one, inside, fill_percent))
        parcels.append(Parcel(carton=cheapest, lumps=tuple(inside)))
        gone = set(chosen)
        left = [lump for place, lump in enumerate(left) if place not in gone]
    return tuple(parcels)


def _amount(lumps: Sequence[Lump], places: Sequence[int]) -> int:
    """How much goes in: by volume, or by weight where a gram takes less than a cubic centimetre."""
    return sum(max(lumps[place].volume_mm3, 1000 * lumps[place].weight_grams, 1) for place in places)


def _filled(carton: Carton, lumps: Sequence[Lump], fill_percent: int) -> list[int]:
    """Put lumps in while they fit, in their order, leaving out those that do not; gives the places of those inside."""
    room = Room(carton.inner, grain=_grain(lumps))
    taken: list[int] = []
    grams = volume = pieces = placed = 0
    out: set[tuple[int, int, tuple[Sides, ...]]] = set()  # as large as one that found no place
    for place, lump in enumerate(lumps):
        sides = _sides(lump)
        like = lump.weight_grams, lump.volume_mm3, sides
        many = pieces + len(lump.pieces)
        allowed = carton.inner.volume_mm3 * (fill_percent if many > 1 else 100) // 100
        if like in out or grams + lump.weight_grams > carton.holds_grams or volume + lump.volume_mm3 > allowed:
            continue
        if not _goes_in(room, sides, carton, placed):
            out.add(like)
            continue
        taken.append(place)
        grams, volume, pieces = grams + lump.weight_grams, volume + lump.volume_mm3, many
        placed += len(sides)
    return taken


def _takes_all(carton: Carton, lumps: Sequence[Lump], fill_percent: int) -> bool:
    grams, volume = sum(one.weight_grams for one in lumps), sum(one.volume_mm3 for one in lumps)
    if grams > carton.holds_grams or volume > carton.inner.volume_mm3:
        return False
    return len(_filled(carton, lumps, fill_percent)) == len(lumps)


def _grain(lumps: Sequence[Lump]) -> int:
    """The shortest side of anything."""
    known = (piece.sides.longest_first[2] for lump in lumps for piece in lump.pieces if piece.sides is not None)
    return min(known, default=1)


def _goes_in(room: Room, sides: tuple[Sides, ...], carton: Carton, placed: int) -> bool:
    if not all(one.fits_in(carton.inner) for one in sides):
        return False
    return placed + len(sides) > MOST_PLACED or room.put(sides)


def _sides(lump: Lump) -> tuple[Sides, ...]:
    known = [piece.sides for piece in lump.pieces if piece.sides is not None]
    return tuple(sorted(known, key=lambda one: (one.volume_mm3, one.longest_first), reverse=True))


def holder_of(lump: Lump, cartons: Sequence[Carton], fill_percent: int = FILL_PERCENT) -> Carton | None:
    """Give the cheapest carton that holds a lump by itself; None when none does."""
    return next((one for one in sorted(cartons, key=_price) if _filled(one, [lump], fill_percent)), None)


def _worth(parcels: Sequence[Parcel]) -> tuple[int, int, int]:
    boxes = [parcel.carton for parcel in parcels if parcel.carton is not None]
    return len(parcels), sum(box.cost.minor_units for box in boxes), sum(box.inner.volume_mm3 for box in boxes)


def _price(carton: Carton) -> tuple[int, int, str]:
    return carton.cost.minor_units, carton.inner.volume_mm3, carton.id


def _up(amount: int, by: int) -> int:
    return -(-amount // by) if by else 0
