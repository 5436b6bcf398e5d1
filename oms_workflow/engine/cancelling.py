"""Cancelling a transaction: stop what moves inside, undo what was completed, leave over the cancel boundary event.

BPMN 2.0.2, 10.3.5 and 13.3.4. A transaction that is drawn as a loop is one activity: cancelling one of its turns
cancels all of them. While it undoes, the transaction is still there for its handlers, but waits for nothing else.
"""

from __future__ import annotations

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import happenings, movement, waits
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Compensable, Token


def cancel(run: Run, scope: Token, by: str) -> None:
    """Begin to cancel the transaction around a cancel end event; `scope` is where that event was completed."""
    whole = scope
    while run.node_of(whole).kind is not NodeKind.TRANSACTION:
        whole = run.state.tokens[whole.parent]
    if whole.role == "item":
        whole = run.state.tokens[whole.parent]
    waits.close_all(run, whole)
    whole.undoing = _stop(run, whole, by)
    movement.look_again(run, whole, movement.UNDO_NEXT)


def is_under_way(run: Run, token: Token) -> bool:
    """Say whether a token is a transaction that undoes what was done in it."""
    return token.undoing is not None and token.role != "undo" and run.node_of(token).kind is NodeKind.TRANSACTION


def leave(run: Run, token: Token) -> None:
    """Everything is undone: the transaction ends, and its cancel boundary event goes on."""
    token.undoing = None
    nodes = run.program.definition.nodes
    caught = next(
        event for event in run.node_of(token).boundary if any(one.kind == "cancel" for one in nodes[event].events)
    )
    happenings.on_boundary(run, token, caught, {})


def _stop(run: Run, scope: Token, by: str) -> list[Compensable]:
    """End what moves inside a scope and give what is left to undo; handlers at work are kept, and answer to it now."""
    left = [*(scope.compensation or ()), *(scope.undoing or ())]
    scope.compensation = scope.undoing = None
    scope.pending, scope.joins, scope.resets = 0, None, None
    scope.epoch += 1
    for child in run.state.children_of(scope):
        if child.undoes:
            child.undoes = scope.id
            continue
        step = run.steps[child.node]
        if child.undoing and not step.is_scope:  # it throws compensation, which now goes on without it
            left += child.undoing
        inner = (
            _stop(run, child, by) if child.children else child.compensation or []
        )  # a task that loops holds some, too
        if child.children:
            _keep_for_handlers(run, child, scope, inner)
            continue
        if inner:
            left.append(Compensable(child.node, dict(child.variables or {}), inner, completed=False))
        movement.terminate(run, child, by)
    return left


def _keep_for_handlers(run: Run, inside: Token, scope: Token, left: list[Compensable]) -> None:
    """Make a scope with handlers at work one that is being undone."""
    waits.close_all(run, inside)
    inside.role, inside.loop, inside.ad_hoc = "undo", None, None
    inside.undoes, inside.undoing = scope.id, left
