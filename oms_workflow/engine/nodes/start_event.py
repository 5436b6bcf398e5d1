"""Start event: where a scope begins. Whatever triggers it has happened before a token comes here."""

from __future__ import annotations

from oms_workflow.engine import happenings
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.behaviour import Behaviour
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class StartEvent(Behaviour):
    """Passes the token on."""

    def enter(self, run: Run, token: Token, step: Step) -> None:
        """Go on at once."""
        token.move(TokenState.COMPLETING)
        happenings.pass_event(run, token, {})

    def again(self, run: Run, token: Token, step: Step) -> None:
        """Go on, after what stopped it was mended."""
        happenings.pass_event(run, token, {})
