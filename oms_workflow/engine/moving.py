"""Setting a token on another node: of its scope, out of the sub-processes around it, into embedded ones beside it.

A move never makes two tokens of one. Out of a sub-process it is allowed only for the last token in there, and the
sub-process ends with it; into one, the sub-process is opened as if it had been entered, but not begun at its start.
"""

from __future__ import annotations

from collections.abc import Sequence

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Node
from oms_workflow.engine import ad_hoc, facts, mapping, movement, sla, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token

UNREACHABLE = frozenset({NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT, NodeKind.EVENT_SUB_PROCESS, NodeKind.PROCESS})
ENTERABLE = frozenset({NodeKind.SUB_PROCESS, NodeKind.TRANSACTION})


class Unsound(Exception):
    """The move would leave something behind, or set something twice; the text says what."""


def move(run: Run, fact: facts.TokenMoved) -> str:
    """Set a token on another node; '' when done, else why it cannot be, and then nothing has changed."""
    why = _why_not(run, fact)
    if why:
        return why
    token, target = run.state.tokens[fact.token], run.program.positions[fact.element]
    node = run.steps[target].node
    try:
        leaving, landing = _way(run, token, node)
    except (Unsound, ExpressionFailed) as unsound:
        return str(unsound)
    origin, left = run.node_of(token).id, run.state.tokens[leaving.parent]
    movement.jump(run, landing, target)
    movement.terminate(run, leaving, by=fact.by)
    ad_hoc.taken_out(run, left)
    told = {"origin": origin, "by": fact.by, "reason": fact.reason}
    run.record(RecordKind.TOKEN_MOVED, fact.element, token.id, landing.id, **told)
    return ""


def _why_not(run: Run, fact: facts.TokenMoved) -> str:
    """What can be said before a way is looked for."""
    token = run.state.tokens.get(fact.token)
    target = run.program.positions.get(fact.element, -1)
    if token is None or not token.parent:
        return "the token is gone"
    if token.role in ("item", "undo") or token.undoes:
        return "a token inside a loop or a compensation cannot be moved; move the token of the whole activity"
    if target < 0:
        return f"there is no element {fact.element!r}"
    node = run.steps[target].node
    if not is_reachable(node):
        return f"{fact.element!r} is not a node that a flow could reach"
    if not fact.across and node.parent != run.state.tokens[token.parent].node:
        return f"{fact.element!r} is not a node of the same scope that a flow could reach"
    return ""


def is_reachable(node: Node) -> bool:
    """Whether a flow could lead to a node, so that a person may set a token on it."""
    return node.kind not in UNREACHABLE and not node.for_compensation


def _way(run: Run, token: Token, target: Node) -> tuple[Token, Token]:
    """Give the token that is taken away, and the scope in which the target is entered.

    Raises:
        Unsound: When there is none.
        ExpressionFailed: When a sub-process on the way cannot be opened.
    """
    inward = _inward(run, target)
    leaving = token
    for scope in run.state.scopes_above(token):
        if scope.node in inward and scope.role != "body":
            return leaving, _enter(run, scope, inward[: inward.index(scope.node)][::-1], leaving)
        if list(scope.children or ()) != [leaving.id] or scope.pending:
            raise Unsound(f"{run.node_of(scope).id!r} holds other tokens: move its own token, or cancel those first")
        if scope.role != "plain" or scope.undoes:
            raise Unsound(f"{run.node_of(scope).id!r} is a loop or a compensation: a token cannot be moved out of it")
        leaving = scope
    raise Unsound(f"{target.id!r} is not inside this process")


def _inward(run: Run, target: Node) -> list[int]:
    """The scopes around a node as drawn, nearest first."""
    found, scope = [target.parent], target.parent
    while scope:
        scope = run.steps[scope].node.parent
        found.append(scope)
    return found


def _enter(run: Run, scope: Token, inner: Sequence[int], leaving: Token) -> Token:
    """Go down into the sub-processes in which the target is drawn: into one that runs, else into one opened anew."""
    for depth, position in enumerate(inner):
        node = run.steps[position].node
        if node.kind not in ENTERABLE or node.loop is not None or node.for_compensation:
            raise Unsound(f"{node.id!r} is not a plain embedded sub-process: a token cannot be moved into it")
        there = [one for one in run.state.children_of(scope) if one.node == position and one is not leaving]
        if not there:
            return _open(run, scope, inner[depth:])
        if len(there) > 1 or not _goes_on(there[0]):
            raise Unsound(f"{node.id!r} runs several times, or is stopped: say where by moving one token after another")
        scope = there[0]
    return scope


def _goes_on(scope: Token) -> bool:
    """Whether a scope takes new tokens: it is not stopped, not one turn of many, and not being undone."""
    return scope.state is TokenState.ACTIVE and scope.role == "plain" and scope.undoing is None


def _open(run: Run, scope: Token, inner: Sequence[int]) -> Token:
    """Open sub-processes one inside the other, with everything that entering them opens, but begin at no start.

    Raises:
        ExpressionFailed: When an input or the time or key of an event inside has no usable value; nothing stays open.
    """
    opened: list[Token] = []
    for position in inner:
        step = run.steps[position]
        token = run.new_token(position, scope)
        opened.append(token)
        try:
            mapping.inputs(run, token, step)
            for target in (*step.attached_waits, *step.sub_process_waits):
                waits.open_for(run, token, target)
        except ExpressionFailed:
            for one in reversed(opened):
                movement.remove(run, one)
            raise
        scope = token
    for token in opened:
        token.move(TokenState.ACTIVE)
        sla.start(run, token, run.steps[token.node])
        run.record_token(RecordKind.ACTIVATED, token, moved_into=True)
    return scope
