"""Embedded sub-process: a scope inside the process, done when nothing moves in it any more (BPMN 2.0.2, 13.3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import compensation, movement, waits
from oms_workflow.engine.nodes.activity import Activity
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class SubProcess(Activity):
    """Runs what is drawn inside."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Open the event sub-processes inside, then begin at the start."""
        try:
            for start in step.sub_process_waits:
                waits.open_for(run, token, start)
            self.begin_inside(run, token, step)
        except ExpressionFailed:
            waits.close_all(run, token, attached=False)
            raise

    def begin_inside(self, run: Run, token: Token, step: Step) -> None:
        """Begin at the start."""
        for entry in step.entries:
            movement.jump(run, token, entry)
        movement.settle(run, token)  # nothing drawn inside: done at once

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Nothing moves inside any more."""
        if token.role == "undo":
            compensation.close_undo_scope(run, token)
        else:
            self.answered(run, token, step, {})
