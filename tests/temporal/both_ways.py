"""A walk taken twice: in memory, and on a real Temporal server whose worker forgets each instance at once.

After every step each instance, called ones too, must have written the same records to the database as in memory.
"""

from __future__ import annotations

import json
from typing import Any

from oms_workflow.engine.records import Record
from oms_workflow.play.stage import Actor
from oms_workflow.temporal import names
from tests.reference.engine_side import EngineSide
from tests.temporal.stand import Stand, now

BY = "test"
OURS = frozenset({"message_id"})  # what a host numbers in its own way


class BothWays:
    """One instance with those it calls, in memory and on Temporal."""

    def __init__(self, stand: Stand, memory: EngineSide, instance: str) -> None:
        self.stand = stand
        self.memory = memory
        self.instance = instance
        self.steps: list[dict[str, Any]] = []

    async def take(self, step: dict[str, Any]) -> list[str]:
        """Do one step on both; gives what differs then, [] when nothing does."""
        self.steps.append(step)
        await self._on_temporal(step)
        self.memory.take(step)
        await self.stand.rest()
        return [line for actor in self.memory.stage.actors for line in await self._differing(actor)]

    async def replay(self) -> None:
        """Replay every history of the walk."""
        for actor in self.memory.stage.actors:
            await self.stand.replay(self._name(actor))

    async def end(self) -> None:
        """Leave nothing running that could hear what the next walk says."""
        if not self.memory.stage.actors[0].instance.finished:
            await self.stand.house.operator.end(self.instance, by=BY, reason="the walk is over")
            await self.stand.rest()

    async def _on_temporal(self, step: dict[str, Any]) -> None:
        house, brought, number = self.stand.house, step.get("variables", {}), len(self.steps)
        if "start" in step:
            await self.stand.start(step["start"]["process"], self.instance, **step["start"]["variables"])
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
            await self._answer(step, brought)

    async def _answer(self, step: dict[str, Any], brought: dict[str, Any]) -> None:
        actor, token = self.memory.meant(step)
        code = step.get("code", "")
        await self.stand.house.operator.complete(self._name(actor), token.id, brought, by=BY, error_code=code)

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


def _told(records: Any) -> list[str]:
    return [_line(record) for record in records]


def _line(record: Record) -> str:
    detail = {name: value for name, value in record.detail.items() if name not in OURS}
    told = json.dumps(detail, sort_keys=True, ensure_ascii=False)
    return f"{record.seq} {record.kind.value} {record.element} {record.token} {record.scope} {told}"
