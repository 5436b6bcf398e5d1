"""Joins that nobody can complete any more: told to people, not left to wait without a word.

The standard lets a scope wait for ever whose tokens all stand at joins (BPMN 2.0.2, 13.4.1 and 13.4.3). Nobody would
notice, so each such join is an incident. Looked for only in scopes where the last moving token has just gone.
"""

from __future__ import annotations

from decimal import Decimal

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import edition, incidents, joins
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token

GATEWAYS = (NodeKind.PARALLEL_GATEWAY, NodeKind.INCLUSIVE_GATEWAY)
CAME = "activationCounts"  # on a stopped token: how many tokens of which flows it was made of


def stop(run: Run) -> bool:
    """Stop the joins of scopes in which nothing else is left; True when there was one.

    Called when nothing moves: inclusive joins that may go have gone.
    """
    seen, run.starving = sorted(run.starving), {}
    if run.edition < edition.STARVED_JOINS or run.state.finished:
        return False
    scopes = [run.state.tokens[number] for number in seen if number in run.state.tokens]
    stopped = [_stop_in(run, scope) for scope in scopes]  # each of them, not only the first
    return any(stopped)


def held_at(run: Run, scope: Token, step: Step) -> list[Token]:
    """Give the tokens that were stopped at a join for want of others; one more comes now, as a person saw to it."""
    if step.node.kind not in GATEWAYS:
        return []
    stopped = [one for one in run.state.children_of(scope) if one.node == step.index]
    return [one for one in stopped if one.state is TokenState.INCIDENT and CAME in (one.variables or {})]


def put_back(run: Run, scope: Token, step: Step, held: Token) -> None:
    """Let what a stopped token was made of wait on its flows again; the token itself is to be taken away."""
    if scope.joins is None:
        scope.joins = {}
    waiting = scope.joins.setdefault(step.index, {})
    came = (held.variables or {})[CAME]
    for flow in step.node.incoming:
        count = int(came.get(run.flows[flow].id, 0))
        if count:
            waiting[flow] = waiting.get(flow, 0) + count
            scope.pending += count


def waiting_in(scope: Token) -> int:
    """Count the tokens at the joins of a scope."""
    return sum(sum(flows.values()) for flows in (scope.joins or {}).values())


def _stop_in(run: Run, scope: Token) -> bool:
    if scope.children or not scope.joins or scope.pending != waiting_in(scope):
        return False
    if run.steps[scope.node].node.ad_hoc is not None:
        return False  # people may begin what brings the missing tokens
    starved = [run.steps[node] for node in scope.joins if run.steps[node].node.kind in GATEWAYS]
    for step in starved:
        _stop_at(run, scope, step)
    return bool(starved)


def _stop_at(run: Run, scope: Token, step: Step) -> None:
    assert scope.joins is not None
    came = scope.joins[step.index]
    came_on = [flow for flow in step.node.incoming if flow in came]
    missing = [run.flows[flow].id for flow in step.node.incoming if flow not in came]
    joins.take_one_each(run, step, scope, came_on)
    token = run.new_token(step.index, scope)
    token.variables = {CAME: {run.flows[flow].id: Decimal(1) for flow in came_on}}
    message = (
        f"{step.node.label!r} waits for a token on {', '.join(missing)}, and nothing is left that could bring one. "
        "Retry to go on with what has come, or move the token."
    )
    incidents.stop(run, token, "entering", "starved-join", message)
