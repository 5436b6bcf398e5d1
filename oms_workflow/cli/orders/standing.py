"""Where many orders stand at a glance: the nodes they are at, how many incidents they have and nodes that are late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from oms_workflow.bpmn.kinds import SCOPES
from oms_workflow.cli.asking import now
from oms_workflow.cli.drawing import Drawing, Drawings
from oms_workflow.store.standing import OpenNode, instances_of_orders, open_nodes_of, trouble_of
from oms_workflow.store.unit_of_work import UnitOfWork

SCOPE_KINDS = frozenset(kind.value for kind in SCOPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node at which an order is."""

    element: str
    name: str  # as drawn
    short: str  # in the language of this run


@dataclass(slots=True, kw_only=True)
class Standing:
    """Where one order stands."""

    nodes: list[Place] = field(default_factory=list)  # the innermost ones
    incidents: int = 0
    late: int = 0


async def standing_of(unit: UnitOfWork, order_ids: Sequence[str]) -> dict[str, Standing]:
    """Give where each order stands, also when nothing runs for it."""
    found = {order_id: Standing() for order_id in order_ids}
    if not found:
        return found
    about = {one.workflow_id: one for one in await instances_of_orders(unit, order_ids) if one.status != "completed"}
    nodes = await open_nodes_of(unit, about)
    drawings = Drawings(unit)
    running = [one.workflow_id for one in about.values() if one.status == "running"]
    for instance in about.values():
        drawn = await drawings.of(instance)
        for node in innermost(nodes.get(instance.workflow_id, ()), drawn, running):
            place = Place(element=node.element, name=drawn.label(node.element), short=drawn.short(node.element))
            found[instance.order_id].nodes.append(place)
    for order_id, trouble in (await trouble_of(unit, order_ids, at=now())).items():
        found[order_id].incidents, found[order_id].late = trouble.incidents, trouble.late
    return found


def innermost(nodes: Sequence[OpenNode], drawn: Drawing, running: Iterable[str] = ()) -> list[OpenNode]:
    """Leave out scopes, and calls whose called process shows by itself where it is.

    Args:
        running: Workflow ids of instances that are shown.
    """
    holding = {node.scope for node in nodes}
    children = tuple(running)

    def shows(node: OpenNode) -> bool:
        if node.token in holding or drawn.kind(node.element) in SCOPE_KINDS:
            return False
        called = f"{node.instance}/{node.element}:"
        return not any(child.startswith(called) for child in children)

    return [node for node in nodes if shows(node)]
