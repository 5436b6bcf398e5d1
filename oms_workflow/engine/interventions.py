"""What people do to tokens that wait: skip one, begin one again, cancel one. Each says why when it cannot be done.

A refusal changes nothing, so a host may try an intervention on a copy of the state before it takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from oms_workflow.bpmn.kinds import ACTIVITIES, SCOPES, NodeKind
from oms_workflow.engine import ad_hoc, facts, incidents, mending, movement, moving, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token

SKIPPABLE = ACTIVITIES - {NodeKind.EVENT_SUB_PROCESS} | {
    NodeKind.CATCH_EVENT,
    NodeKind.THROW_EVENT,
    NodeKind.BOUNDARY_EVENT,
    NodeKind.START_EVENT,
}
GONE = "the token is gone"
UNDOING = "a compensation is under way here: skip the handler that it waits for"


def skip(run: Run, fact: facts.TokenSkipped) -> str:
    """Let a token go on without the work of its node."""
    token = run.state.tokens.get(fact.token)
    if token is None or not token.parent:
        return GONE
    node = run.node_of(token)
    if node.kind not in SKIPPABLE:
        return f"a {node.kind} has no work that could be skipped: set its variables and retry, or move the token"
    if token.role == "undo" or token.undoing is not None:
        return UNDOING
    if token.state not in (TokenState.ACTIVE, TokenState.INCIDENT):
        return f"the token is {token.state}, and leaves by itself"
    step, was = run.steps[token.node], token.state
    run.record_token(RecordKind.TOKEN_SKIPPED, token, state=was.value, by=fact.by, reason=fact.reason)
    step.behaviour.withdraw(run, token, step, was)
    incidents.clear_of(run, token)
    for wait in [run.state.waits[number] for number in token.waits or ()]:
        if wait.target == token.node and not wait.kind.startswith("sla"):
            waits.close(run, wait)
    mending.leave_without(run, token)
    return ""


def repeat(run: Run, fact: facts.ElementRepeated) -> str:
    """Have a node begin once more."""
    position = run.program.positions.get(fact.element, -1)
    if position < 0:
        return f"there is no element {fact.element!r}"
    if not moving.is_reachable(run.steps[position].node):
        return f"{fact.element!r} is not a node that a flow could reach"
    return _anew(run, fact, position) if fact.token else _once_more(run, fact, position)


def _anew(run: Run, fact: facts.ElementRepeated, position: int) -> str:
    token = run.state.tokens.get(fact.token)
    if token is None or token.node != position:
        return GONE
    if token.role in ("item", "undo") or token.undoes:
        return "a token inside a loop or a compensation cannot begin again; repeat the whole activity"
    if token.undoing is not None:
        return UNDOING
    scope = run.state.tokens[token.parent]
    _note(run, fact, scope)
    movement.jump(run, scope, position)
    movement.terminate(run, token, by=fact.by)
    return ""


def _once_more(run: Run, fact: facts.ElementRepeated, position: int) -> str:
    found = [one for one in run.state.tokens.values() if _may_hold(run, one, position) and fact.scope in (0, one.id)]
    if not found:
        return f"the scope of {fact.element!r} is not running: move a token there"
    if len(found) > 1:
        return f"the scope of {fact.element!r} runs several times: say which one, by its token"
    scope = found[0]
    children = run.state.children_of(scope)
    if any(child.node == position for child in children):
        return f"a token waits at {fact.element!r}: repeat that one, by its token"
    interrupted = next((child for child in children if _interrupts(run, child)), None)
    if interrupted is not None:
        return f"{run.node_of(interrupted).id!r} has interrupted the scope of {fact.element!r}"
    _note(run, fact, scope)
    movement.jump(run, scope, position)
    return ""


def _may_hold(run: Run, token: Token, position: int) -> bool:
    holds = token.node == run.steps[position].node.parent and run.node_of(token).kind in SCOPES
    return holds and token.state is TokenState.ACTIVE and token.role in ("plain", "item") and token.undoing is None


def _interrupts(run: Run, token: Token) -> bool:
    is_event_sub_process = run.node_of(token).kind is NodeKind.EVENT_SUB_PROCESS
    return is_event_sub_process and token.index >= 0 and run.steps[token.index].node.interrupting


def _note(run: Run, fact: facts.ElementRepeated, scope: Token) -> None:
    told = {"instead_of": fact.token, "by": fact.by, "reason": fact.reason}
    run.record(RecordKind.ELEMENT_REPEATED, fact.element, fact.token, scope.id, **told)


def cancel_branch(run: Run, fact: facts.BranchCancelled) -> str:
    """Take a token away with everything inside it.

    The last token of a scope is refused: that its scope then counts as done is what a skip says, and what an end of
    the instance says is better said so.
    """
    token = run.state.tokens.get(fact.token)
    if token is None or not token.parent:
        return GONE
    if token.role in ("item", "undo") or token.undoes:
        return "a token inside a loop or a compensation cannot be cancelled; skip it, or cancel the whole activity"
    if token.undoing is not None:
        return UNDOING
    scope = run.state.tokens[token.parent]
    if len(scope.children or ()) == 1:
        where = run.node_of(scope).id
        return f"nothing else moves in {where!r}{_joins(run, scope)}: skip or move it, or end the instance"
    inside = sum(1 for one in run.state.tokens.values() if any(up is token for up in run.state.scopes_above(one)))
    told = {"inside": inside, "by": fact.by, "reason": fact.reason}
    run.record_token(RecordKind.BRANCH_CANCELLED, token, **told)
    movement.terminate(run, token, by=fact.by)
    ad_hoc.taken_out(run, scope)
    return ""


def _joins(run: Run, scope: Token) -> str:
    waiting = [repr(run.steps[gateway].node.id) for gateway in scope.joins or ()]
    return f" but tokens waiting at {', '.join(waiting)}" if waiting else ""


HOW: Mapping[type[facts.Fact], Callable[[Run, Any], str]] = MappingProxyType(
    {
        facts.TokenSkipped: skip,
        facts.ElementRepeated: repeat,
        facts.BranchCancelled: cancel_branch,
    }
)
"""Fact -> what it does; '' when done, else why it cannot be."""
