"""Gathering tokens: parallel joins wait for one on every flow, inclusive joins for all that can still come.

Nodes with a rule of their own, complex gateways and activities that start with several tokens, are asked themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def arrive(run: Run, step: Step, scope: Token, flow: int) -> None:
    """Let a token come to a joining gateway, and let the gateway go when its condition is met."""
    if scope.joins is None:
        scope.joins = {}
    waiting = scope.joins.setdefault(step.index, {})
    waiting[flow] = waiting.get(flow, 0) + 1
    if step.has_threshold:
        run.state.inclusive[(scope.id, step.index)] = None
        step.behaviour.gather(run, scope, step, waiting)
    elif step.node.kind is NodeKind.INCLUSIVE_GATEWAY:
        run.state.inclusive[(scope.id, step.index)] = None
    elif len(waiting) == len(step.node.incoming):
        _release(run, step, scope, waiting)
        return
    if not scope.children:
        run.starving[scope.id] = None


def release_inclusive(run: Run) -> bool:
    """Let the first inclusive join go to which no further token can come; True when one went.

    Asked only when nothing else can move, so a join sees tokens that died as well as tokens that arrived. BPMN 2.0.2,
    13.4.3: a token elsewhere holds the gateway back when it can reach an incoming flow without a token and cannot
    reach one that has a token already, on a path that does not visit the gateway.
    """
    for scope_id, gateway in list(run.state.inclusive):
        scope = run.state.tokens.get(scope_id)
        waiting = scope.joins.get(gateway) if scope is not None and scope.joins else None
        if scope is not None and run.steps[gateway].has_threshold:
            if run.steps[gateway].behaviour.at_rest(run, scope, run.steps[gateway]):
                return True
        elif scope is None or not waiting:
            del run.state.inclusive[(scope_id, gateway)]
        elif not can_still_come(run, scope, gateway, waiting):
            _release(run, run.steps[gateway], scope, waiting)
            return True
    return False


def look_again(run: Run) -> None:
    """Let joins go that a migration has left with all the tokens they need."""
    for scope in list(run.state.tokens.values()):
        for node, waiting in list((scope.joins or {}).items()):
            step = run.steps[node]
            if step.has_threshold:
                step.behaviour.gather(run, scope, step, waiting)
            elif step.node.kind is NodeKind.PARALLEL_GATEWAY and len(waiting) == len(step.node.incoming):
                _release(run, step, scope, waiting)


def can_still_come(run: Run, scope: Token, gateway: int, waiting: Collection[int]) -> bool:
    """Say whether a token in the scope can get onto a flow that is not `waiting`, by the rule of 13.4.3."""
    reach = run.program.reach_of(gateway)
    to_empty = to_filled = 0
    for flow, sources in reach.items():
        if flow in waiting:
            to_filled |= sources
        else:
            to_empty |= sources
    return any(to_empty >> node & 1 and not to_filled >> node & 1 for node in _occupied(run, scope, gateway))


def _occupied(run: Run, scope: Token, gateway: int) -> Iterable[int]:
    """Nodes of a scope with a token, those at other joins included, and those that wait for their turn."""
    yield from (token.node for token in run.state.children_of(scope))
    yield from (node for node in scope.joins or () if node != gateway)
    if scope.ad_hoc is not None:
        yield from scope.ad_hoc.waiting


def take_one_each(run: Run, step: Step, scope: Token, flows: Iterable[int]) -> None:
    """Take a waiting token off each of these flows into a join."""
    assert scope.joins is not None
    waiting = scope.joins[step.index]
    for flow in list(flows):
        scope.pending -= 1
        waiting[flow] -= 1
        if not waiting[flow]:
            del waiting[flow]
    if not waiting:
        del scope.joins[step.index]
        run.state.inclusive.pop((scope.id, step.index), None)


def _release(run: Run, step: Step, scope: Token, waiting: dict[int, int]) -> None:
    take_one_each(run, step, scope, waiting)
    step.behaviour.enter(run, run.new_token(step.index, scope), step)
