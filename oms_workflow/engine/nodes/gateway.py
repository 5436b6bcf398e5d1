"""The way of gateways that only route: choose flows and go, or stop as an incident when they cannot."""

from __future__ import annotations

from oms_workflow.engine import incidents, movement
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class Gateway(Behaviour):
    """Common to exclusive, parallel and inclusive gateways."""

    def choose(self, run: Run, token: Token, step: Step) -> list[int]:
        """Give the flows to take. May raise ExpressionFailed."""
        raise AssertionError(f"a {step.node.kind} does not choose")

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Go on at once."""
        token.move(TokenState.COMPLETING)
        self.again(run, token, step)

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Choose, once more after an incident."""
        try:
            flows = self.choose(run, token, step)
        except ExpressionFailed as failed:
            incidents.stop(run, token, "leaving", "no-way-on", str(failed))
            return
        movement.leave(run, token, step, flows)
