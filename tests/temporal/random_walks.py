"""Random diagrams for a real server: no activity answers by itself, the reference says what can be next."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

from oms_workflow.play.stage import Stage
from tests.reference.blocks import draw_blocks
from tests.reference.choosing import Choice, choices, take
from tests.reference.drawn import Diagram
from tests.reference.engine_side import EngineSide
from tests.reference.interpreter.world import World
from tests.reference.walking import BEGIN, read, walk
from tests.temporal.both_ways import BY, BothWays
from tests.temporal.stand import Stand

DONE_HERE = frozenset({"complete", "error", "message", "signal", "set", "retry"})


class Walker:
    """One diagram, in memory and on Temporal."""

    def __init__(self, stand: Stand, seed: int) -> None:
        self.diagram = drawn_for_people(seed)
        self.both = BothWays(stand, EngineSide(Stage(read(self.diagram)), by=BY), f"walk-{seed}")
        self._begin = BEGIN | {"k": seed}
        self._world = World(self.diagram)
        self._chance = Random(seed)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps that were taken."""
        return self.both.steps

    async def walk(self, most: int) -> list[str]:
        """Go so many steps; gives what differs, [] when nothing does."""
        await self.both.stand.deploy(self.diagram.text)
        step: dict[str, Any] = {"start": {"process": self.diagram.main, "variables": self._begin}}
        while True:
            differing = await self.both.take(step)
            take(self._world, step)
            ahead = [one for one in choices(self._world) if one.step.keys() & DONE_HERE]
            if differing or not ahead or len(self.steps) >= most:
                return differing
            step = self._chosen(ahead)

    def _chosen(self, ahead: list[Choice]) -> dict[str, Any]:
        choice = self._chance.choices(ahead, [one.weight for one in ahead])[0]
        brought = {self._chance.choice(("v0", "v1", "v2")): self._chance.randrange(4)} if choice.carries else {}
        return choice.step | ({"variables": brought} if brought and "error" not in choice.step else {})


def seeds_of_long_walks(fewest: int) -> Iterator[int]:
    """Give the seeds from 1 on whose diagrams keep the outside busy for so many steps."""
    for seed in itertools.count(1):
        if len(walk(drawn_for_people(seed), seed).steps) >= fewest:
            yield seed


def drawn_for_people(seed: int) -> Diagram:
    """Draw a diagram whose work is all done by people, so that no activity answers by itself."""
    diagram = draw_blocks(Random(seed), 14)
    for node in diagram.nodes():
        if node.kind == "service":
            node.kind = "user"
            node.keys.pop("type")
    return diagram
