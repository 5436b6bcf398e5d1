"""Making a diagram smaller while it still shows what it shows: greedy, one removal at a time, until none is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.reference.drawn import HOLDERS, Diagram, Flow, Scope

NEEDED = frozenset(
    {"on", "type", "key", "message", "process", "expression", "result", "compensates", "item", "element"}
)


def smallest(diagram: Diagram, still: Callable[[Diagram], bool], most: int = 2_000) -> Diagram:
    """Give the smallest diagram found for which `still` is true; it must be true for the diagram itself."""
    tried, found = 0, True
    while found and tried < most:
        found = False
        for smaller in _smaller(diagram):
            tried += 1
            if still(smaller):
                diagram, found = smaller, True
                break
            if tried >= most:
                break
    return diagram


def _smaller(diagram: Diagram) -> Iterator[Diagram]:
    """Give every diagram that is one removal away, the large removals first."""
    for process in list(diagram.processes)[1:]:
        copy = diagram.copy()
        del copy.processes[process]
        calls = [
            (level, node) for level in copy.levels() for node in level.nodes if node.keys.get("process") == process
        ]
        for _, node in calls:
            node.kind, node.keys = "user", {name: text for name, text in node.keys.items() if name != "process"}
        yield copy
    levels = list(diagram.levels())
    for position, level in enumerate(levels):
        for name in [node.id for node in level.nodes]:
            for change in (_cut, _bypass, _flatten):
                copy = diagram.copy()
                if change(list(copy.levels())[position], name):
                    yield _without_unreached(copy)
        for number in range(len(level.flows)):
            copy = diagram.copy()
            del list(copy.levels())[position].flows[number]
            yield _without_unreached(copy)
    yield from _plainer(diagram, levels)


def _plainer(diagram: Diagram, levels: list[Scope]) -> Iterator[Diagram]:
    """Give the diagrams with one key or one condition less."""
    for position, level in enumerate(levels):
        for number, node in enumerate(level.nodes):
            for key in node.keys.keys() - NEEDED:
                copy = diagram.copy()
                del list(copy.levels())[position].nodes[number].keys[key]
                yield copy
        for number, flow in enumerate(level.flows):
            if flow.condition:
                copy = diagram.copy()
                list(copy.levels())[position].flows[number].condition = ""
                yield copy


def _cut(level: Scope, name: str) -> bool:
    """Take a node away with its flows, and what is attached to it."""
    gone = {name} | {node.id for node in level.boundary(name)}
    level.nodes = [node for node in level.nodes if node.id not in gone]
    level.flows = [flow for flow in level.flows if not {flow.source, flow.target} & gone]
    return True


def _bypass(level: Scope, name: str) -> bool:
    """Take a node away and lead what came into it to where it led."""
    before, after = level.into(name), level.out_of(name)
    if not before or not after:
        return False
    _cut(level, name)
    for flow in before:
        for onward in after:
            if all((one.source, one.target) != (flow.source, onward.target) for one in level.flows):
                level.flows.append(Flow(flow.source, onward.target, flow.condition, flow.default))
    return True


def _flatten(level: Scope, name: str) -> bool:
    """Make a sub-process a user task, and a rarer kind of task too."""
    node = level.node(name)
    if node.kind not in (*HOLDERS, "call", "service", "manual", "receive", "script", "send"):
        return False
    node.kind, node.inside = "user", None
    node.keys = {key: text for key, text in node.keys.items() if key not in NEEDED - {"compensates"}}
    return True


def _without_unreached(diagram: Diagram) -> Diagram:
    """Drop what nothing leads to any more, and give paths that now lead nowhere an end."""
    for level in diagram.levels():
        while True:
            handlers = {node.keys["undo"] for node in level.nodes if "undo" in node.keys}
            ids = {node.id for node in level.nodes}
            lost = {node.id for node in level.nodes if node.host and node.host not in ids}
            lost |= {node.id for node in level.nodes if "compensates" in node.keys and node.id not in handlers}
            lost |= {node.id for node in level.nodes if _stands_alone(node.kind, node.keys) and not level.into(node.id)}
            if not lost:
                break
            for name in lost:
                _cut(level, name)
    return diagram


def _stands_alone(kind: str, keys: dict[str, str]) -> bool:
    return kind not in ("start", "esub") and not {"on", "compensates", "link"} & keys.keys()
