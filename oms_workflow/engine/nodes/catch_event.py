"""Intermediate catch event: waits for a message, timer, signal or condition; a link catch is a landing place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import happenings, incidents, mapping, sla, waits
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.state import Token


class CatchEvent(Behaviour):
    """Holds the token until its event happens."""

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Begin to wait."""
        if not any(event.kind != "link" for event in step.node.events):
            token.move(TokenState.COMPLETING)
            happenings.pass_event(run, token, {})
            return
        try:
            mapping.inputs(run, token, step)
            waits.open_for(run, token, token.node)
        except ExpressionFailed as failed:
            waits.close_all(run, token)
            incidents.stop(run, token, "activating", "expression-failed", str(failed))
            return
        token.move(TokenState.ACTIVE)
        sla.start(run, token, step)
        run.record_token(RecordKind.ACTIVATED, token)

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """The event came: go on."""
        token.move(TokenState.COMPLETING)
        happenings.pass_event(run, token, variables)

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Go on, after what stopped it was mended."""
        happenings.pass_event(run, token, {})
