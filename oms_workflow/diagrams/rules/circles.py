"""Finding circles in a directed graph, without recursion. Knows nothing of diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def circles(graph: Graph) -> Iterator[tuple[str, ...]]:
    """Give every set of nodes that all reach each other (Tarjan, 1972), members in the order of the graph.

    A node alone is a circle only when it leads to itself. Takes time in proportion to nodes and edges.
    """
    search = _Search(graph)
    order = {node: position for position, node in enumerate(graph)}
    for node in graph:
        for component in search.from_node(node):
            if len(component) > 1 or component[0] in graph[component[0]]:
                yield tuple(sorted(component, key=lambda member: order[member]))


class _Search:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.number: dict[str, int] = {}
        self.lowest: dict[str, int] = {}
        self.stack: list[str] = []
        self.on_stack: set[str] = set()

    def from_node(self, start: str) -> Iterator[list[str]]:
        """Give the sets of nodes that are complete once everything behind `start` has been seen."""
        if start in self.number:
            return
        work = [(start, self._enter(start))]
        while work:
            node, successors = work[-1]
            for successor in successors:
                if successor not in self.graph:
                    continue
                if successor not in self.number:
                    work.append((successor, self._enter(successor)))
                    break
                if successor in self.on_stack:
                    self.lowest[node] = min(self.lowest[node], self.number[successor])
            else:
                work.pop()
                if work:
                    around = work[-1][0]
                    self.lowest[around] = min(self.lowest[around], self.lowest[node])
                if self.lowest[node] == self.number[node]:
                    yield self._component(node)

    def _enter(self, node: str) -> Iterator[str]:
        self.number[node] = self.lowest[node] = len(self.number)
        self.stack.append(node)
        self.on_stack.add(node)
        return iter(self.graph[node])

    def _component(self, root: str) -> list[str]:
        found: list[str] = []
        while True:
            member = self.stack.pop()
            self.on_stack.discard(member)
            found.append(member)
            if member == root:
                return found
