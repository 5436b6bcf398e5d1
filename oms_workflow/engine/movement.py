"""How tokens move: along flows, into nodes, out of scopes, and away when something interrupts them.

Flows are followed first come, first served from an agenda, never by recursion, so a chain of any length needs no stack
and branches advance side by side in the order in which they were opened.
"""

from __future__ import annotations

from collections.abc import Iterable

from oms_workflow.engine import incidents, joins, starving, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token

STEP_BUDGET = 100_000
"""Flows followed for one fact before the rest is stopped as a runaway: about a second of work, below the two seconds
after which a Temporal worker gives a workflow up; far above what any diagram with waits in its loops needs."""

COMPLETED = TokenState.COMPLETED
FLOW_TAKEN, NODE_COMPLETED = RecordKind.FLOW_TAKEN, RecordKind.COMPLETED

# In place of a node on the agenda:
SCOPE_EMPTY = -1  # look whether the scope is done
NEXT_TURN = -2  # let the loop of this body go on
UNDO_NEXT = -3  # let this thrower of compensation, or undo scope, go on


def take(run: Run, scope: Token, flows: Iterable[int]) -> None:
    """Put a token on each of these flows of a scope."""
    drawn, scope_id = run.flows, scope.id
    for flow in flows:
        taken = drawn[flow]
        run.record(FLOW_TAKEN, taken.id, 0, scope_id)
        scope.pending += 1
        run.agenda.append((taken.target, scope_id, scope.epoch, flow))


def jump(run: Run, scope: Token, node: int) -> None:
    """Send a token to a node of a scope without a flow: to the beginning of a scope, or over a link."""
    scope.pending += 1
    run.agenda.append((node, scope.id, scope.epoch, -1))


def follow(run: Run) -> None:
    """Work the agenda off until everything waits."""
    left, agenda, tokens = STEP_BUDGET, run.agenda, run.state.tokens
    while True:
        while agenda:
            node, scope_id, epoch, flow = agenda.popleft()
            scope = tokens.get(scope_id)
            if scope is None or scope.epoch != epoch:
                continue  # the scope was interrupted meanwhile
            left -= 1
            if node < 0:
                _look_again(run, scope, node)
                continue
            run.visited.append(node)
            arrive(run, node, scope, flow, stopped=left < 0)
        if run.state.inclusive and joins.release_inclusive(run):
            continue
        if not run.starving or not starving.stop(run):
            return


def arrive(run: Run, node: int, scope: Token, flow: int, *, stopped: bool = False) -> None:
    """Let a token that was on its way come to its node."""
    step = run.steps[node]
    # Every loop has nodes that do not join, or joins that one token may pass: a runaway is stopped at one of those.
    if step.is_join and flow >= 0 and not (stopped and step.has_threshold):
        if run.state.incidents:
            for held in starving.held_at(run, scope, step):
                starving.put_back(run, scope, step, held)
                remove(run, held)
        joins.arrive(run, step, scope, flow)
        return
    scope.pending -= 1
    token = run.new_token(node, scope)
    if stopped:
        incidents.stop_runaway(run, token)
        return
    step.behaviour.enter(run, token, step)


def leave(run: Run, token: Token, step: Step, flows: Iterable[int]) -> None:
    """The node is done: write it down and let its token go on over these flows."""
    token.move(COMPLETED)
    run.record_token(NODE_COMPLETED, token)
    scope = run.state.tokens[token.parent]
    remove(run, token)
    take(run, scope, flows)
    if not scope.children and not scope.pending:
        settle(run, scope)


def remove(run: Run, token: Token) -> None:
    """Forget a token that is done, with everything that still waited on its behalf."""
    if token.waits:
        waits.close_all(run, token)
    state = run.state
    if state.incidents:
        incidents.clear_of(run, token)
    del state.tokens[token.id]
    scope = state.tokens.get(token.parent)
    if scope is not None and scope.children is not None:
        del scope.children[token.id]
        if scope.joins and not scope.children:
            run.starving[scope.id] = None


def settle(run: Run, scope: Token) -> None:
    """Have a scope looked at that may have become empty."""
    if not scope.children and scope.pending == 0:
        look_again(run, scope, SCOPE_EMPTY)


def look_again(run: Run, token: Token, why: int) -> None:
    """Come back to a token when everything before it on the agenda has moved; `why` is a code of the agenda."""
    run.agenda.append((why, token.id, token.epoch, -1))


def _look_again(run: Run, token: Token, why: int) -> None:
    step = run.steps[token.node]
    if why == NEXT_TURN:
        step.behaviour.next_turn(run, token, step)
    elif why == UNDO_NEXT:
        step.behaviour.undo_next(run, token, step)
    elif not token.children and token.pending == 0 and token.state is TokenState.ACTIVE:
        step.behaviour.happened(run, token, step, {})


def terminate(run: Run, token: Token, by: str) -> None:
    """Take a token away before its node is done, with everything inside it, innermost first."""
    for one in _inside_out(run, token):
        was = one.state
        one.move(TokenState.TERMINATING)
        step = run.steps[one.node]
        step.behaviour.withdraw(run, one, step, was)
        one.move(TokenState.TERMINATED)
        run.record_token(RecordKind.TERMINATED, one, by=by)
        remove(run, one)


def sweep(run: Run, scope: Token, by: str, spare: Token | None = None) -> None:
    """Interrupt a scope: end all tokens inside it (but `spare`), the flows under way and the tokens at its joins."""
    for child in run.state.children_of(scope):
        if child is not spare:
            terminate(run, child, by)
    scope.pending = 0
    scope.epoch += 1
    scope.joins = None
    scope.resets = None
    waits.close_all(run, scope, attached=False)


def _inside_out(run: Run, token: Token) -> list[Token]:
    found: list[Token] = []
    stack = [(token, False)]
    while stack:
        one, seen = stack.pop()
        if seen or not one.children:
            found.append(one)
            continue
        stack.append((one, True))
        stack.extend((child, False) for child in reversed(run.state.children_of(one)))
    return found
