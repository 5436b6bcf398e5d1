"""Exclusive gateway: the first flow whose condition holds (BPMN 2.0.2, 13.4.2). Merges without waiting."""

from __future__ import annotations

from oms_workflow.engine import routing
from oms_workflow.engine.nodes.gateway import Gateway
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class ExclusiveGateway(Gateway):
    """One way on for each token."""

    def choose(self, run: Run, token: Token, step: Step) -> list[int]:
        """Give the first flow that holds, in the order of the diagram; none at the end of a path."""
        return [routing.first_that_holds(run, token, step)] if step.flows else []
