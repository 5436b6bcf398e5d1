"""End event: where a path ends, with or without throwing something (BPMN 2.0.2, 10.5.3 and 13.5.3)."""

from __future__ import annotations

from oms_workflow.bpmn.events import CancelEvent, ErrorEvent, EscalationEvent, TerminateEvent
from oms_workflow.engine import cancelling, movement, throwing
from oms_workflow.engine.commands import Finish
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.process import end_early
from oms_workflow.engine.nodes.throw_event import ThrowEvent
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class EndEvent(ThrowEvent):
    """Ends a path. Errors, escalations and terminations act on the scope once the event itself is complete."""

    ends = True

    def throw(self, run: Run, token: Token, step: Step) -> None:
        """Throw every event drawn in the node and end the path. May raise ExpressionFailed."""
        event = step.node.events[0] if len(step.node.events) == 1 else None
        if isinstance(event, ErrorEvent):
            code = run.text(event.code, token, "error code")
            _complete(run, token)
            _throw_error(run, token, step, code)
        elif isinstance(event, EscalationEvent):
            code = run.text(event.code, token, "escalation code")
            scope = _complete(run, token)
            throwing.escalation(run, token, code, dict(token.variables or {}))
            if run.state.tokens.get(scope.id) is scope:
                movement.settle(run, scope)
        elif isinstance(event, TerminateEvent):
            scope = _complete(run, token)
            movement.sweep(run, scope, by=step.node.id)
            movement.settle(run, scope)
        elif isinstance(event, CancelEvent):
            cancelling.cancel(run, _complete(run, token), by=step.node.id)
        else:
            super().throw(run, token, step)

    def all_thrown(self, run: Run, token: Token, step: Step) -> None:
        """The messages and the like are out: complete, then escalate, then end the scope as one of several says."""
        escalated = [one for one in step.node.events if isinstance(one, EscalationEvent)]
        codes = [run.text(one.code, token, "escalation code") for one in escalated]
        error = next((one for one in step.node.events if isinstance(one, ErrorEvent)), None)
        thrown = run.text(error.code, token, "error code") if error is not None else ""
        scope = _complete(run, token)
        for code in codes:
            throwing.escalation(run, token, code, dict(token.variables or {}))
            if run.state.tokens.get(scope.id) is not scope:
                return  # it was caught by something that ended this scope
        kinds = {one.kind for one in step.node.events}
        if error is not None:
            _throw_error(run, token, step, thrown)
        elif "cancel" in kinds:
            cancelling.cancel(run, scope, by=step.node.id)
        else:
            if "terminate" in kinds:
                movement.sweep(run, scope, by=step.node.id)
            movement.settle(run, scope)


def _throw_error(run: Run, token: Token, step: Step, code: str) -> None:
    if throwing.error(run, token, code, "", dict(token.variables or {})):
        return
    message = f"Nothing catches error {code!r}, thrown at {step.node.label!r}."
    variables = dict(run.state.tokens[run.state.root].variables or {})
    failed = Finish(outcome="failed", variables=variables, code=code, message=message, element=step.node.id)
    end_early(run, failed, by=step.node.id)


def _complete(run: Run, token: Token) -> Token:
    """Complete the event itself; its scope is looked after by the caller."""
    scope = run.state.tokens[token.parent]
    token.move(TokenState.COMPLETING)
    token.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, token)
    movement.remove(run, token)
    return scope
