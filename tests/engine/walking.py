"""A drawing, taken for a walk: facts in, what is open and what happened out. Every step is saved and restored.

Failing walks print their whole history, so a test can be mended from its output alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from oms_workflow import feel
from oms_workflow.bpmn.calendar import Calendar
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine import facts, snapshot
from oms_workflow.engine.edition import NEWEST
from oms_workflow.engine.records import Record
from oms_workflow.play.result import open_work, show
from oms_workflow.play.stage import Actor, Stage
from oms_workflow.play.walk import perform
from tests.drawing import bpmn


class Walk:
    """One stage with the drawn processes; the first one is started unless `start` is False."""

    def __init__(
        self,
        drawing: str,
        variables: Mapping[str, Any] | None = None,
        *,
        start: bool = True,
        calendars: Mapping[str, Calendar] | None = None,
        edition: int = NEWEST,
    ) -> None:
        source = Source(name="drawn.bpmn", raw=bpmn(drawing))
        definitions = read_diagrams([source], calendars=calendars).require()
        self.stage = Stage(definitions, calendars=calendars, edition=edition)
        self.process = definitions[0].id
        if start:
            self.start(variables or {})

    def start(self, variables: Mapping[str, Any]) -> None:
        self.stage.start(self.process, variables)
        self._restore()

    def begin(self, start: Mapping[str, Any]) -> None:
        """Start as the walk format says, such as `{"timer": True}`."""
        perform(self.stage, {"start": start})
        self._restore()

    def step(self, **step: Any) -> None:
        """Do one step of the walk format, such as `complete="Pack", variables={...}`."""
        perform(self.stage, {"steps": [step]})
        self._restore()

    def complete(self, element: str, index: int = 0, /, **variables: Any) -> None:
        self.step(complete=element, index=index, variables=variables)

    def advance(self, duration: str) -> None:
        self.step(advance=duration)

    def message(self, name: str, key: str = "", /, **variables: Any) -> None:
        self.step(message=name, correlationKey=key, variables=variables)

    def tell(self, fact: facts.Fact) -> None:
        self.stage.tell(self.first, fact)
        self._restore()

    def resolve(self, action: str = "retry", /, **variables: Any) -> None:
        """Answer the oldest incident."""
        actor = next(one for one in self.stage.actors if one.instance.state.incidents)
        incident = next(iter(actor.instance.state.incidents))
        fact = facts.IncidentResolved(at=self.stage.now, incident=incident, action=action, variables=variables)
        self.stage.tell(actor, fact)
        self._restore()

    @property
    def first(self) -> Actor:
        return self.stage.actors[0]

    @property
    def status(self) -> str:
        return self.stage.status

    @property
    def open(self) -> list[str]:
        """Elements that wait for an answer, sorted."""
        return sorted(actor.instance.program.steps[token.node].node.id for actor, token in open_work(self.stage))

    @property
    def waiting(self) -> list[str]:
        return sorted(one["element"] for one in show(self.stage, []).waiting)

    @property
    def trace(self) -> list[str]:
        return show(self.stage, []).trace

    @property
    def completed(self) -> list[str]:
        return show(self.stage, []).completed

    @property
    def incidents(self) -> list[tuple[str, str]]:
        """(code, message) of what needs a person."""
        return [
            (one.code, one.message) for actor in self.stage.actors for one in actor.instance.state.incidents.values()
        ]

    @property
    def variables(self) -> dict[str, Any]:
        return dict(feel.to_plain(dict(self.first.variables)))

    @property
    def records(self) -> list[Record]:
        return [record for actor in self.stage.actors for record in actor.records]

    def kinds(self, *kinds: str) -> list[str]:
        """`kind element` of the records of these kinds, in order."""
        return [f"{one.kind.value} {one.element}" for one in self.records if one.kind.value in kinds]

    def detail(self, kind: str) -> list[dict[str, Any]]:
        return [one.detail for one in self.records if one.kind.value == kind]

    def _restore(self) -> None:
        """Put every state through its JSON: what is not in there would be lost on a real server, too."""
        for actor in self.stage.actors:
            told = json.loads(json.dumps(snapshot.to_json(actor.instance.state)))
            actor.instance.state = snapshot.from_json(told)
            assert snapshot.to_json(actor.instance.state) == told

    def __repr__(self) -> str:
        lines = [
            f"{one.at:%m-%d %H:%M:%S} {one.kind.value:18} {one.element} {one.detail or ''}" for one in self.records
        ]
        return "\n".join(["", *lines, f"open: {self.open}", f"waiting: {self.waiting}"])
