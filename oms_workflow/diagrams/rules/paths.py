"""The ways tokens can take inside one process or sub-process, as a graph of node ids. Draws no conclusion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oms_workflow.diagrams.dialect.events import link_name
from oms_workflow.diagrams.document import Document, is_event_sub_process
from oms_workflow.diagrams.element import Element
from oms_workflow.diagrams.vocabulary import NODE_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The nodes directly inside a scope that stand in its flow, and where a token can go from each."""

    scope: Element
    nodes: tuple[Element, ...]  # without event sub-processes and compensation handlers
    ways: Mapping[str, tuple[str, ...]]

    @property
    def beginnings(self) -> tuple[Element, ...]:
        """Where tokens begin: at the start events, or without any at every node that nothing leads to."""
        starts = tuple(node for node in self.nodes if node.kind == "startEvent" or node.is_true("instantiate"))
        led_to = {target for targets in self.ways.values() for target in targets}
        return starts or tuple(node for node in self.nodes if node.id not in led_to and node.kind != "boundaryEvent")

    def reached_from(self, begin: Iterable[str], ways: Mapping[str, Iterable[str]] | None = None) -> set[str]:
        """Give all nodes that can be reached, the given ones included."""
        found = set(begin)
        waiting = list(found)
        while waiting:
            for target in (ways or self.ways).get(waiting.pop(), ()):
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return found

    def backwards(self) -> Mapping[str, list[str]]:
        """Give from where each node can be reached in one step."""
        sources: dict[str, list[str]] = defaultdict(list)
        for source, targets in self.ways.items():
            for target in targets:
                sources[target].append(source)
        return sources


def level(document: Document, scope: Element) -> Level:
    """Give the graph of one scope: flows, boundary events of their hosts, and links."""
    known: Level = document.once(f"level {scope.order}", lambda: _level(document, scope))
    return known


def _level(document: Document, scope: Element) -> Level:
    nodes = tuple(
        node
        for node in scope.children
        if node.kind in NODE_KINDS and not is_event_sub_process(node) and not node.is_true("isForCompensation")
    )
    catches = {
        name: node.id for node in nodes if node.kind == "intermediateCatchEvent" for name in _links(document, node)
    }
    ways: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        targets = [_id(document, flow.get("targetRef")) for flow in document.outgoing(node)]
        targets += [event.id for event in document.boundary_events(node)]
        if node.kind == "intermediateThrowEvent":
            targets += [catches[name] for name in _links(document, node) if name in catches]
        ways[node.id] = tuple(targets)
    return Level(scope=scope, nodes=nodes, ways=ways)


def _links(document: Document, node: Element) -> list[str]:
    definitions = document.event_definitions(node)
    return [link_name(document, definition) for definition in definitions if definition.kind == "linkEventDefinition"]


def _id(document: Document, reference: str) -> str:
    referred = document.refer(reference)
    return referred.id if referred is not None else reference
