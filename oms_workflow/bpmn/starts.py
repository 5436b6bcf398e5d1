"""What sets a process going from outside: start events with a trigger, and nodes with `instantiate`. Starts nothing."""

from __future__ import annotations

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Definition, Node


def outside_starts(definition: Definition) -> tuple[Node, ...]:
    """Give the nodes whose event starts an instance, in XML order (BPMN 2.0.2, 13.2).

    Of an event-based gateway that starts the process these are the nodes behind it: the first event decides.
    """
    nodes = definition.nodes
    return tuple(
        node
        for node in (nodes[child] for child in definition.process.children)
        if (node.kind is NodeKind.START_EVENT and node.events)
        or (node.kind is NodeKind.RECEIVE_TASK and node.instantiate)
        or starting_gateway(definition, node) >= 0
    )


def starting_gateway(definition: Definition, node: Node) -> int:
    """Give the position of the event-based gateway that starts the process by this node; -1 when there is none."""
    for flow in node.incoming:
        source = definition.flows[flow].source
        gateway = definition.nodes[source]
        if gateway.kind is NodeKind.EVENT_BASED_GATEWAY and gateway.instantiate:
            return source
    return -1
