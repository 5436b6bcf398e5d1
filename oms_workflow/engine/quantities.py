"""Activities that begin with several tokens: gathering them, and telling when the missing ones cannot come."""

from __future__ import annotations

from collections.abc import Mapping

from oms_workflow.engine import incidents, joins
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def gather(run: Run, scope: Token, step: Step, waiting: Mapping[int, int]) -> None:
    """Begin the activity once when enough tokens have come, over whichever flows (BPMN 2.0.2, 10.3.1, startQuantity).

    Tokens come one by one, so those that are here are just enough, or too few.
    """
    if sum(waiting.values()) >= step.node.start_quantity:
        token = _merged(run, scope, step)
        step.behaviour.enter(run, token, step)


def at_rest(run: Run, scope: Token, step: Step) -> bool:
    """Stop for a person when tokens wait here and the missing ones cannot come any more; True when it did.

    The standard lets such a scope wait for ever. Nobody would notice, so it is an incident: a retry begins the activity
    with the tokens that did come.
    """
    waiting = (scope.joins or {}).get(step.index)
    if not waiting:
        run.state.inclusive.pop((scope.id, step.index), None)
        return False
    if joins.can_still_come(run, scope, step.index, ()) or _can_come_back(run, scope, step):
        return False
    came = sum(waiting.values())
    token = _merged(run, scope, step)
    message = (
        f"{step.node.label!r} begins with {step.node.start_quantity} tokens, but only {came} came and no further one "
        "can come. Retry to begin all the same, or move the token."
    )
    incidents.stop(run, token, "entering", "too-few-tokens", message)
    return True


def _can_come_back(run: Run, scope: Token, step: Step) -> bool:
    """Whether the activity is at work and a way leads from it back to itself."""
    if all(child.node != step.index for child in run.state.children_of(scope)):
        return False
    reaching = 0
    for sources in run.program.reach_of(step.index).values():
        reaching |= sources
    ahead = [*(flow.target for _, flow in step.flows), *step.node.boundary]
    return any(node == step.index or reaching >> node & 1 for node in ahead)


def _merged(run: Run, scope: Token, step: Step) -> Token:
    """Make one token of all that wait at the node."""
    assert scope.joins is not None
    scope.pending -= sum(scope.joins.pop(step.index).values())
    run.state.inclusive.pop((scope.id, step.index), None)
    return run.new_token(step.index, scope)
