"""Transaction: a sub-process that ends done, or undone when it is cancelled (BPMN 2.0.2, 10.3.5 and 13.3.4).

An error that leaves it undoes nothing: the standard calls that a hazard, and leaves the cleaning up to the diagram.
"""

from __future__ import annotations

from oms_workflow.engine import cancelling, compensation
from oms_workflow.engine.nodes.sub_process import SubProcess
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class Transaction(SubProcess):
    """Runs what is drawn inside; `cancelling.py` takes over at a cancel end event."""

    def undo_next(self, run: Run, token: Token, step: Step) -> None:
        """It is cancelled, or undone after it was completed: go on with that."""
        if not cancelling.is_under_way(run, token):
            super().undo_next(run, token, step)
        elif not token.children and not compensation.undo_next(run, token):
            cancelling.leave(run, token)
