"""The engine's side of a walk: a stage that is driven by steps and shows what the reference interpreter shows too."""

from __future__ import annotations

from collections import Counter
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import ad_hoc, commands, facts, snapshot
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.engine.reopening import open_commands
from oms_workflow.engine.state import Token
from oms_workflow.play.result import open_work
from oms_workflow.play.stage import Actor, Stage
from tests.reference.choosing import ANSWERS, MENDED
from tests.reference.interpreter.happening import duration
from tests.reference.operations import OPERATIONS, REFUSABLE, carry_out

ACTIONS = {"retry": "retry", "by_hand": "complete", "skip": "skip"}
COUNTED = {RecordKind.COMPLETED: "completed", RecordKind.TERMINATED: "terminated", RecordKind.FLOW_TAKEN: "taken"}


class EngineSide:
    """Counts records as they come, so that looking after each step costs no more than the step."""

    def __init__(self, stage: Stage, by: str = "") -> None:
        self.stage = stage
        self._by = by  # who answers tasks and incidents
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED.values()}
        self._refused = 0
        self._seen: dict[int, int] = {}  # records looked at, by instance

    def take(self, step: dict[str, Any]) -> list[Record]:
        """Do one step of the walk format and give the records it wrote."""
        stage, brought = self.stage, step.get("variables", {})
        if step.keys() & set(OPERATIONS):
            carry_out(stage, step, self._by)
        elif "start" in step:
            stage.start(step["start"]["process"], step["start"]["variables"])
        elif "advance" in step:
            stage.advance(stage.now + duration(step["advance"]))
        elif "message" in step:
            stage.publish(step["message"], step["correlationKey"], brought)
        elif "signal" in step:
            stage.broadcast(step["signal"], brought)
        elif "set" in step:
            actor = next(one for one in stage.actors if not one.instance.finished)
            stage.tell(actor, facts.VariablesSet(at=stage.now, variables=step["set"], by=self._by))
        elif "activate" in step:
            there = [(actor, token) for actor, token, node in self._offered() if node == step["activate"]]
            actor, token = there[step["index"]]
            chosen = facts.ElementsChosen(at=stage.now, token=token.id, elements=(step["activate"],), by=self._by)
            stage.tell(actor, chosen)
        else:
            self._answer(step, brought)
        return self._count()

    def meant(self, step: dict[str, Any]) -> tuple[Actor, Token]:
        """Give the token an answer is for."""
        kind = next(kind for kind in ANSWERS if kind in step)
        there = self._stuck() if kind in MENDED else open_work(self.stage)
        return [one for one in there if _id(*one) == step[kind]][step["index"]]

    def _answer(self, step: dict[str, Any], brought: dict[str, Any]) -> None:
        actor, token = self.meant(step)
        at, by, fact = self.stage.now, self._by, facts.Fact(at=self.stage.now)
        if "complete" in step:
            fact = facts.JobCompleted(at=at, token=token.id, variables=brought, by=by)
        elif "fail" in step:
            fact = facts.JobFailed(at=at, token=token.id, message="failed")
        elif "error" in step:
            fact = facts.ErrorThrown(at=at, token=token.id, code=step["code"], variables=brought)
        elif "escalate" in step:
            fact = facts.EscalationThrown(at=at, token=token.id, code=step["code"], variables=brought)
        else:
            raised = [one.id for one in actor.instance.state.incidents.values() if one.token == token.id]
            action: Any = next(ACTIONS[kind] for kind in MENDED if kind in step)
            fact = facts.IncidentResolved(at=at, incident=raised[0], action=action, variables=brought, by=by)
        self.stage.tell(actor, fact)

    def _stuck(self) -> list[tuple[Actor, Token]]:
        found = [(actor, token) for actor in self.stage.actors for token in actor.instance.state.tokens.values()]
        return [(actor, token) for actor, token in found if token.state is TokenState.INCIDENT]

    def _offered(self) -> list[tuple[Actor, Token, str]]:
        """Give what may be activated now; one at a time, that is nothing while another one is at work."""
        return [
            (actor, token, node.id)
            for actor in self.stage.actors
            for token in actor.instance.state.tokens.values()
            for node in ad_hoc.offered(actor.instance.program, token)
            if not ad_hoc.why_not(actor.instance, token.id, [node.id])
        ]

    def _count(self) -> list[Record]:
        found: list[Record] = []
        for actor in self.stage.actors:
            fresh = actor.records[self._seen.get(actor.number, 0) :]
            self._seen[actor.number] = len(actor.records)
            found += fresh
            for record in fresh:
                self._refused += record.kind is RecordKind.FACT_IGNORED and record.detail["fact"] in REFUSABLE
                if record.kind not in COUNTED or record.element == actor.instance.program.definition.id:
                    continue
                if not record.detail.get("undo"):
                    mark = " (loop)" if record.kind is RecordKind.COMPLETED and "loop" in record.detail else ""
                    self._counts[COUNTED[record.kind]][record.element + mark] += 1
        return found

    def shows(self) -> dict[str, Any]:
        """Give what can be seen, in the words of `walking.of_world`."""
        actors = self.stage.actors
        return {
            "status": self.stage.status,
            "open": sorted(_id(actor, token) for actor, token in open_work(self.stage)),
            "stuck": sorted(_id(actor, token) for actor, token in self._stuck()),
            "waiting": sorted(_waiting(actors)),
            "offered": sorted((node, _id(actor, token)) for actor, token, node in self._offered()),
            "asked again": sorted(_asked_again(actors)),
            **{name: dict(sorted(counts.items())) for name, counts in self._counts.items()},
            "variables": [feel.to_plain(dict(actor.variables)) for actor in actors],
            "inner variables": sorted(_inner(actors)),
            "escalations": list(self.stage.escalations),
            "refused": self._refused,
            "finished": [actor.instance.state.finished for actor in actors],
        }

    def states(self) -> list[dict[str, Any]]:
        """Give the whole state of every instance."""
        return [snapshot.to_json(actor.instance.state) for actor in self.stage.actors]


def told(name: str, variables: dict[str, Any]) -> str:
    """Give the variables of something inside an instance as text that can be compared and sorted.

    What an error says to people is left out: the standard has no word on it.
    """
    return f"{name} {sorted(((key, value) for key, value in variables.items() if key != 'errorMessage'), key=str)}"


def _asked_again(actors: list[Actor]) -> list[tuple[str, str]]:
    """Give what a host would have to do again if these instances had just been restored."""
    asked = [command for actor in actors for command in open_commands(actor.instance)]
    names = {commands.RunActivity: "work", commands.StartChild: "call", commands.StartTimer: "timer"}
    return [(names[type(one)], one.element) for one in asked]  # type: ignore[attr-defined, index]


def _waiting(actors: list[Actor]) -> list[tuple[str, str]]:
    found = []
    for actor in actors:
        for wait in actor.instance.state.waits.values():
            target = actor.instance.program.steps[wait.target].node
            if target.kind is not NodeKind.RECEIVE_TASK:
                found.append((target.id, wait.kind))
    return found


def _inner(actors: list[Actor]) -> list[str]:
    return [
        told(_id(actor, token), feel.to_plain(dict(token.variables)))
        for actor in actors
        for token in actor.instance.state.tokens.values()
        if token.parent and token.variables
    ]


def _id(actor: Actor, token: Token) -> str:
    return actor.instance.program.steps[token.node].node.id
