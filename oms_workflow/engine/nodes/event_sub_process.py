"""Event sub-process: a scope set going by an event inside its parent; no flow leads in or out (BPMN 2.0.2, 13.3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import compensation, incidents, mapping, movement, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class EventSubProcess(Behaviour):
    """Runs what is drawn inside; `happenings.py` sets it going and notes the start event as the token's index."""

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Open the event sub-processes inside, then begin at the start whose event happened."""
        try:
            mapping.inputs(run, token, step)
            for start in step.sub_process_waits:
                waits.open_for(run, token, start)
        except ExpressionFailed as failed:
            waits.close_all(run, token)
            incidents.stop(run, token, "activating", "expression-failed", str(failed))
            return
        token.move(TokenState.ACTIVE)
        movement.jump(run, token, token.index)

    def undo_next(self, run: Run, token: Token, step: Step) -> None:
        """The transaction around it was cancelled, and it is being undone: go on with it."""
        compensation.go_on(run, token, step)

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Nothing moves inside any more: the parent may be done, too."""
        if token.role == "undo":
            compensation.close_undo_scope(run, token)
        else:
            self.answered(run, token, step, variables)

    def answered(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Hand out what is mapped, then leave."""
        token.move(TokenState.COMPLETING)
        try:
            mapping.results(run, token, step, variables)
        except ExpressionFailed as failed:
            incidents.stop(run, token, "completing", "expression-failed", str(failed))
            return
        token.move(TokenState.COMPLETED)
        compensation.remember_inside(run, token)
        run.record_token(RecordKind.COMPLETED, token)
        scope = run.state.tokens[token.parent]
        movement.remove(run, token)
        movement.settle(run, scope)
