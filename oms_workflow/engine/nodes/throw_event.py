"""Intermediate throw event: throws what is drawn in it and goes on (BPMN 2.0.2, 10.5.4 and 13.5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.bpmn.events import LinkEvent
from oms_workflow.engine import compensation, happenings, incidents, mapping, movement
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes import jobs, several
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class ThrowEvent(Behaviour):
    """Throws, then passes the token on. A message event drawn with a job has the job send it."""

    ends = False  # True: escalates and ends its scope after it is complete

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Throw."""
        try:
            mapping.inputs(run, token, step)
            token.move(TokenState.ACTIVE)
            self.throw(run, token, step)
        except ExpressionFailed as failed:
            incidents.stop(run, token, "activating", "expression-failed", str(failed))

    def throw(self, run: Run, token: Token, step: Step) -> None:
        """Throw every event drawn in the node, then go on. May raise ExpressionFailed."""
        if step.node.job is not None:
            run.record_token(RecordKind.ACTIVATED, token, activity=step.node.job.activity)
            jobs.ask(run, token, step)
            return
        event = step.node.events[0] if step.node.events else None
        if isinstance(event, LinkEvent):
            _follow_link(run, token, event)
        elif several.is_left(token, step):
            if several.throw_rest(run, token, step, ends=self.ends):
                self.all_thrown(run, token, step)
        elif event is None or several.throw_one(run, token, step, event):
            self.happened(run, token, step, {})

    def all_thrown(self, run: Run, token: Token, step: Step) -> None:
        """Each of several definitions is thrown: go on. May raise ExpressionFailed."""
        self.happened(run, token, step, {})

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """What was thrown has had its effect: go on, with what is left to throw first."""
        if several.is_left(token, step):
            try:
                self.throw(run, token, step)
            except ExpressionFailed as failed:
                incidents.stop(run, token, "activating", "expression-failed", str(failed))
            return
        token.move(TokenState.COMPLETING)
        happenings.pass_event(run, token, variables)

    def completed_by_hand(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """A person declares it done: nothing more is thrown."""
        if several.is_left(token, step):
            token.index = several.DONE
        self.happened(run, token, step, variables)

    def answered(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """The job has sent the message: go on."""
        self.happened(run, token, step, variables)

    def undo_next(self, run: Run, token: Token, step: Step) -> None:
        """A handler is done: start the next one, or go on."""
        compensation.go_on(run, token, step)

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Go on, after what stopped it was mended."""
        happenings.pass_event(run, token, {})

    def begin(self, run: Run, token: Token, step: Step) -> None:
        """Have the job run once more."""
        jobs.ask(run, token, step)

    def withdraw(self, run: Run, token: Token, step: Step, was: TokenState) -> None:
        """Have a job dropped that still sends."""
        jobs.take_back(run, token, step, was)


def _follow_link(run: Run, token: Token, event: LinkEvent) -> None:
    scope = run.state.tokens[token.parent]
    target = run.program.link_targets[(run.node_of(token).parent, event.name)]
    token.move(TokenState.COMPLETING)
    token.move(TokenState.COMPLETED)
    run.record_token(RecordKind.COMPLETED, token)
    movement.remove(run, token)
    movement.jump(run, scope, target)
