"""The process itself: the outermost scope, whose end is the end of the instance (BPMN 2.0.2, 13.5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.bpmn.starts import outside_starts
from oms_workflow.engine import incidents, movement, sla, starting, waits
from oms_workflow.engine.commands import Finish
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class Process(Behaviour):
    """Runs what is drawn. The token's index is the start that was triggered, -1 for a plain start."""

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Open the event sub-processes, then begin at the start."""
        try:
            for start in step.sub_process_waits:
                waits.open_for(run, token, start)
        except ExpressionFailed as failed:
            waits.close_all(run, token)
            incidents.stop(run, token, "activating", "expression-failed", str(failed))
            return
        begins_outside = token.index < 0 and not step.entries and outside_starts(run.program.definition)
        if begins_outside:
            waits.close_all(run, token)
            why = f"{step.node.label!r} begins with a message or timer only; say which start was triggered."
            incidents.stop(run, token, "activating", "no-start", why)
            return
        token.move(TokenState.ACTIVE)
        sla.start(run, token, step)
        if token.index >= 0:
            starting.begin(run, token, token.index)
        for entry in step.entries if token.index < 0 else ():
            movement.jump(run, token, entry)
        movement.settle(run, token)

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Nothing moves any more: the instance is complete."""
        token.move(TokenState.COMPLETING)
        token.move(TokenState.COMPLETED)
        run.record_token(RecordKind.COMPLETED, token)
        _close(run, token)
        finish(run, token, Finish(outcome="completed", variables=dict(token.variables or {})))


def end_early(run: Run, finish_with: Finish, by: str) -> None:
    """End the instance at once: everything inside is terminated first."""
    root = run.state.tokens[run.state.root]
    movement.terminate(run, root, by)
    run.agenda.clear()
    finish(run, root, finish_with)


def finish(run: Run, root: Token, command: Finish) -> None:
    """Write down the end and tell the host."""
    run.state.finished = command.outcome
    told = {"code": command.code, "message": command.message} if command.outcome == "failed" else {}
    run.record_token(RecordKind.FINISHED, root, outcome=command.outcome, **told)
    run.command(command)


def _close(run: Run, root: Token) -> None:
    waits.close_all(run, root)
    movement.remove(run, root)
