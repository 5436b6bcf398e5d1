"""Checking, before anything is touched, that everything an instance has open has a place in the new version.

Only what is open counts: where nothing waits, runs, is stopped, or could still be undone, a version may differ as it
likes. Each finding names one element of the version the instance runs now, with its place in that diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Node
from oms_workflow.engine.migration.atlas import DROPPED, MISSING, Atlas
from oms_workflow.engine.migration.likeness import differences, event_differences
from oms_workflow.engine.nodes.complex_gateway import COUNTS
from oms_workflow.engine.state import Compensable, State, Token, Wait
from oms_workflow.errors import Diagnostic

FIXES = {
    "no-target": "Map it in the plan to the element that takes its place.",
    "cannot-be-dropped": "A token is here: map it to an element, or cancel its branch or move it before.",
    "kind-differs": "Map it to an element of the same kind, or move the token before.",
    "scope-differs": "Map it to an element inside the one that its scope is mapped to, or move the token before.",
    "no-flow": "Map that flow in the plan to the one that takes its place.",
    "no-cancel-event": "Draw a cancel boundary event in the new version, or wait until all is undone.",
    "no-handler": "Draw a compensation handler in the new version, or map the element to null to forget it.",
}
DEFAULT_FIX = "Map it to an element that is alike, or let the instance go on until it has passed."


def findings(state: State, atlas: Atlas) -> list[Diagnostic]:
    """Give everything that keeps an instance from going on in the new version; nothing when it can."""
    found: dict[tuple[str, str], Diagnostic] = {}
    if atlas.old.definition.id != atlas.new.definition.id:
        wanted = atlas.new.definition.id
        note = _finding(atlas, 0, "process-differs", f"it would become an instance of {wanted!r}, another process")
        return [note]
    for code, position, message in _problems(state, atlas):
        one = _finding(atlas, position, code, message)
        found.setdefault((code, one.element), one)
    return list(found.values())


def _problems(state: State, atlas: Atlas) -> Iterator[tuple[str, int, str]]:
    for token in state.tokens.values():
        yield from _of_token(state, atlas, token)
        yield from _of_joins(atlas, token)
        yield from _of_undoing(atlas, (*(token.compensation or ()), *(token.undoing or ())))
        for position in token.ad_hoc.waiting if token.ad_hoc is not None else ():
            yield from _of_node(atlas, position, "chosen")
    for wait in state.waits.values():
        yield from _of_wait(state, atlas, wait)


def _of_token(state: State, atlas: Atlas, token: Token) -> Iterator[tuple[str, int, str]]:
    if not token.parent:
        return
    yield from _of_node(atlas, token.node, "a token is there")
    old = atlas.old.steps[token.node].node
    if old.kind is NodeKind.TRANSACTION and token.undoing is not None and token.role != "undo":
        yield from _of_cancelling(atlas, token.node)
    if old.kind is NodeKind.COMPLEX_GATEWAY and token.variables and COUNTS in token.variables:
        counts = token.variables[COUNTS]
        yield from _of_flows(
            atlas, token.node, [flow for flow in old.incoming if counts.get(atlas.old.definition.flows[flow].id)]
        )
    stopped = any(one.token == token.id and one.phase == "activating" for one in state.incidents.values())
    if stopped and token.index >= 0 and token.role == "plain" and atlas.node(token.index) < 0:
        yield "no-target", token.index, "the event that set its scope going has no place in the new version"


def _of_cancelling(atlas: Atlas, position: int) -> Iterator[tuple[str, int, str]]:
    nodes, target = atlas.new.definition.nodes, atlas.node(position)
    events = [event.kind for at in (nodes[target].boundary if target >= 0 else ()) for event in nodes[at].events]
    if target >= 0 and "cancel" not in events:
        yield "no-cancel-event", position, "it is being cancelled, and could not be left in the new version"


def _of_node(atlas: Atlas, position: int, why: str) -> Iterator[tuple[str, int, str]]:
    target = atlas.node(position)
    if target == MISSING:
        yield "no-target", position, f"{why}, and the new version has no such element"
    elif target == DROPPED:
        yield "cannot-be-dropped", position, f"{why}, and the plan maps it to nothing"
    else:
        old, new = _nodes(atlas, position)
        for code, told in differences(old, new):
            yield code, position, told
        yield from _of_scope(atlas, position, old, new)


def _of_scope(atlas: Atlas, position: int, old: Node, new: Node) -> Iterator[tuple[str, int, str]]:
    if atlas.node(old.parent) != new.parent:
        here, there = atlas.old.steps[old.parent].node.id, atlas.new.steps[new.parent].node.id
        yield "scope-differs", position, f"it is inside {here!r}, and would be inside {there!r}"


def _of_wait(state: State, atlas: Atlas, wait: Wait) -> Iterator[tuple[str, int, str]]:
    host = state.tokens[wait.token].node
    if wait.target == host:
        return  # it goes with its token
    target = atlas.node(wait.target)
    if target == DROPPED:
        return  # the plan says that it is to be closed
    if target == MISSING:
        yield "no-target", wait.target, "it waits for its event, and the new version has no such element"
        return
    old, new = _nodes(atlas, wait.target)
    if old.kind is not new.kind:
        yield "kind-differs", wait.target, f"it is a {old.kind} and would become a {new.kind}"
        return
    for code, told in event_differences(old, new):
        yield code, wait.target, told
    if old.kind is NodeKind.BOUNDARY_EVENT and atlas.node(old.attached_to) != new.attached_to:
        yield "host-differs", wait.target, "it is attached to another activity in the new version"
    elif old.kind is NodeKind.START_EVENT:
        yield from _of_scope(atlas, wait.target, old, new)
        yield from _of_scope(atlas, old.parent, *_nodes(atlas, old.parent)) if atlas.node(old.parent) >= 0 else ()
    elif old.kind is not NodeKind.BOUNDARY_EVENT and atlas.node(host) >= 0:
        behind = [flow.target for _, flow in atlas.new.steps[atlas.node(host)].flows]
        if target not in behind:
            yield "not-behind-gateway", wait.target, "no flow leads to it from the gateway that waits for it"


def _of_joins(atlas: Atlas, scope: Token) -> Iterator[tuple[str, int, str]]:
    for gateway, taken in (scope.resets or {}).items():
        yield from _of_node(atlas, gateway, "it has fired and waits for the other tokens")
        yield from _of_flows(atlas, gateway, taken)
    for gateway, waiting in (scope.joins or {}).items():
        yield from _of_node(atlas, gateway, "tokens wait there to be joined")
        target = atlas.node(gateway)
        if target < 0:
            continue
        if not atlas.new.steps[target].is_join:
            yield "not-a-join", gateway, "tokens wait there to be joined, and it joins nothing in the new version"
        yield from _of_flows(atlas, gateway, waiting)


def _of_flows(atlas: Atlas, gateway: int, flows: Iterable[int]) -> Iterator[tuple[str, int, str]]:
    """Flows over which tokens have come to a node: they have to lead to it in the new version, too."""
    for flow in flows if atlas.node(gateway) >= 0 else ():
        new = atlas.flow(flow)
        if new < 0 or atlas.new.definition.flows[new].target != atlas.node(gateway):
            told = f"a token has come over flow {atlas.old.definition.flows[flow].id!r}"
            yield "no-flow", gateway, f"{told}, and the new version has no such flow"


def _of_undoing(atlas: Atlas, entries: Iterable[Compensable]) -> Iterator[tuple[str, int, str]]:
    stack = list(entries)
    while stack:
        entry = stack.pop()
        target = atlas.node(entry.node)
        if target == DROPPED:
            continue
        if target == MISSING:
            yield "no-target", entry.node, "it was done and could be undone, and the new version has no such element"
            continue
        old, new = _nodes(atlas, entry.node)
        if old.kind is not new.kind:
            yield "kind-differs", entry.node, f"it was done as a {old.kind} and would be undone as a {new.kind}"
        elif old.compensation_handler >= 0 and new.compensation_handler < 0:
            yield "no-handler", entry.node, "it was done and could be undone, and nothing undoes it in the new version"
        yield from _of_scope(atlas, entry.node, old, new)
        stack.extend(entry.inner or ())


def _nodes(atlas: Atlas, position: int) -> tuple[Node, Node]:
    return atlas.old.steps[position].node, atlas.new.steps[atlas.node(position)].node


def _finding(atlas: Atlas, position: int, code: str, message: str) -> Diagnostic:
    node = atlas.old.steps[position].node
    return Diagnostic(
        code=code,
        message=f"{message[0].upper()}{message[1:]}.",
        file=atlas.old.definition.file,
        line=node.line or None,
        element=node.id,
        name=node.name,
        fix=FIXES.get(code, DEFAULT_FIX),
    )
