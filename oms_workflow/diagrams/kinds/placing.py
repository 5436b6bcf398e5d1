"""Putting compiled nodes into their places: flows, hosts, scopes and handlers, by position in XML order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Flow, Node
from oms_workflow.diagrams.document import Document, scope_of
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.kinds.flow_node import Fields

Positions = Mapping[int, list[int]]


def place(document: Document, process: Element, loose: Sequence[Fields]) -> tuple[tuple[Node, ...], tuple[Flow, ...]]:
    """Give the nodes with every position in them filled in, and the flows.

    Args:
        loose: The process and all nodes inside it in XML order, with nothing in them that is a position.
    """
    elements = [document.by_id[fields["id"]] for fields in loose]
    position = {element.id: index for index, element in enumerate(elements)}
    flows = _flows(document, process, position)
    flow_position = {flow.id: index for index, flow in enumerate(flows)}
    parents = [position[scope_of(element).id] for element in elements]
    hosts = [position[_id(document, host)] if (host := _host(element)) else -1 for element in elements]
    incoming, outgoing = _grouped(flow.target for flow in flows), _grouped(flow.source for flow in flows)
    children, boundary = _grouped((-1, *parents[1:])), _grouped(hosts)
    handlers = _handlers(document, loose, elements, position, hosts)
    nodes = tuple(
        Node(
            **fields,
            parent=parents[index],
            incoming=tuple(incoming[index]),
            outgoing=tuple(outgoing[index]),
            default=flow_position.get(_default(document, elements[index]), -1),
            attached_to=hosts[index],
            boundary=tuple(boundary[index]),
            children=tuple(children[index]),
            starts=_of_kind(loose, children[index], NodeKind.START_EVENT),
            event_sub_processes=_of_kind(loose, children[index], NodeKind.EVENT_SUB_PROCESS),
            compensation_handler=handlers.get(index, -1),
        )
        for index, fields in enumerate(loose)
    )
    return nodes, flows


def _flows(document: Document, process: Element, position: Mapping[str, int]) -> tuple[Flow, ...]:
    found: list[Flow] = []
    for element in document.inside(process):
        if element.kind == "sequenceFlow":
            condition = element.first("conditionExpression")
            flow = Flow(
                id=element.id,
                source=position[_id(document, element.get("sourceRef"))],
                target=position[_id(document, element.get("targetRef"))],
                name=element.name,
                condition=condition.text if condition is not None else "",
                line=element.line,
            )
            found.append(flow)
    return tuple(found)


def _handlers(
    document: Document, loose: Sequence[Fields], elements: list[Element], position: Mapping[str, int], hosts: list[int]
) -> dict[int, int]:
    """Activity -> the activity that undoes it, through the association of its compensation event."""
    found: dict[int, int] = {}
    for index, element in enumerate(elements):
        if hosts[index] >= 0 and any(event.kind == "compensation" for event in loose[index]["events"]):
            for association in document.associations(element):
                target = _id(document, association.get("targetRef"))
                if target in position:
                    found.setdefault(hosts[index], position[target])
    return found


def _host(element: Element) -> str:
    return element.get("attachedToRef") if element.kind == "boundaryEvent" else ""


def _default(document: Document, element: Element) -> str:
    default = element.get("default")
    return _id(document, default) if default else ""


def _grouped(keys: Iterable[int]) -> Positions:
    """Key -> positions at which it stands, ascending."""
    found: dict[int, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        found[key].append(index)
    return found


def _of_kind(loose: Sequence[Fields], positions: list[int], kind: NodeKind) -> tuple[int, ...]:
    return tuple(index for index in positions if loose[index]["kind"] is kind)


def _id(document: Document, reference: str) -> str:
    referred = document.refer(reference)
    return referred.id if referred is not None else reference
