"""Which node and flow of a new version takes the place of which of the old one: as a plan says, else by the same id."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node
from oms_workflow.engine.program import Program

Elements = Mapping[str, str | None]
"""Old id -> new id; None: what waits there is to be closed, what could be undone there is to be forgotten."""

DROPPED = -2
MISSING = -1


class NotReversible(ValueError):
    """A plan that sends two elements to one has no way back; the text names them."""


class Atlas:
    """Old positions to new ones, for one plan and two versions of a process."""

    def __init__(self, old: Program, new: Program, elements: Elements) -> None:
        self.old = old
        self.new = new
        self._elements = elements
        self._nodes = [0, *(self._node_of(node) for node in old.definition.nodes[1:])]
        self._flow_ids = {flow.id: index for index, flow in enumerate(new.definition.flows)}
        self.images = frozenset(self._nodes)

    def node(self, position: int) -> int:
        """Give the position in the new version; MISSING or DROPPED when there is none."""
        return self._nodes[position]

    def flow(self, index: int) -> int:
        """Give a flow by the plan, by its id, or by what it connects; MISSING when none fits."""
        flow = self.old.definition.flows[index]
        wanted = self._elements.get(flow.id, flow.id)
        if wanted in self._flow_ids:
            return self._flow_ids[wanted]
        source, target = self.node(flow.source), self.node(flow.target)
        fitting = [
            position
            for position, other in enumerate(self.new.definition.flows)
            if (other.source, other.target) == (source, target)
        ]
        return fitting[0] if len(fitting) == 1 else MISSING

    def _node_of(self, node: Node) -> int:
        wanted = self._elements.get(node.id, node.id)
        return DROPPED if wanted is None else self.new.positions.get(wanted, MISSING)


def inverse(elements: Elements, old: Definition, new: Definition) -> dict[str, str | None]:
    """Give the way back: what was renamed gets its old name, events that the new version added are closed.

    Raises:
        NotReversible: When two old elements have the same new one.
    """
    back: dict[str, str | None] = {}
    for origin, target in elements.items():
        if target is None:
            continue
        if back.get(target, origin) != origin:
            raise NotReversible(f"{back[target]!r} and {origin!r} both go to {target!r}: there is no one way back")
        back[target] = origin
    images = {elements.get(node.id, node.id) for node in old.nodes}
    known = {node.id for node in old.nodes}
    for node in new.nodes:
        if node.id not in images and node.id not in known and _is_extra(node, new):
            back[node.id] = None
    return back


def _is_extra(node: Node, definition: Definition) -> bool:
    """Whether a node is an event that waits beside what is drawn: at a border, or for an event sub-process."""
    if node.kind is NodeKind.BOUNDARY_EVENT:
        return True
    starts = node.kind is NodeKind.START_EVENT
    return starts and definition.nodes[node.parent].kind is NodeKind.EVENT_SUB_PROCESS
