"""Inclusive gateway: waits for all tokens that can still come, takes every flow that holds (BPMN 2.0.2, 13.4.3)."""

from __future__ import annotations

from oms_workflow.engine import routing
from oms_workflow.engine.nodes.gateway import Gateway
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class InclusiveGateway(Gateway):
    """Any number of ways on, but at least one."""

    joins = True

    def choose(self, run: Run, token: Token, step: Step) -> list[int]:
        """Give the flows that hold, else the default; none at the end of a path."""
        flows = routing.all_that_hold(run, token, step)
        if step.flows and not flows:
            raise routing.nothing_holds(step)
        return flows
