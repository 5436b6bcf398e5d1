"""The way every activity goes: inputs, boundary events, deadline, work, outputs, and on. Kinds add only their work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import (
    ad_hoc,
    compensation,
    incidents,
    loops,
    mapping,
    movement,
    quantities,
    routing,
    scopes,
    sla,
    waits,
)
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class Activity(Behaviour):
    """Common to tasks, call activities and sub-processes."""

    def gather(self, run: Run, scope: Token, step: Step, waiting: Mapping[int, int]) -> None:
        """Begin once enough tokens have come."""
        quantities.gather(run, scope, step, waiting)

    def at_rest(self, run: Run, scope: Token, step: Step) -> bool:
        """Stop when no further token can come."""
        return quantities.at_rest(run, scope, step)

    def undo_next(self, run: Run, token: Token, step: Step) -> None:
        """The activity is a sub-process being undone: go on with it."""
        compensation.go_on(run, token, step)

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Prepare the activity and begin its work; a looping activity opens its body instead."""
        if step.prepares and not self._prepared(run, token, step):
            return
        token.move(TokenState.ACTIVE)
        if step.node.sla is not None:
            sla.start(run, token, step)
        self.begin(run, token, step)

    def _prepared(self, run: Run, token: Token, step: Step) -> bool:
        """Set the inputs and open the boundary events; False when it does not begin itself now."""
        if step.in_sequence and ad_hoc.has_to_wait(run, token):
            return False
        try:
            if step.node.loop is not None and token.role == "plain":
                loops.begin(run, token, step)
                return False
            mapping.inputs(run, token, step)
            if token.role == "plain":
                for attached in step.attached_waits:
                    waits.open_for(run, token, attached)
        except ExpressionFailed as failed:
            waits.close_all(run, token)
            self._stop(run, token, "activating", failed)
            return False
        return True

    def begin(self, run: Run, token: Token, step: Step) -> None:
        """Begin the work of an active activity; the body of a loop goes on with its turns."""
        if token.role == "body":
            self.next_turn(run, token, step)
            return
        if not self.instant:
            run.record_token(RecordKind.ACTIVATED, token, **self.shown(step))
        try:
            self.work(run, token, step)
        except ExpressionFailed as failed:
            self._stop(run, token, "working", failed)

    def shown(self, step: Step) -> dict[str, Any]:
        """Give what the record of an activation tells about the work."""
        return {"milestone": step.node.milestone} if step.node.milestone else {}

    def answered(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """The work is done: hand out its results and go on."""
        token.move(TokenState.COMPLETING)
        try:
            mapping.results(run, token, step, variables)
        except ExpressionFailed as failed:
            scopes.set_local(run, token, variables)
            incidents.stop(run, token, "completing", "expression-failed", str(failed))
            return
        self._go_on(run, token, step)

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Whatever the activity waited for came."""
        self.answered(run, token, step, variables)

    def completed_by_hand(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Take the results a person gives in place of the work."""
        self.answered(run, token, step, variables)

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Leave once more."""
        self._go_on(run, token, step)

    def next_turn(self, run: Run, token: Token, step: Step) -> None:
        """Go on with the loop."""
        try:
            loops.next_turn(run, token, step)
        except ExpressionFailed as failed:
            self._stop(run, token, "working" if token.state is TokenState.ACTIVE else "leaving", failed)

    def _go_on(self, run: Run, token: Token, step: Step) -> None:
        try:
            if token.role == "body":
                loops.close(run, token, step)
            elif token.role == "item":
                loops.item_done(run, token, step)
            elif token.undoes:
                token.move(TokenState.COMPLETED)
                run.record_token(RecordKind.COMPLETED, token)
                compensation.handler_done(run, token)
            else:
                flows = ad_hoc.ways_on(run, token, step) if step.in_ad_hoc else routing.all_that_hold(run, token, step)
                if step.is_undoable:
                    compensation.remember(run, token, step)
                movement.leave(run, token, step, flows)
        except ExpressionFailed as failed:
            self._stop_leaving(run, token, failed)

    def _stop(self, run: Run, token: Token, phase: Any, failed: ExpressionFailed) -> None:
        incidents.stop(run, token, phase, failed.code, str(failed))

    def _stop_leaving(self, run: Run, token: Token, failed: ExpressionFailed) -> None:
        """Stop whichever token could not go on: the loop's body when its last item has gone already."""
        stuck = token if token.id in run.state.tokens else run.state.tokens[token.parent]
        incidents.stop(run, stuck, "leaving", failed.code, str(failed))
