"""Activities that run more than once: a body token gathers, one item token runs each turn.

Multi-instance as BPMN 2.0.2, 10.3.8 and `zeebe:loopCharacteristics`; outputs come in the order of the input. The body
carries the boundary events and the SLA, each item its own variables, `loopCounter` (from 1) among them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from oms_workflow.bpmn.work import MultiInstance, StandardLoop
from oms_workflow.engine import ad_hoc, compensation, edition, movement, routing, scopes, sla, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import LoopState, Token

_FIRST_NAME = re.compile(r"=\s*([^\W\d]\w*)(?:\.[^\W\d]\w*)*\s*")  # of an expression that is a variable or a path
MOST_ITEMS = 100_000  # far above any order; keeps a wrong cardinality from filling the memory


def begin(run: Run, body: Token, step: Step) -> None:
    """Open the body of a loop and start its first items.

    Raises:
        ExpressionFailed: When the collection, cardinality or condition has no usable value.
    """
    body.role = "body"
    loop = step.node.loop
    body.loop = _multiple(run, body, loop) if isinstance(loop, MultiInstance) else LoopState(None, -1)
    for attached in step.attached_waits:
        waits.open_for(run, body, attached)
    body.move(TokenState.ACTIVE)
    sla.start(run, body, step)
    run.record_token(RecordKind.ACTIVATED, body, loop="body", items=body.loop.count)
    next_turn(run, body, step)


def item_done(run: Run, item: Token, step: Step) -> None:
    """An item is over: gather its output, then go on with the next or close the body.

    Raises:
        ExpressionFailed: When the output element or the completion condition has no usable value.
    """
    body = run.state.tokens[item.parent]
    state, loop = body.loop, step.node.loop
    assert state is not None
    ended = False
    if isinstance(loop, MultiInstance):
        output = run.value(loop.output_element, item) if loop.output_element else None
        counted = {"numberOfCompletedInstances": Decimal(state.done + 1)}
        asked = counted | _others(run, body, state)
        ended = bool(loop.completion_condition) and run.condition(loop.completion_condition, item, asked)
        if state.outputs is not None:
            state.outputs[item.index] = output
        scopes.set_local(run, body, counted)
    state.done += 1
    compensation.remember(run, item, step)
    item.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, item, item=item.index)
    movement.remove(run, item)
    if ended:
        movement.sweep(run, body, by=step.node.id)
        close(run, body, step)
    elif state.done == state.count or state.next == state.done or _has_room(loop, state):
        # By way of the agenda: turns that never wait would otherwise pile up on the stack.
        movement.look_again(run, body, movement.NEXT_TURN)


def close(run: Run, body: Token, step: Step) -> None:
    """All turns are over: hand the gathered outputs outwards and leave.

    Raises:
        ExpressionFailed: When a condition behind the activity has no usable value.
    """
    state, loop = body.loop, step.node.loop
    if body.state is TokenState.ACTIVE:
        body.move(TokenState.COMPLETING)
    if isinstance(loop, MultiInstance) and loop.output_collection and state is not None:
        scopes.propagate(run, run.state.tokens[body.parent], {loop.output_collection: list(state.outputs or ())})
    flows = ad_hoc.ways_on(run, body, step) if step.in_ad_hoc else routing.all_that_hold(run, body, step)
    compensation.hand_over(run, body)
    body.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, body, loop="body")
    scope = run.state.tokens[body.parent]
    movement.remove(run, body)
    movement.take(run, scope, flows)
    movement.settle(run, scope)


def next_turn(run: Run, body: Token, step: Step) -> None:
    """Start the next item, those that a parallel loop has room for, or close the body when none is left.

    Raises:
        ExpressionFailed: When the loop condition, or a condition behind the activity, has no usable value.
    """
    state, loop = body.loop, step.node.loop
    assert state is not None
    if isinstance(loop, StandardLoop):
        if _turn_wanted(run, body, loop, state):
            _start_item(run, body, step, state)
        else:
            close(run, body, step)
        return
    if state.done == state.count:
        close(run, body, step)
        return
    assert loop is not None
    if loop.sequential:
        _start_item(run, body, step, state)
        return
    while state.next < _room(loop, state) and run.state.tokens.get(body.id) is body:
        _start_item(run, body, step, state)


def _room(loop: MultiInstance, state: LoopState) -> int:
    """How many items of a parallel loop may have begun by now; what waits is no token, only the rest of a list."""
    return min(state.count, state.done + loop.window) if loop.window else state.count


def _has_room(loop: MultiInstance | StandardLoop | None, state: LoopState) -> bool:
    """Whether items wait for room, now that one has ended; a loop that fits its window has none."""
    if not isinstance(loop, MultiInstance) or loop.sequential or not loop.window:
        return False
    return loop.window < state.count and state.next < state.count


def _turn_wanted(run: Run, body: Token, loop: StandardLoop, state: LoopState) -> bool:
    if loop.maximum is not None and state.done >= loop.maximum:
        return False
    if state.done == 0 and not loop.test_before:
        return True
    return not loop.condition or run.condition(loop.condition, body, {"loopCounter": Decimal(state.done)})


def _start_item(run: Run, body: Token, step: Step, state: LoopState) -> None:
    item = run.new_token(body.node, body, "item")
    item.index = state.next
    state.next += 1
    item.variables = {"loopCounter": Decimal(state.next)}
    loop = step.node.loop
    if isinstance(loop, MultiInstance):
        if loop.item and state.items is not None:
            item.variables[loop.item] = state.items[item.index]
        if run.edition >= edition.RESULTS_START_AT_HOME:
            _keep_output_apart(item.variables, loop.output_element)
    step.behaviour.enter(run, item, step)


def _keep_output_apart(variables: dict[str, Any], output: str) -> None:
    """Give an item the variable that its output is read from, so that items side by side do not overwrite each other's.

    As in Camunda 8: null until something inside the item sets it.
    """
    named = _FIRST_NAME.fullmatch(output)
    if named is not None:
        variables.setdefault(named[1], None)


def _others(run: Run, body: Token, state: LoopState) -> dict[str, Any]:
    """What a completion condition may ask about the other items (BPMN 2.0.2, table 10.30)."""
    if run.edition < edition.LOOP_COUNTS:
        return {}
    active = len(body.children or ()) - 1
    terminated = state.next - state.done - 1 - active
    return {"numberOfActiveInstances": Decimal(active), "numberOfTerminatedInstances": Decimal(terminated)}


def _multiple(run: Run, body: Token, loop: MultiInstance) -> LoopState:
    items: list[Any] | None = None
    if loop.collection:
        value, notes = run.evaluate(loop.collection, body)
        if not isinstance(value, list):
            why = f" ({'; '.join(notes[:3])})" if notes else ""
            raise ExpressionFailed(
                f"The collection {loop.collection!r} must be a list, but is {_kind(value)}{why}. Set it, then retry."
            )
        items, count = value, len(value)
    else:
        value, _ = run.evaluate(loop.cardinality, body)
        if not isinstance(value, Decimal) or value != value.to_integral_value() or value < 0:
            raise ExpressionFailed(
                f"The loop cardinality {loop.cardinality!r} must be a whole number from 0, but is {_kind(value)}."
            )
        count = int(value)
    if count > MOST_ITEMS:
        raise ExpressionFailed(f"The loop would run {count:,} times; at most {MOST_ITEMS:,} are run.")
    state = LoopState(items, count)
    if loop.output_collection:
        state.outputs = [None] * count
    scopes.set_local(run, body, {"numberOfInstances": Decimal(count), "numberOfCompletedInstances": Decimal(0)})
    return state


def _kind(value: Any) -> str:
    return "null" if value is None else str(value) if isinstance(value, Decimal) else f"a {type(value).__name__}"
