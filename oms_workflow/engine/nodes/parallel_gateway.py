"""Parallel gateway: waits for a token on every incoming flow, goes on over all outgoing ones (BPMN 2.0.2, 13.4.1)."""

from __future__ import annotations

from oms_workflow.engine.nodes.gateway import Gateway
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class ParallelGateway(Gateway):
    """All ways on at once; conditions play no part."""

    joins = True

    def choose(self, run: Run, token: Token, step: Step) -> list[int]:
        """Give every outgoing flow."""
        return list(step.node.outgoing)
