"""Which nodes start the process by what they wait for: start events, and nodes with `instantiate`. Judges nothing."""

from __future__ import annotations

from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.element import Element


def is_process_start(document: Document, node: Element) -> bool:
    """Say whether the event of a node starts the process, so that nothing is known yet when it happens."""
    if scope_of(node).kind != "process":
        return False
    is_start = node.kind == "startEvent" or (node.kind == "receiveTask" and node.is_true("instantiate"))
    return is_start or starting_gateway(document, node) is not None


def starting_gateway(document: Document, node: Element) -> Element | None:
    """Give the event-based gateway that starts the process by this node."""
    sources = (document.refer(flow.get("sourceRef")) for flow in document.incoming(node))
    gateways = (one for one in sources if one is not None and one.kind == "eventBasedGateway")
    return next((one for one in gateways if one.is_true("instantiate")), None)


def starts_with_others(document: Document, node: Element) -> bool:
    """Say whether a node starts the process or is waited for once another one has, as behind a Parallel gateway."""
    gateway = starting_gateway(document, node)
    return gateway is not None and gateway.get("eventGatewayType") == "Parallel"
