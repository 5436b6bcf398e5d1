"""Boundary event: never reached by a flow; `happenings.py` sets it going when its event happens."""

from __future__ import annotations

from oms_workflow.engine import happenings
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class BoundaryEvent(Behaviour):
    """Passes the token on, once its event has happened."""

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Go on, after what stopped it was mended."""
        happenings.pass_event(run, token, {})
