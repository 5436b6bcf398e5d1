"""Receive task: waits for its message (BPMN 2.0.2, 13.3.3)."""

from __future__ import annotations

from oms_workflow.engine import waits
from oms_workflow.engine.nodes.activity import Activity
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class ReceiveTask(Activity):
    """Holds the token until the message comes."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Begin to wait."""
        waits.open_for(run, token, token.node)
