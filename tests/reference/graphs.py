"""Random unstructured diagrams: tasks and gateways connected at will, in circles too, joins without matching splits.

Valid all the same: every node is reached, every gateway splits or joins, each circle holds something that waits.
"""

from __future__ import annotations

from random import Random

from tests.reference.drafting import ESCALATIONS, Draft, Loose
from tests.reference.drawn import GATEWAYS, Diagram, Flow, Node, Scope

KINDS = (
    ("user",) * 5 + ("service", "script", "task", "catch") + ("xor",) * 3 + ("and",) * 2 + ("or",) * 4 + ("complex",)
)
WAITING = frozenset({"user", "service", "catch"})


def draw_graph(chance: Random, size: int = 10) -> Diagram:
    """Draw a diagram of so many nodes, beside its start and its ends."""
    draft = Draft(chance, size)
    scope = Scope()
    draft.diagram.processes[draft.name("p")] = scope
    start = draft.node(scope, "start")
    if chance.randrange(5) == 0:
        inner = draft.node(scope, "sub", {}, Scope())
        draft.lead(scope, [Loose(start.id)], inner)
        _fill(draft, inner.inside, draft.node(inner.inside, "start"), size)
        if draft.maybe(50):
            keys = (
                {"on": inner.id, "escalation": "*", "nonstop": ""}
                if draft.maybe(50)
                else {"on": inner.id} | draft.waited_for()
            )
            event = draft.node(scope, "catch", keys)
            draft.then(scope, [Loose(event.id)], "end")
        draft.then(scope, [Loose(inner.id)], "end")
    else:
        _fill(draft, scope, start, size)
    return draft.diagram


def _fill(draft: Draft, scope: Scope, start: Node, size: int) -> None:
    nodes = [draft.node(scope, kind, _keys(draft, kind)) for kind in (draft.chance.choice(KINDS) for _ in range(size))]
    for position, node in enumerate(nodes):  # a tree: every node is reached from an earlier one
        source = draft.chance.choice(nodes[max(0, position - 4) : position]) if position else start
        scope.flows.append(Flow(source.id, node.id))
    for _ in range(draft.chance.randrange(size // 3, size)):
        source, target = draft.chance.choice(nodes), draft.chance.choice(nodes)
        if source is not target and not _connected(scope, source, target):
            scope.flows.append(Flow(source.id, target.id))
    for _ in range(draft.chance.randrange(3)):
        host = draft.chance.choice(nodes)
        if host.kind in ("user", "service"):
            keys = {"on": host.id} | draft.waited_for() | ({"nonstop": ""} if draft.maybe(50) else {})
            event = draft.node(scope, "catch", keys)
            scope.flows.append(Flow(event.id, draft.chance.choice(nodes).id))
    _break_circles(draft, scope)
    _finish(draft, scope)
    _gateways_need_ways(draft, scope)
    _thresholds(draft, scope)
    _conditions(draft, scope)


def _keys(draft: Draft, kind: str) -> dict[str, str]:
    return draft.waited_for() if kind == "catch" else draft.work_keys(kind)


def _connected(scope: Scope, source: Node, target: Node) -> bool:
    return any(flow.source == source.id and flow.target == target.id for flow in scope.flows)


def _break_circles(draft: Draft, scope: Scope) -> None:
    """Put a task into each circle of nodes that never wait; a token in it would turn for ever."""
    while (circle := _idle_flow(scope)) is not None:
        between = draft.node(scope, "user")
        scope.flows.remove(circle)
        scope.flows += [Flow(circle.source, between.id), Flow(between.id, circle.target)]


def _idle_flow(scope: Scope) -> Flow | None:
    """Give a flow of a circle without anything that waits; None when there is no such circle."""
    idle = {node.id for node in scope.nodes if node.kind not in WAITING}
    for first in scope.flows:
        if not {first.source, first.target} <= idle:
            continue
        seen, ahead = {first.target}, [first.target]
        while ahead:
            for flow in scope.out_of(ahead.pop()):
                if flow.target == first.source:
                    return first
                if flow.target in idle and flow.target not in seen:
                    seen.add(flow.target)
                    ahead.append(flow.target)
    return None


def _finish(draft: Draft, scope: Scope) -> None:
    """Draw ends behind nodes that lead nowhere, and one more way out for a diagram that has none."""
    ends = [draft.node(scope, "end") for _ in range(draft.chance.randrange(1, 3))]
    if draft.maybe(25):
        ends[0].keys |= draft.chance.choice(({"terminate": ""}, {"escalation": ESCALATIONS[0]}, {"error": "E1"}))
    for node in list(scope.nodes):
        if node.kind != "end" and not scope.out_of(node.id):
            scope.flows.append(Flow(node.id, draft.chance.choice(ends).id))
    for end in ends:
        if not scope.into(end.id):
            others = [node for node in scope.nodes if node.kind not in ("end", "start", "catch")]
            scope.flows.append(Flow(draft.chance.choice(others).id, end.id))


def _gateways_need_ways(draft: Draft, scope: Scope) -> None:
    """Turn gateways that neither split nor join into tasks."""
    for node in scope.nodes:
        if node.kind in GATEWAYS and len(scope.into(node.id)) < 2 and len(scope.out_of(node.id)) < 2:
            node.kind = "user"


def _thresholds(draft: Draft, scope: Scope) -> None:
    """Say when complex gateways go on, and have some activities gather and give several tokens."""
    turning = {name for name in (node.id for node in scope.nodes) if _turns(scope, name)}
    for node in scope.nodes:
        if node.kind == "complex" and len(scope.into(node.id)) > 1:
            asked = (f"=activationCount >= {draft.chance.randrange(1, 4)}", draft.condition())
            node.keys["when"] = draft.chance.choice(asked)
        if node.kind in ("user", "service", "script") and draft.maybe(5):
            node.keys["give"] = "2"
        if node.kind in ("user", "service") and node.id in turning and draft.maybe(10):
            node.keys["start"] = "2"  # in a circle any number of tokens may come


def _turns(scope: Scope, name: str) -> bool:
    seen, ahead = set(), [name]
    while ahead:
        for flow in scope.out_of(ahead.pop()):
            if flow.target == name:
                return True
            if flow.target not in seen:
                seen.add(flow.target)
                ahead.append(flow.target)
    return False


def _conditions(draft: Draft, scope: Scope) -> None:
    """Give gateways that choose conditions and a default, and some activities with several flows out too."""
    for node in scope.nodes:
        flows = scope.out_of(node.id)
        chooses = node.kind in ("xor", "or", "complex") or (node.kind in ("user", "task", "script") and draft.maybe(50))
        if len(flows) < 2 or not chooses:
            continue
        for flow in flows:
            flow.condition = draft.condition()
        last = draft.chance.choice(flows)
        last.condition, last.default = "", True
