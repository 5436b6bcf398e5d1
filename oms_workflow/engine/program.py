"""A definition made ready to run: who acts at each node, what each event leads to, which nodes reach which joins.

Made once per definition and shared by every instance of it, so nothing in here changes while an instance runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from oms_workflow.bpmn.calendar import ALWAYS, Calendar
from oms_workflow.bpmn.events import (
    CompensationEvent,
    ErrorEvent,
    EscalationEvent,
    EventDefinition,
    LinkEvent,
)
from oms_workflow.bpmn.kinds import ACTIVITIES, SCOPES, NodeKind
from oms_workflow.bpmn.model import Definition, Flow, Node

if TYPE_CHECKING:
    from oms_workflow.engine.nodes.behaviour import Behaviour

WAITED_FOR = frozenset({"timer", "message", "signal", "conditional"})


class Step:
    """One node with what is worth working out once."""

    __slots__ = (
        "asks",
        "attached_waits",
        "behaviour",
        "boundary_errors",
        "boundary_escalations",
        "compensation_start",
        "entries",
        "flows",
        "given",
        "has_threshold",
        "in_ad_hoc",
        "in_sequence",
        "index",
        "inner_compensable",
        "inner_errors",
        "inner_escalations",
        "is_activity",
        "is_join",
        "is_scope",
        "is_undoable",
        "node",
        "prepares",
        "sub_process_waits",
    )

    def __init__(self, index: int, node: Node, definition: Definition, behaviour: Behaviour) -> None:
        self.index = index
        self.node = node
        self.behaviour = behaviour
        self.flows: tuple[tuple[int, Flow], ...] = tuple((flow, definition.flows[flow]) for flow in node.outgoing)
        self.given = node.outgoing * node.completion_quantity  # flows, once for each token they take
        self.asks = node.default >= 0 or any(flow.condition for _, flow in self.flows)
        self.is_activity, self.is_scope = node.kind in ACTIVITIES, node.kind in SCOPES
        self.has_threshold = _has_threshold(node)
        self.is_join = self.has_threshold or (behaviour.joins and len(node.incoming) > 1)
        nodes = definition.nodes
        around = nodes[node.parent].ad_hoc
        self.in_ad_hoc = around is not None  # directly inside an ad-hoc sub-process
        self.in_sequence = around is not None and around.sequential
        boundary = [(position, nodes[position]) for position in node.boundary]
        self.attached_waits = tuple(position for position, event in boundary if _waited_for(event))
        self.prepares = bool(node.inputs or node.loop is not None or self.attached_waits or self.in_sequence)
        self.boundary_errors = tuple(_catching(boundary, ErrorEvent))
        self.boundary_escalations = tuple(_catching(boundary, EscalationEvent))
        starts = [(start, nodes[start]) for child in node.event_sub_processes for start in nodes[child].starts]
        self.sub_process_waits = tuple(position for position, event in starts if _waited_for(event))
        self.inner_errors = tuple(_catching(starts, ErrorEvent))
        self.inner_escalations = tuple(_catching(starts, EscalationEvent))
        undo = [position for position, event in starts if isinstance(_only(event), CompensationEvent)]
        self.compensation_start = undo[0] if undo else -1
        self.entries = tuple(_entries(node, nodes)) if self.is_scope else ()
        self.inner_compensable = self.is_scope and (
            self.compensation_start >= 0 or any(_compensable(nodes[child], nodes) for child in node.children)
        )
        self.is_undoable = node.compensation_handler >= 0 or self.inner_compensable


class Program:
    """A definition with a `Step` for every node. `calendars` are by id."""

    def __init__(
        self, definition: Definition, behaviours: Mapping[NodeKind, Behaviour], calendars: Mapping[str, Calendar]
    ) -> None:
        self.definition = definition
        self.calendars: Mapping[str, Calendar] = {ALWAYS.id: ALWAYS} | dict(calendars)
        self.steps: tuple[Step, ...] = tuple(
            Step(index, node, definition, behaviours[node.kind]) for index, node in enumerate(definition.nodes)
        )
        self.positions: Mapping[str, int] = {node.id: index for index, node in enumerate(definition.nodes)}
        self._reach: dict[int, dict[int, int]] = {}

    @cached_property
    def link_targets(self) -> Mapping[tuple[int, str], int]:
        """The catch event of each link, by (scope, name)."""
        return {
            (step.node.parent, event.name): step.index
            for step in self.steps
            for event in step.node.events
            if isinstance(event, LinkEvent) and step.node.kind is NodeKind.CATCH_EVENT
        }

    def reach_of(self, gateway: int) -> Mapping[int, int]:
        """For each incoming flow of a join: the set (as bits) of nodes from which a token can still get onto it.

        Paths through the gateway itself do not count (BPMN 2.0.2, 13.4.3, Inclusive Gateway).
        """
        if gateway not in self._reach:
            self._reach[gateway] = {flow: self._sources_of(flow, gateway) for flow in self.steps[gateway].node.incoming}
        return self._reach[gateway]

    def _sources_of(self, flow: int, gateway: int) -> int:
        found, open_nodes = 0, [self.definition.flows[flow].source]
        while open_nodes:
            node = open_nodes.pop()
            if node == gateway or found >> node & 1:
                continue
            found |= 1 << node
            open_nodes.extend(self._comes_from(node))
        return found

    def _comes_from(self, node: int) -> Iterator[int]:
        drawn = self.definition.nodes[node]
        for flow in drawn.incoming:
            yield self.definition.flows[flow].source
        if drawn.attached_to >= 0:
            yield drawn.attached_to
        yield from self._links_to.get(node, ())

    @cached_property
    def _links_to(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for step in self.steps:
            event = _only(step.node)
            if isinstance(event, LinkEvent) and step.node.kind is NodeKind.THROW_EVENT:
                target = self.link_targets.get((step.node.parent, event.name))
                if target is not None:
                    found.setdefault(target, []).append(step.index)
        return {target: tuple(sources) for target, sources in found.items()}


def _only(node: Node) -> EventDefinition | None:
    return node.events[0] if len(node.events) == 1 else None


def _has_threshold(node: Node) -> bool:
    """Whether tokens are gathered until a rule of the node's own lets it begin, whichever flows they came on."""
    return node.start_quantity > 1 or bool(node.activation_condition)


def _waited_for(node: Node) -> bool:
    return any(event.kind in WAITED_FOR for event in node.events)


def _catching(
    events: Iterable[tuple[int, Node]], kind: type[ErrorEvent] | type[EscalationEvent]
) -> Iterator[tuple[str, int]]:
    """(code, node) of the events that catch this kind, those with a code first: the specific one wins."""
    caught = [(event.code, position) for position, node in events for event in node.events if isinstance(event, kind)]
    yield from (entry for entry in caught if entry[0])
    yield from (entry for entry in caught if not entry[0])


def _entries(scope: Node, nodes: tuple[Node, ...]) -> Iterator[int]:
    """Where a scope begins: its none start event, or every node nothing leads to (BPMN 2.0.2, 13.3.1)."""
    drawn = [start for start in scope.starts if not nodes[start].events]
    if scope.starts:
        yield from drawn
        return
    for child in scope.children:
        node = nodes[child]
        begins = not node.incoming and node.attached_to < 0 and not node.for_compensation and not node.instantiate
        catches_link = node.kind is NodeKind.CATCH_EVENT and isinstance(_only(node), LinkEvent)
        if begins and not catches_link and node.kind is not NodeKind.EVENT_SUB_PROCESS:
            yield child


def _compensable(node: Node, nodes: tuple[Node, ...]) -> bool:
    if node.compensation_handler >= 0:
        return True
    open_nodes = [node]
    while open_nodes:
        inside = open_nodes.pop()
        for child in inside.children:
            if nodes[child].compensation_handler >= 0:
                return True
            if any(isinstance(event, CompensationEvent) for event in nodes[child].events):
                return True
            open_nodes.append(nodes[child])
    return False
