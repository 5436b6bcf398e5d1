"""Messages and signals that an instance sends."""

from __future__ import annotations

from oms_workflow.bpmn.events import MessageEvent, SignalEvent
from oms_workflow.engine.commands import KEPT, BroadcastSignal, PublishMessage
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def publish(run: Run, token: Token, step: Step, event: MessageEvent) -> None:
    """Send the drawn message, with the mapped inputs of the node as its variables.

    Raises:
        ExpressionFailed: When its name or correlation key has no usable value; nothing is sent then.
    """
    name = run.text(event.name, token, "message name")
    key = run.text(event.correlation_key, token, "correlation key") if event.correlation_key else ""
    number = run.state.next_id()
    sent = dict(token.variables or {})
    keep = step.node.message_ttl or KEPT
    told = PublishMessage(number=number, message=name, key=key, element=step.node.id, variables=sent, keep=keep)
    run.command(told)
    run.record_token(RecordKind.MESSAGE_SENT, token, message=name, key=key)


def broadcast(run: Run, token: Token, step: Step, event: SignalEvent) -> None:
    """Send the drawn signal, with the mapped inputs of the node as its variables.

    Raises:
        ExpressionFailed: When its name has no usable value; nothing is sent then.
    """
    name = run.text(event.name, token, "signal name")
    number = run.state.next_id()
    sent = dict(token.variables or {})
    run.command(BroadcastSignal(number=number, signal=name, element=step.node.id, variables=sent))
    run.record_token(RecordKind.SIGNAL_SENT, token, signal=name)
