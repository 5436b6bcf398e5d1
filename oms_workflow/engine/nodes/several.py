"""Throwing what is drawn in an event; of several definitions each once, whatever waits or fails in between.

BPMN 2.0.2, 10.5.3 and 10.5.4: all definitions are thrown. They go out in the order in which they are drawn, but
escalations after the others, as an escalation may end the very scope that throws. How far it has come is the token's
index, so neither a retry nor a restore throws anything twice.
"""

from __future__ import annotations

from oms_workflow.bpmn.events import CompensationEvent, EscalationEvent, EventDefinition, MessageEvent, SignalEvent
from oms_workflow.engine import compensation, messages, throwing
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token

DONE = 1_000_000  # index of a token that throws nothing more, whatever is drawn


def throw_rest(run: Run, token: Token, step: Step, *, ends: bool) -> bool:
    """Throw what is left; True when all is thrown and the token is still there.

    Args:
        ends: Whether the node is an end event, which escalates and ends its scope after it is complete.

    Raises:
        ExpressionFailed: When a name, key or code has no usable value; the next attempt goes on with that one.
    """
    wanted = _in_order(step, ends=ends)
    position = max(token.index, 0)
    while position < len(wanted):
        event = wanted[position]
        position += 1
        token.index = position if isinstance(event, CompensationEvent) else position - 1  # it goes on behind a wait
        if not throw_one(run, token, step, event):
            return False
    token.index = DONE
    return True


def is_left(token: Token, step: Step) -> bool:
    """Say whether the token has something to throw still."""
    return len(step.node.events) > 1 and token.index != DONE


def _in_order(step: Step, *, ends: bool) -> list[EventDefinition]:
    events = step.node.events
    first: list[EventDefinition] = [
        one for one in events if isinstance(one, MessageEvent | SignalEvent | CompensationEvent)
    ]
    return first if ends else [*first, *(one for one in events if isinstance(one, EscalationEvent))]


def throw_one(run: Run, token: Token, step: Step, event: EventDefinition) -> bool:
    """Throw one definition; False when the token has to wait for it, or is gone.

    Raises:
        ExpressionFailed: When its name, key or code has no usable value; nothing is thrown then.
    """
    if isinstance(event, MessageEvent):
        messages.publish(run, token, step, event)
    elif isinstance(event, SignalEvent):
        messages.broadcast(run, token, step, event)
    elif isinstance(event, EscalationEvent):
        code = run.text(event.code, token, "escalation code")
        throwing.escalation(run, token, code, dict(token.variables or {}))
        return token.id in run.state.tokens
    elif isinstance(event, CompensationEvent):
        run.record_token(RecordKind.ACTIVATED, token)
        if not event.waits:
            compensation.throw_beside(run, token, event.activity)
            return True
        return not compensation.throw(run, token, event.activity)
    return True
