"""The plans an order may have, each a set of warehouses, and what each costs at given prices. All orders at once.

For every set of warehouses the cheapest plan from them is found, exactly: block by block, and for each number of its
units, from the best plan without the last warehouse of the set. A piece may cost another amount than the one before
it from the same warehouse: that is how cuts on goods that lie in small numbers are paid for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from oms_workflow.optimise.features import Features
from oms_workflow.optimise.program import NONE, Place

SETS_AT_MOST = 1_100  # of warehouses, for one order: all sets of ten; what has more is left to the search
UNITS_AT_MOST = 4  # of a block that may be divided
CELLS = 400_000  # of orders times sets that are priced in one go; keeps the tables in the cache of the machine

Array = Any  # numpy has no types that say more here


def can_be_listed(place: Place) -> bool:
    """Say whether all plans of an order can be looked at."""
    return place.plain and max(place.units) <= UNITS_AT_MOST and _sets(len(place.parcels), _size(place)) <= SETS_AT_MOST


def families(places: Sequence[Place], features: Features, *, complete: bool) -> Iterator[Family]:
    """Put orders of like size together: what is done for one of them is done for all of them at once."""
    alike: dict[tuple[int, int, bool], list[int]] = {}
    for number, place in enumerate(places):
        # a family is as wide as its widest member: a step of two warehouses costs less than another family
        key = (len(place.parcels) + 1) // 2, len(place.units), complete or place.whole
        alike.setdefault(key, []).append(number)
    for (_, _, strict), members in alike.items():
        width = max(len(places[number].parcels) for number in members)
        size = max(_size(places[number]) for number in members)
        step = max(1, CELLS // _sets(width, size))
        for begin in range(0, len(members), step):
            some = members[begin : begin + step]
            yield Family([places[number] for number in some], some, features, strict=strict)


def _size(place: Place) -> int:
    return min(place.most, sum(place.units))


def _sets(width: int, size: int) -> int:
    return sum(comb(width, many) for many in range(1, size + 1))


@dataclass(frozen=True, slots=True)
class _Sets:
    """All sets of up to so many of so many warehouses, small ones first."""

    masks: Array  # set x warehouse
    sizes: Array
    steps: tuple[tuple[int, int, Array, Array], ...]  # first, end, the set without its last, its last

    @classmethod
    def of(cls, width: int, size: int) -> _Sets:
        found = [chosen for many in range(1, size + 1) for chosen in combinations(range(width), many)]
        at = {chosen: number for number, chosen in enumerate(found)}
        masks = np.zeros((len(found), width), dtype=bool)
        for number, chosen in enumerate(found):
            masks[number, list(chosen)] = True
        steps = []
        for many in range(2, size + 1):
            mine = list(combinations(range(width), many))
            parents = np.array([at[chosen[:-1]] for chosen in mine])
            steps.append((at[mine[0]], at[mine[-1]] + 1, parents, np.array([chosen[-1] for chosen in mine])))
        return cls(masks, masks.sum(axis=1), tuple(steps))


class Family:
    """Orders with about as many warehouses and as many blocks: their plans in tables, order x set."""

    def __init__(self, places: Sequence[Place], numbers: Sequence[int], features: Features, *, strict: bool) -> None:
        """Number the features of each order; `numbers` is what the orders are called outside.

        Args:
            strict: An order takes all or nothing.
        """
        width = max(len(place.parcels) for place in places)
        self.numbers = np.array(numbers)
        self.sets = _Sets.of(width, max(_size(place) for place in places))
        self.strict = strict
        self.free = features.free
        self.most = np.array([place.most for place in places])
        nothing = (NONE,) * width
        self.parcels = np.array([(place.parcels + nothing)[:width] for place in places])
        self.apart = np.array([place.apart for place in places])
        blocks = range(len(places[0].units))
        # largest first, so that one table holds blocks of like size
        ordered = [sorted(blocks, key=lambda block, place=place: -place.units[block]) for place in places]  # type: ignore[misc]
        self.units = [np.array([place.units[order[one]] for place, order in zip(places, ordered, strict=True)])
                      for one in blocks]  # fmt: skip
        self.pieces = [features.levels([(place.taken[order[one]] + nothing)[:width]
                                        for place, order in zip(places, ordered, strict=True)], self.units[one].max())
                       for one in blocks]  # fmt: skip
        self.served = [features.totals([(number, order[one]) for number, order in zip(numbers, ordered, strict=True)],
                                       self.units[one], self.units[one].max()) for one in blocks]  # fmt: skip

    def price(self, prices: Array) -> Array:
        """Give what the best plan from each set costs; a set none can come from costs infinitely much."""
        total = self._opened(prices)
        for block, units in enumerate(self.units):
            table = self._served(block, self._tables(block, prices), prices)
            if self.strict:
                total += np.take_along_axis(np.stack(table), (units - 1)[None, :, None], axis=0)[0]
            else:
                least = np.minimum(table[0], 0.0)
                for one in table[1:]:
                    least = np.minimum(least, one)
                total += least
        total[self.sets.sizes[None, :] > self.most[:, None]] = np.inf
        return total

    def _opened(self, prices: Array) -> Array:
        width = self.parcels.shape[1]
        total = np.zeros((len(self.numbers), len(self.sets.sizes)))
        cost = np.where(self.apart[:, None], prices[self.parcels], 0.0)
        total[:, :width] = cost
        for begin, end, parents, last in self.sets.steps:
            np.add(total[:, parents], cost[:, last], out=total[:, begin:end])
        return total

    def _tables(self, block: int, prices: Array) -> list[Array]:
        """Give the cost of exactly 1, 2, ... units from each set."""
        each = np.cumsum(prices[self.pieces[block]], axis=2)  # order x warehouse x units
        many, width = each.shape[2], each.shape[1]
        table = [np.empty((len(self.numbers), len(self.sets.sizes))) for _ in range(many)]
        for units in range(many):
            table[units][:, :width] = each[:, :, units]
        for begin, end, parents, last in self.sets.steps:
            before = [one[:, parents] for one in table]
            for units in range(many):
                best = np.minimum(before[units], each[:, last, units])
                for mine in range(units):
                    best = np.minimum(best, before[units - 1 - mine] + each[:, last, mine])
                table[units][:, begin:end] = best
        return table

    def _served(self, block: int, table: list[Array], prices: Array) -> list[Array]:
        """Add what serving so many units of a block costs, wherever they come from."""
        each = np.cumsum(prices[self.served[block]], axis=1)
        return [one + each[:, units, None] for units, one in enumerate(table)]

    def plans(self, prices: Array, orders: Array, sets: Array) -> tuple[Array, Array]:
        """Spell out the best plan of some orders from some sets: (number of the pair, feature it has)."""
        rows, found = [], []
        used = np.zeros((len(orders), self.parcels.shape[1]), dtype=bool)
        for block in range(len(self.units)):
            taken = self._taken(block, prices, orders, sets)
            used |= taken > 0
            total = taken.sum(axis=1)
            for unit in range(self.pieces[block].shape[2]):
                which, place = np.nonzero(taken > unit)
                rows.append(which)
                found.append(self.pieces[block][orders[which], place, unit])
                which = np.nonzero(total > unit)[0]
                rows.append(which)
                found.append(self.served[block][orders[which], unit])
        which, place = np.nonzero(used & self.apart[orders][:, None])
        row, feature = np.concatenate([*rows, which]), np.concatenate([*found, self.parcels[orders[which], place]])
        real = (feature != NONE) & (feature != self.free)
        return row[real], feature[real]

    def _taken(self, block: int, prices: Array, orders: Array, sets: Array) -> Array:
        """Say how many units each warehouse of the set sends, by walking the best choices backwards."""
        each = np.cumsum(prices[self.pieces[block][orders]], axis=2)
        each = np.where(self.sets.masks[sets][:, :, None], each, np.inf)
        many, width = each.shape[2], each.shape[1]
        best = np.full((len(orders), many + 1), np.inf)
        best[:, 0] = 0.0
        walked = []
        for place in range(width):
            ways = np.full((len(orders), many + 1, many + 1), np.inf)
            ways[:, :, 0] = best
            for mine in range(1, many + 1):
                ways[:, mine:, mine] = best[:, : many + 1 - mine] + each[:, place, mine - 1, None]
            choice = ways.argmin(axis=2)
            walked.append(choice)
            best = np.take_along_axis(ways, choice[:, :, None], axis=2)[:, :, 0]
        best[:, 1:] += np.cumsum(prices[self.served[block][orders]], axis=1)
        units = self.units[block][orders] if self.strict else best.argmin(axis=1)
        taken = np.zeros((len(orders), width), dtype=int)
        for place in range(width - 1, -1, -1):
            taken[:, place] = walked[place][np.arange(len(orders)), units]
            units = units - taken[:, place]
        return taken
