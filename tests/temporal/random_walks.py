"""A random diagram walked twice: in memory, and on a real Temporal server whose worker forgets each instance at once.

After every step each instance, called ones too, must have written the same records to the database as in memory.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from oms_workflow.engine.records import Record
from oms_workflow.play.stage import Actor, Stage
from oms_workflow.temporal import names
from tests.reference.blocks import draw_blocks
from tests.reference.choosing import Choice, choices, take
from tests.reference.drawn import Diagram
from tests.reference.engine_side import EngineSide
from tests.reference.interpreter.world import World
from tests.reference.walking import BEGIN, read, walk
from tests.temporal.stand import Stand, now

BY = "test"
DONE_HERE = frozenset({"complete", "error", "message", "signal", "set", "retry"})
OURS = frozenset({"message_id"})  # what a host numbers in its own way


class Walker:
    """One diagram, in memory and on Temporal."""

    def __init__(self, stand: Stand, seed: int) -> None:
        self.stand = stand
        self.diagram = drawn_for_people(seed)
        self.begin = BEGIN | {"k": seed}
        self.instance = f"walk-{seed}"
        self.world = World(self.diagram)
        self.memory = EngineSide(Stage(read(self.diagram)), by=BY)
        self.chance = Random(seed)
        self.steps: list[dict[str, Any]] = []

    async def walk(self, most: int) -> list[str]:
        """Go so many steps; gives what differs, [] when nothing does."""
        await self.stand.deploy(self.diagram.text)
        step: dict[str, Any] = {"start": {"process": self.diagram.main, "variables": self.begin}}
        while True:
            self.steps.append(step)
            await self._on_temporal(step)
            take(self.world, step)
            self.memory.take(step)
            await self.stand.rest()
            differing = [line for actor in self.memory.stage.actors for line in await self._differing(actor)]
            ahead = [one for one in choices(self.world) if one.step.keys() & DONE_HERE]
            if differing or not ahead or len(self.steps) >= most:
                return differing
            step = self._chosen(ahead)

    async def replay(self) -> None:
        """Replay every history of the walk."""
        for actor in self.memory.stage.actors:
            await self.stand.replay(self._name(actor))

    async def end(self) -> None:
        """Leave nothing running that could hear what the next walk says."""
        if not self.memory.stage.actors[0].instance.finished:
            await self.stand.house.operator.end(self.instance, by=BY, reason="the walk is over")
            await self.stand.rest()

    def _chosen(self, ahead: list[Choice]) -> dict[str, Any]:
        choice = self.chance.choices(ahead, [one.weight for one in ahead])[0]
        brought = {self.chance.choice(("v0", "v1", "v2")): self.chance.randrange(4)} if choice.carries else {}
        return choice.step | ({"variables": brought} if brought and "error" not in choice.step else {})

    async def _on_temporal(self, step: dict[str, Any]) -> None:
        house, brought, number = self.stand.house, step.get("variables", {}), len(self.steps)
        if "start" in step:
            await self.stand.start(self.diagram.main, self.instance, **self.begin)
        elif "message" in step:
            await self.stand.publish(step["message"], step["correlationKey"], f"{self.instance}-{number}", **brought)
        elif "signal" in step:
            await house.dispatcher.broadcast(f"{self.instance}-{number}", step["signal"], brought, at=now())
        elif "set" in step:
            actor = next(one for one in self.memory.stage.actors if not one.instance.finished)
            await house.operator.set_variables(self._name(actor), step["set"], by=BY)
        elif "retry" in step:
            actor, token = self.memory.meant(step)
            incidents = actor.instance.state.incidents.values()
            incident = next(one.id for one in incidents if one.token == token.id)
            await house.operator.resolve(self._name(actor), incident, "retry", by=BY)
        else:
            actor, token = self.memory.meant(step)
            code = step.get("code", "")
            await house.operator.complete(self._name(actor), token.id, brought, by=BY, error_code=code)

    async def _differing(self, actor: Actor) -> list[str]:
        name = self._name(actor)
        expected, found = _told(actor.records), _told(await self.stand.records(name))
        if expected == found:
            return []
        position = next((i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), -1)
        return [f"{name}, record {position} of {len(expected)} and {len(found)}:", *expected, "on Temporal:", *found]

    def _name(self, actor: Actor) -> str:
        if actor.caller is None:
            return self.instance
        caller, token = actor.caller
        calls = [one for one in self.memory.stage.actors if one.caller == actor.caller]
        element = next(one.element for one in caller.records if one.token == token)
        return names.child_workflow(self._name(caller), element, token, calls.index(actor) + 1)


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


def _told(records: Any) -> list[str]:
    return [_line(record) for record in records]


def _line(record: Record) -> str:
    detail = {name: value for name, value in record.detail.items() if name not in OURS}
    told = json.dumps(detail, sort_keys=True, ensure_ascii=False)
    return f"{record.seq} {record.kind.value} {record.element} {record.token} {record.scope} {told}"
