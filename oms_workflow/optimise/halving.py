"""Cuts on goods that lie in small numbers: half of a limit, rounded down.

Two orders that want two pieces each cannot both have them of three that lie there, yet a relaxation gives each one
and a half. Half of `pieces taken <= 3` says that at most one order takes a second piece. Adding `a first piece is taken
at most once` of some orders before halving gives more such rows, as long as the sum is odd (Chvatal 1973, Gomory 1958;
cuts with multipliers of a half: Caprara and Fischetti 1996). Of a single limit the most violated one is found exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

ENOUGH = 0.02  # a cut that is violated by less changes next to nothing


@dataclass(frozen=True, slots=True)
class Limit:
    """Pieces of some goods that can be sent, from one warehouse or from all."""

    chains: tuple[tuple[tuple[int, ...], int], ...]  # features of one, two, ... units of a taker; pieces of a unit
    others: tuple[tuple[int, int], ...]  # variables whose plans are not listed, with the pieces of one unit
    pieces: int

    @property
    def seconds(self) -> tuple[int, ...]:
        """The features that take a second piece; where nobody does, halving says nothing new."""
        return tuple(chain[0] if unit > 1 else chain[1] for chain, unit in self.chains if unit > 1 or len(chain) > 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """Features of which there are at most so many, with weights."""

    terms: tuple[tuple[int, int], ...]
    most: int


class Halving:
    """Limits that may be cut. Those over which nobody takes a second piece never are, and are left away."""

    def __init__(self, limits: Iterable[Limit]) -> None:
        self._limits = [(limit, limit.seconds) for limit in limits if limit.seconds]

    def cuts(self, values: Sequence[float]) -> Iterator[Cut]:
        """Give the most violated cut of each limit that has one."""
        for limit, seconds in self._limits:
            if any(values[one] > ENOUGH for one in seconds):
                yield from _cut(limit, values)


def _cut(limit: Limit, values: Sequence[float]) -> Iterator[Cut]:
    """Add a row to the limit for whom that helps, then one more or one less to make the sum odd."""
    worth: list[tuple[float, int]] = []
    for number, (chain, unit) in enumerate(limit.chains):
        if unit % 2 and values[chain[0]] > 0:
            plain, added = _weights(len(chain), unit, 0), _weights(len(chain), unit, 1)
            gain = sum((more - less) * values[one] for one, more, less in zip(chain, added, plain, strict=True))
            worth.append((0.5 - gain, number))
    worth.sort()
    many = sum(loss < 0 for loss, _ in worth)
    if (limit.pieces + many) % 2 == 0:
        further = worth[many][0] if many < len(worth) else 1.0
        without = -worth[many - 1][0] if many else 1.0
        many += 1 if further <= without else -1
        if not 0 <= many <= len(worth):
            return
    chosen = {number for _, number in worth[:many]}
    terms = {variable: unit // 2 for variable, unit in limit.others if unit > 1}
    for number, (chain, unit) in enumerate(limit.chains):
        weights = _weights(len(chain), unit, int(number in chosen))
        terms |= {one: weight for one, weight in zip(chain, weights, strict=True) if weight}
    most = (limit.pieces + many - 1) // 2
    if sum(weight * values[one] for one, weight in terms.items()) > most + ENOUGH:
        yield Cut(tuple(terms.items()), most)


@lru_cache(maxsize=1024)
def _weights(units: int, pieces: int, more: int) -> tuple[int, ...]:
    """Give what each unit counts once everything is halved and rounded down, with `more` added to the first."""
    halves = [0, *((unit * pieces + more) // 2 for unit in range(1, units + 1))]
    return tuple(after - before for before, after in pairwise(halves))
