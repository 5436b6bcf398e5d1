"""Event-based gateway: the first event to happen behind it decides (BPMN 2.0.2, 13.4.4)."""

from __future__ import annotations

from oms_workflow.engine import incidents, sla, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class EventBasedGateway(Behaviour):
    """Waits, on behalf of the events behind it; what follows is in `happenings.py`."""

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Begin to wait for all events behind the gateway."""
        try:
            for _, flow in step.flows:
                waits.open_for(run, token, flow.target)
        except ExpressionFailed as failed:
            waits.close_all(run, token)
            incidents.stop(run, token, "activating", "expression-failed", str(failed))
            return
        token.move(TokenState.ACTIVE)
        sla.start(run, token, step)
        run.record_token(RecordKind.ACTIVATED, token)
