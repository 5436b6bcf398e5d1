"""Task of no kind: nobody has said what work it is, so nothing is done and the token passes (BPMN 2.0.2, 13.3.3)."""

from __future__ import annotations

from oms_workflow.engine.nodes.activity import Activity
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class Task(Activity):
    """Completes at once."""

    instant = True

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Do nothing."""
        self.answered(run, token, step, {})
