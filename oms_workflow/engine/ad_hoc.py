"""Inside an ad-hoc sub-process: what may begin, what has to wait for its turn, and when all of it is enough.

BPMN 2.0.2, 13.3.5: the elements without incoming flow are enabled, each as often as it is chosen; flows between inner
elements are followed as anywhere. After each inner activity the completion condition is asked. Who chooses is the
diagram (`zeebe:adHoc`) at the beginning, and people at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from oms_workflow.bpmn.kinds import NodeKind
from oms_workflow.bpmn.model import Node
from oms_workflow.engine import movement, routing, scopes
from oms_workflow.engine.facts import ElementsChosen
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.program import Program, Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import AdHocState, State, Token


class Known(Protocol):
    """What can be asked of an instance, whether or not a fact is being worked off."""

    program: Program
    state: State


def chosen_by_diagram(run: Run, scope: Token, step: Step) -> list[int]:
    """Give the nodes that the diagram wants activated at the beginning.

    Raises:
        ExpressionFailed: When the collection is no list of ids of enabled elements.
    """
    drawn = step.node.ad_hoc
    if drawn is None or not drawn.active:
        return []
    value, notes = run.evaluate(drawn.active, scope)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        why = f" ({'; '.join(notes[:3])})" if notes else ""
        raise ExpressionFailed(
            f"The active elements {drawn.active!r} must be a list of element ids{why}. Set it, then retry."
        )
    unknown = [one for one in value if run.program.positions.get(one, -1) not in step.entries]
    if unknown:
        raise ExpressionFailed(
            f"The active elements {drawn.active!r} name {', '.join(map(repr, unknown[:3]))}, "
            f"but {_enabled(run, step)}. Change the list, then retry."
        )
    return [run.program.positions[one] for one in value]


def choose(run: Run, fact: ElementsChosen) -> str:
    """Activate what a person has chosen; '' when done, else why it cannot be."""
    why = why_not(run, fact.token, fact.elements)
    if why:
        return why
    token = run.state.tokens[fact.token]
    for element in fact.elements:
        run.record(RecordKind.ELEMENT_CHOSEN, element, token.id, token.parent, by=fact.by, reason=fact.reason)
    activate(run, token, [run.program.positions[element] for element in fact.elements])
    return ""


def why_not(run: Known, token_id: int, elements: Sequence[str]) -> str:
    """Say why a person cannot have these elements begin; '' when it can be done."""
    token = run.state.tokens.get(token_id)
    state = token.ad_hoc if token is not None else None
    if token is None or state is None or token.state is not TokenState.ACTIVE:
        return "there is no open ad-hoc sub-process with this token"
    step = run.program.steps[token.node]
    if not elements:
        return f"no element is named; {_enabled(run, step)}"
    unknown = [one for one in elements if run.program.positions.get(one, -1) not in step.entries]
    if unknown:
        return f"{', '.join(map(repr, unknown))} cannot be activated here; {_enabled(run, step)}"
    if state.ended or state.epoch != token.epoch:
        return "the ad-hoc sub-process is ending and begins nothing new"
    if _one_at_a_time(step) and (len(elements) > 1 or state.waiting or _at_work(run, token)):
        return "its activities run one at a time, and one is chosen already"
    return ""


def activate(run: Run, scope: Token, nodes: Sequence[int]) -> None:
    """Begin with these nodes, in this order."""
    state = scope.ad_hoc
    assert state is not None
    state.begun = state.begun or bool(nodes)
    if _one_at_a_time(run.steps[scope.node]):
        state.waiting.extend(nodes)
        movement.look_again(run, scope, movement.NEXT_TURN)
        return
    for node in nodes:
        movement.jump(run, scope, node)


def taken_out(run: Run, scope: Token) -> None:
    """Somebody has taken a token out of a scope: what waits for its turn there may have it now."""
    if scope.ad_hoc is not None and scope.ad_hoc.waiting:
        movement.look_again(run, scope, movement.NEXT_TURN)


def has_to_wait(run: Run, token: Token) -> bool:
    """Whether an activity has come while it is not its turn; it is put back then until it is."""
    scope = run.state.tokens[token.parent]
    state = scope.ad_hoc
    if state is None or token.role != "plain" or token.undoes or state.epoch != scope.epoch:
        return False
    if not state.ended and not _at_work(run, scope, besides=token):
        return False
    movement.remove(run, token)
    if state.ended:
        movement.settle(run, scope)
    else:
        state.waiting.append(token.node)
    return True


def ways_on(run: Run, token: Token, step: Step) -> list[int]:
    """Give the flows that a completing inner element takes, and note what its completion means for the whole.

    Raises:
        ExpressionFailed: When a condition or the output element has no usable value; nothing was noted then.
    """
    flows = routing.all_that_hold(run, token, step)
    scope = run.state.tokens[token.parent]
    state, drawn = scope.ad_hoc, run.node_of(scope).ad_hoc
    if state is None or drawn is None or token.undoes:
        return flows
    state.begun = True
    gathered: dict[str, Any] = {}
    if drawn.output_collection and not flows:
        so_far = (scope.variables or {}).get(drawn.output_collection)
        output = run.value(drawn.output_element, token)
        gathered = {drawn.output_collection: [*(so_far if isinstance(so_far, list) else ()), output]}
    asked = drawn.completion_condition and (step.is_activity or not flows) and not state.ended
    enough = bool(asked) and run.condition(drawn.completion_condition, scope, gathered)
    scopes.set_local(run, scope, gathered)
    state.ended = state.ended or enough
    if state.ended or state.waiting:
        # By way of the agenda: what was chosen together begins together, before any of it ends the others.
        movement.look_again(run, scope, movement.NEXT_TURN)
    return [] if state.ended and _ends_the_rest(run.steps[scope.node]) else flows


def offered(program: Program, token: Token) -> list[Node]:
    """Give the elements that people may activate in an open ad-hoc sub-process, in the order of the diagram."""
    state = token.ad_hoc
    if state is None or state.ended or state.epoch != token.epoch or token.state is not TokenState.ACTIVE:
        return []
    return [program.steps[node].node for node in program.steps[token.node].entries]


def is_done(run: Run, scope: Token, step: Step) -> bool:
    """Whether a sub-process in which nothing is active may be left."""
    state, drawn = scope.ad_hoc, step.node.ad_hoc
    if state is None or drawn is None or state.ended or state.epoch != scope.epoch:
        return True
    return state.begun and not drawn.completion_condition and not state.waiting


def go_on(run: Run, scope: Token, step: Step) -> bool:
    """Begin what waits for its turn, or end what is left over; True when the sub-process may be left."""
    state = scope.ad_hoc
    if state is None or state.epoch != scope.epoch:
        return False
    if state.ended and _ends_the_rest(step):
        movement.sweep(run, scope, by=step.node.id)
        return True
    while state.waiting and _takes_more(run, scope, state) and not _at_work(run, scope):
        scope.pending += 1
        movement.arrive(run, state.waiting.pop(0), scope, -1)  # at once, before what came later takes the turn
    return False


def _takes_more(run: Run, scope: Token, state: AdHocState) -> bool:
    """Whether something new may still begin; what began last may have ended it all."""
    return not state.ended and state.epoch == scope.epoch and run.state.tokens.get(scope.id) is scope


def _ends_the_rest(step: Step) -> bool:
    """Whether nothing goes on once the condition has held; one at a time, nothing is left to be waited for."""
    drawn = step.node.ad_hoc
    return drawn is None or drawn.cancel_remaining or drawn.sequential


def _one_at_a_time(step: Step) -> bool:
    return step.node.ad_hoc is not None and step.node.ad_hoc.sequential


def _at_work(run: Known, scope: Token, besides: Token | None = None) -> bool:
    """Whether an inner activity is under way; event sub-processes and handlers take no turn."""
    return any(
        one is not besides
        and not one.undoes
        and run.program.steps[one.node].is_activity
        and run.program.steps[one.node].node.kind is not NodeKind.EVENT_SUB_PROCESS
        for one in run.state.children_of(scope)
    )


def _enabled(run: Known, step: Step) -> str:
    names = ", ".join(run.program.steps[node].node.id for node in step.entries)
    return f"{step.node.label!r} can activate {names or 'nothing'}"
