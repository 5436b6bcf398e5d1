"""Putting cuboids into a cuboid so that none overlaps another: the first free corner, lowest first.

The free room is kept as the largest cuboids that are empty, which may overlap each other (maximal spaces; Lai and Chan
1997). That a thing finds no place here does not prove that there is none; that it finds one proves that it fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import NamedTuple

from oms_workflow.domain.carton import Sides


class Block(NamedTuple):
    """A cuboid at a place, in millimetres: the corner nearest to the origin, then its sides."""

    x: int
    y: int
    z: int
    length: int
    width: int
    height: int

    def overlaps(self, other: Block) -> bool:
        """True when they share room; touching is no sharing."""
        return (
            self.x < other.x + other.length
            and other.x < self.x + self.length
            and self.y < other.y + other.width
            and other.y < self.y + self.width
            and self.z < other.z + other.height
            and other.z < self.z + self.height
        )

    def holds(self, other: Block) -> bool:
        """True when the other one lies inside this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.z <= other.z
            and other.x + other.length <= self.x + self.length
            and other.y + other.width <= self.y + self.width
            and other.z + other.height <= self.z + self.height
        )


class Room:
    """The inside of a carton while things are put into it."""

    def __init__(self, inner: Sides, *, grain: int = 1) -> None:
        """Open a carton.

        Args:
            grain: The shortest side of anything that will be put in; free room thinner than that is forgotten.
        """
        self.placed: list[Block] = []
        self._grain = grain
        self._free = [Block(0, 0, 0, *inner.longest_first)]

    def put(self, things: Iterable[Sides]) -> bool:
        """Put things in, all or none; True when they are in."""
        free, placed = self._free, self.placed
        for thing in things:
            block = _corner(free, thing)
            if block is None:
                return False
            placed = [*placed, block]
            free = _without(free, block, self._grain)
        self._free, self.placed = free, placed
        return True


def _corner(free: list[Block], thing: Sides) -> Block | None:
    """Find the lowest corner, and there the way round that leaves the least beside it."""
    ways = sorted(set(permutations(thing.longest_first)), reverse=True)
    best: tuple[tuple[int, ...], Block] | None = None
    for space in free:
        for length, width, height in ways:
            if length <= space.length and width <= space.width and height <= space.height:
                tight = min(space.length - length, space.width - width, space.height - height)
                rank = (space.z, tight, space.y, space.x, height)
                if best is None or rank < best[0]:
                    best = rank, Block(space.x, space.y, space.z, length, width, height)
    return None if best is None else best[1]


def _without(free: list[Block], block: Block, grain: int) -> list[Block]:
    """Take a block out of the free room: each space it cuts leaves up to six, of which only the largest are kept."""
    kept = [space for space in free if not space.overlaps(block)]
    cut = {part for space in free if space.overlaps(block) for part in _around(space, block, grain)}
    for part in sorted(cut, key=lambda one: (-one.length * one.width * one.height, one)):  # what holds others first
        if not any(other.holds(part) for other in kept):
            kept.append(part)
    return kept


def _around(space: Block, block: Block, grain: int) -> list[Block]:
    x, y, z, length, width, height = space
    right, back, top = block.x + block.length, block.y + block.width, block.z + block.height
    parts = (
        Block(x, y, z, block.x - x, width, height),
        Block(right, y, z, x + length - right, width, height),
        Block(x, y, z, length, block.y - y, height),
        Block(x, back, z, length, y + width - back, height),
        Block(x, y, z, length, width, block.z - z),
        Block(x, y, top, length, width, z + height - top),
    )
    return [part for part in parts if min(part.length, part.width, part.height) >= grain]
