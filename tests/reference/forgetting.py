"""Instances that keep nothing in memory: their state goes through JSON before every single fact."""

from __future__ import annotations

import json

from oms_workflow.engine import snapshot
from oms_workflow.engine.commands import Command
from oms_workflow.engine.facts import Fact
from oms_workflow.engine.instance import Instance
from oms_workflow.play.stage import Actor, Stage


class Forgetful(Instance):
    """An instance that remembers between two facts only what its state says as JSON."""

    def receive(self, fact: Fact) -> list[Command]:
        """Go on from JSON; what is not in there is lost."""
        told = json.loads(json.dumps(snapshot.to_json(self.state)))
        self.state = snapshot.from_json(told)
        assert snapshot.to_json(self.state) == told
        return super().receive(fact)


class ForgetfulStage(Stage):
    """A stage of forgetful instances."""

    def _add(self, process: str, caller: tuple[Actor, int] | None) -> Actor:
        actor = super()._add(process, caller)
        actor.instance = Forgetful(actor.instance.program, decisions=actor.instance.decisions)
        return actor
