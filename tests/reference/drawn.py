"""A diagram as data: made by a generator, run by the reference interpreter, turned into BPMN XML by `tests/drawing.py`.

Nothing of the product is in here, so that nobody shares a mistake: the interpreter reads this data, the engine what
comes back through the real front door.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

WORKED = frozenset({"user", "manual", "service", "receive"})  # somebody outside says when they are done
HOLDERS = frozenset({"sub", "tx", "adhoc"})  # activities that hold others
ACTIVITIES = WORKED | HOLDERS | {"task", "script", "send", "call"}
GATEWAYS = frozenset({"xor", "and", "or", "event", "complex"})


@dataclass(slots=True)
class Node:
    """One drawn node. `keys` are those of `tests/drawing.py`; `inside` is what a sub-process holds."""

    kind: str
    id: str
    keys: dict[str, str] = field(default_factory=dict)
    inside: Scope | None = None

    @property
    def host(self) -> str:
        """The activity a boundary event is attached to; '' for any other node."""
        return self.keys.get("on", "")

    @property
    def interrupting(self) -> bool:
        """Whether a boundary event, or the start of an event sub-process, ends what it is attached to."""
        return "nonstop" not in self.keys

    @property
    def definitions(self) -> tuple[dict[str, str], ...]:
        """What the event is drawn with: its own keys, or those of each of several definitions."""
        several = self.keys.get("any") or self.keys.get("all")
        return _several(several) if several else (self.keys,)

    def copy(self) -> Node:
        """Give a copy that shares nothing."""
        return Node(self.kind, self.id, dict(self.keys), self.inside.copy() if self.inside else None)


@dataclass(slots=True)
class Flow:
    """A sequence flow between two nodes of one scope; there is at most one between the same two."""

    source: str
    target: str
    condition: str = ""
    default: bool = False

    @property
    def id(self) -> str:
        """The id the flow has in the XML."""
        return f"{self.source}_{self.target}"


@dataclass(slots=True)
class Scope:
    """What a process or a sub-process holds, in the order of the XML."""

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def node(self, name: str) -> Node:
        """Give the node of this level with an id."""
        return next(node for node in self.nodes if node.id == name)

    def out_of(self, name: str) -> list[Flow]:
        """Give the flows out of a node, in the order of the XML."""
        return [flow for flow in self.flows if flow.source == name]

    def into(self, name: str) -> list[Flow]:
        """Give the flows into a node, in the order of the XML."""
        return [flow for flow in self.flows if flow.target == name]

    def boundary(self, host: str) -> list[Node]:
        """Give the boundary events of an activity, but not the one for its compensation."""
        return [node for node in self.nodes if node.host == host]

    def event_sub_processes(self) -> list[tuple[Node, Node]]:
        """Give each event sub-process of this level with its start event."""
        found = [node for node in self.nodes if node.kind == "esub" and node.inside]
        return [(node, next(one for one in node.inside.nodes if one.kind == "start")) for node in found if node.inside]

    def copy(self) -> Scope:
        """Give a copy that shares nothing."""
        flows = [Flow(flow.source, flow.target, flow.condition, flow.default) for flow in self.flows]
        return Scope([node.copy() for node in self.nodes], flows)

    def levels(self) -> Iterator[Scope]:
        """Give this level and every one inside it."""
        yield self
        for node in self.nodes:
            if node.inside is not None:
                yield from node.inside.levels()


@dataclass(slots=True)
class Diagram:
    """The processes of one file; the first one is the one that is started."""

    processes: dict[str, Scope]

    @property
    def main(self) -> str:
        """Id of the process that is started."""
        return next(iter(self.processes))

    def copy(self) -> Diagram:
        """Give a copy that shares nothing."""
        return Diagram({name: scope.copy() for name, scope in self.processes.items()})

    def levels(self) -> Iterator[Scope]:
        """Give every level of every process."""
        for scope in self.processes.values():
            yield from scope.levels()

    def nodes(self) -> Iterator[Node]:
        """Give every node."""
        for level in self.levels():
            yield from level.nodes

    @property
    def text(self) -> str:
        """The diagram in the language of `tests/drawing.py`."""
        lines: list[str] = []
        for name, scope in self.processes.items():
            lines.append(f"process {name}")
            lines += _lines(scope, "  ")
        return "\n".join(lines) + "\n"


@cache
def _several(text: str) -> tuple[dict[str, str], ...]:
    words = [shlex.split(part) for part in text.split(";")]
    return tuple({name: value for name, _, value in (word.partition("=") for word in one)} for one in words)


def _lines(scope: Scope, indent: str) -> Iterator[str]:
    for node in scope.nodes:
        keys = [f"{name}={value}" if value else name for name, value in node.keys.items()]
        yield indent + " ".join([node.kind, node.id, *map(shlex.quote, keys)])
        if node.inside is not None:
            yield from _lines(node.inside, indent + "  ")
    for flow in scope.flows:
        condition = " if " + shlex.quote(flow.condition) if flow.condition else ""
        yield f"{indent}{flow.source} -> {flow.target}{condition}{' default' if flow.default else ''}"


def is_doubled(keys: dict[str, str], beside: list[Node]) -> bool:
    """Whether an event drawn with these keys would catch what one beside it catches already, which is refused."""
    kinds = ("error", "escalation", "message")
    caught = [(kind, one[kind]) for event in beside for one in event.definitions for kind in kinds if kind in one]
    return any(
        (kind, one[kind]) in caught for one in Node("catch", "", keys).definitions for kind in kinds if kind in one
    )
