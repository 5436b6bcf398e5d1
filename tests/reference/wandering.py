"""Instances that are in another version of their process for every fact: nothing is where it was.

Before a fact they go to a version in which every id is another one and all stands in the opposite order. Then they go
on, by turns, in the drawn version and in a twin that has the same names and order at other positions. Who wanders must
show exactly what somebody shows who never left, and a journey must ask nothing of the host.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Flow, Node
from oms_workflow.engine.commands import Command
from oms_workflow.engine.facts import Fact, Migrated
from oms_workflow.engine.instance import Instance, prepare
from oms_workflow.engine.migration.atlas import inverse
from oms_workflow.engine.program import Program
from oms_workflow.play.stage import Actor, Stage

Elements = dict[str, str | None]
Places = tuple[Program, Program, Program, Elements]
_PLACES: dict[int, Places] = {}


def elsewhere(definition: Definition) -> Definition:
    """The same process with every id changed, and nodes and flows in the opposite order."""
    last_node, last_flow = len(definition.nodes), len(definition.flows) - 1
    nodes = _moved(definition, lambda one: last_node - one, lambda one: last_flow - one)
    root, *others = (replace(one, id=f"{one.id}x") for one in nodes)
    flows = [
        replace(one, id=f"{one.id}x", source=(last_node - one.source), target=(last_node - one.target))
        for one in definition.flows
    ]
    root = replace(root, id=definition.id)
    return replace(definition, nodes=(root, *reversed(others)), flows=tuple(reversed(flows)))


def twin(definition: Definition) -> Definition:
    """The same process behind a node and a flow that nothing leads to, so that no position is the same."""
    root, *others = _moved(definition, lambda one: one + 1, lambda one: one + 1)
    flows = [replace(one, source=one.source + 1, target=one.target + 1) for one in definition.flows]
    pad, nowhere = Node(id="pad", kind=NodeKind.TASK), Flow(id="nowhere", source=1, target=1)
    return replace(definition, nodes=(root, pad, *others), flows=(nowhere, *flows))


def _moved(definition: Definition, place: Callable[[int], int], way: Callable[[int], int]) -> list[Node]:
    """The nodes with their positions in a new order; the process itself, and what is not there, stay."""

    def node(one: int) -> int:
        return place(one) if one > 0 else one

    def nodes(many: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(node(one) for one in many)

    def flows(many: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(way(one) for one in many)

    return [
        replace(
            one,
            parent=node(one.parent),
            incoming=flows(one.incoming),
            outgoing=flows(one.outgoing),
            default=way(one.default) if one.default >= 0 else -1,
            attached_to=node(one.attached_to),
            boundary=nodes(one.boundary),
            children=nodes(one.children),
            starts=nodes(one.starts),
            event_sub_processes=nodes(one.event_sub_processes),
            compensation_handler=node(one.compensation_handler),
        )
        for one in definition.nodes
    ]


class Wandering(Instance):
    """An instance that hears each fact in another place than the one before."""

    def receive(self, fact: Fact) -> list[Command]:
        """Go away, come back to the other of the two homes, and take in the fact."""
        if self.state.root and not self.state.finished:
            home, other, away, names = self._places()
            back = inverse(names, home.definition, away.definition)
            self._go(fact, away, names)
            self._go(fact, other if self.state.last_seq % 2 else home, back)
        return super().receive(fact)

    def _places(self) -> Places:
        found = _PLACES.get(id(self.program))
        if found is None:
            home = self.program
            drawn = home.definition
            other, away = prepare(twin(drawn), home.calendars), prepare(elsewhere(drawn), home.calendars)
            names: Elements = {one.id: f"{one.id}x" for one in (*drawn.nodes[1:], *drawn.flows)}
            found = home, other, away, names
            _PLACES[id(home)] = _PLACES[id(other)] = found
        return found

    def _go(self, fact: Fact, program: Program, elements: Elements) -> None:
        asked = super().receive(Migrated(at=fact.at, program=program, decisions=self.decisions, elements=elements))
        assert self.program is program, self._records[-1].detail
        assert asked == []


class WanderingStage(Stage):
    """A stage of such instances."""

    def _add(self, process: str, caller: tuple[Actor, int] | None) -> Actor:
        actor = super()._add(process, caller)
        actor.instance = Wandering(actor.instance.program, decisions=actor.instance.decisions)
        return actor
