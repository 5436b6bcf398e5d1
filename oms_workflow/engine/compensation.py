"""Undoing completed activities: what is remembered for it, and running the handlers, last completed first.

BPMN 2.0.2, 10.7.1 and 13.5.5: only completed activities are compensated, each once, in reverse order of completion; a
handler sees the variables as they were when its activity completed.
"""

from __future__ import annotations

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.engine import edition, happenings, movement
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Compensable, Token


def remember(run: Run, token: Token, step: Step) -> None:
    """Note a completing activity that can be undone later."""
    handled = step.node.compensation_handler >= 0
    if not handled and not (step.inner_compensable and (token.compensation or step.compensation_start >= 0)):
        return
    scope = run.state.tokens[token.parent]
    if scope.role == "body" and step.node.kind is not NodeKind.TRANSACTION:  # one that loops completes as a whole
        scope = run.state.tokens[scope.parent]
    inner = None if handled else list(token.compensation or ())
    _keep(scope, [Compensable(token.node, dict(token.variables or {}), inner)])


def remember_inside(run: Run, token: Token) -> None:
    """Note what can be undone inside an event sub-process that is over: it is a completed activity like any other."""
    inside = token.compensation
    if not inside:
        return
    always = run.edition >= edition.EVENT_SUB_PROCESSES_UNDONE
    if always or any(run.node_of(scope).kind is NodeKind.TRANSACTION for scope in run.state.scopes_above(token)):
        entry = Compensable(token.node, dict(token.variables or {}), inside, completed=always)
        _keep(run.state.tokens[token.parent], [entry])


def hand_over(run: Run, body: Token) -> None:
    """A loop is over: its turns can be undone from now on."""
    if body.compensation:
        _keep(run.state.tokens[body.parent], body.compensation)


def throw(run: Run, token: Token, activity: str) -> bool:
    """Begin to undo, on behalf of a throw or end event; False when there is nothing to undo.

    Args:
        activity: Id of the activity to undo; '' undoes everything completed in the scope.
    """
    token.undoing = _chosen(run, token, activity)
    return undo_next(run, token)


def throw_beside(run: Run, token: Token, activity: str) -> None:
    """Begin to undo beside the event, which goes on at once (BPMN 2.0.2, 13.5.5, waitForCompletion is false)."""
    chosen = _chosen(run, token, activity)
    if not chosen:
        return
    beside = run.new_token(token.node, run.state.tokens[token.parent], "undo")
    beside.undoing = chosen
    beside.move(TokenState.ACTIVE)
    run.record_token(RecordKind.ACTIVATED, beside, undo=True)
    if not undo_next(run, beside):
        movement.remove(run, beside)


def undo_next(run: Run, asker: Token) -> bool:
    """Start the next handler for a throw event or an undo scope; False when all are done."""
    while asker.undoing:
        entry = asker.undoing.pop()
        scope = asker if run.steps[asker.node].is_scope else _scopes_of(run, asker)[-1]
        if _begin(run, asker, scope, entry):
            return True
    asker.undoing = None
    return False


def handler_done(run: Run, token: Token) -> None:
    """A handler, or the undoing of a whole sub-process, is over: go on with what asked for it."""
    asker = run.state.tokens.get(token.undoes)
    undone = run.steps[token.node].node.id
    scope = run.state.tokens[token.parent]
    movement.remove(run, token)
    if asker is None:
        movement.settle(run, scope)
        return
    run.record(RecordKind.COMPENSATED, undone, asker.id, asker.parent)
    # By way of the agenda: handlers that never wait would otherwise pile up on the stack.
    movement.look_again(run, asker, movement.UNDO_NEXT)


def go_on(run: Run, asker: Token, step: Step) -> None:
    """Run the next handler for a throw event or an undo scope, or let it go when all are done."""
    if step.is_scope and asker.children:
        return  # it took over handlers that were at work, and one of them still is
    if undo_next(run, asker):
        return
    if asker.role == "undo":
        close_undo_scope(run, asker)
    else:
        step.behaviour.happened(run, asker, step, {})


def _begin(run: Run, asker: Token, scope: Token, entry: Compensable) -> bool:
    """Start undoing one entry; False when it turned out to hold nothing."""
    step = run.steps[entry.node]
    if entry.completed and step.node.compensation_handler >= 0:
        handler = run.new_token(step.node.compensation_handler, scope)
        handler.undoes = asker.id
        handler.variables = dict(entry.variables)
        handler_step = run.steps[handler.node]
        handler_step.behaviour.enter(run, handler, handler_step)
        return True
    start = step.compensation_start if entry.completed else -1
    if not entry.inner and start < 0:
        return False
    undo = run.new_token(entry.node, scope, "undo")
    undo.undoes = asker.id
    undo.variables = dict(entry.variables)
    undo.move(TokenState.ACTIVE)
    run.record_token(RecordKind.ACTIVATED, undo, undo=True)
    if start >= 0:
        undo.compensation = entry.inner
        happenings.start_event_sub_process(run, undo, start, {})
        return True
    undo.undoing = entry.inner
    if undo_next(run, undo):
        return True
    movement.remove(run, undo)
    return False


def close_undo_scope(run: Run, undo: Token) -> None:
    """Everything inside an undo scope is undone, or its compensation event sub-process is over."""
    undo.move(TokenState.COMPLETING)
    undo.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, undo, undo=True)
    handler_done(run, undo)


def _keep(scope: Token, entries: list[Compensable]) -> None:
    if scope.compensation is None:
        scope.compensation = []
    scope.compensation.extend(entries)


def _chosen(run: Run, token: Token, activity: str) -> list[Compensable]:
    """Take out of the scopes' logs what is to be undone, in order of completion."""
    chosen: list[Compensable] = []
    for scope in _scopes_of(run, token):
        kept: list[Compensable] = []
        for entry in scope.compensation or ():
            wanted = not activity or run.steps[entry.node].node.id == activity
            (chosen if wanted else kept).append(entry)
        scope.compensation = kept or None
    return chosen


def _scopes_of(run: Run, token: Token) -> list[Token]:
    """Scopes whose activities a throw at `token` may undo: its own and, in an event sub-process, the one around it."""
    scope = run.state.tokens[token.parent]
    found = [scope]
    while run.node_of(scope).kind is NodeKind.EVENT_SUB_PROCESS:
        scope = run.state.tokens[scope.parent]
        found.insert(0, scope)
    return found
