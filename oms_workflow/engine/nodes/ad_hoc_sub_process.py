"""Ad-hoc sub-process: a scope whose inner elements run as they are chosen, until it is enough (BPMN 2.0.2, 13.3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oms_workflow.engine import ad_hoc
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.sub_process import SubProcess
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import AdHocState, Token


class AdHocSubProcess(SubProcess):
    """Begins what the diagram chooses, and stays open for what people choose."""

    def begin_inside(self, run: Run, token: Token, step: Step) -> None:
        """Begin with what the diagram chooses. May raise ExpressionFailed."""
        nodes = ad_hoc.chosen_by_diagram(run, token, step)
        token.ad_hoc = AdHocState(token.epoch)
        ad_hoc.activate(run, token, nodes)

    def happened(self, run: Run, token: Token, step: Step, variables: Mapping[str, Any]) -> None:
        """Nothing is active inside: leave, or wait for somebody to choose more."""
        if token.role == "undo":
            super().happened(run, token, step, variables)
        elif ad_hoc.is_done(run, token, step):
            self._close(run, token, step)
        else:
            ad_hoc.go_on(run, token, step)

    def next_turn(self, run: Run, token: Token, step: Step) -> None:
        """Go on with the loop; or, inside one run of it, with what an inner completion has made possible."""
        if token.role == "body":
            super().next_turn(run, token, step)
        elif token.state is TokenState.ACTIVE and ad_hoc.go_on(run, token, step):
            self._close(run, token, step)

    def _close(self, run: Run, token: Token, step: Step) -> None:
        drawn = step.node.ad_hoc
        gathered: dict[str, Any] = {}
        if drawn is not None and drawn.output_collection:
            # Taken out of its own scope, so that it goes on to the one around like any other result.
            gathered = {drawn.output_collection: (token.variables or {}).pop(drawn.output_collection, [])}
        token.ad_hoc = None
        self.answered(run, token, step, gathered)
