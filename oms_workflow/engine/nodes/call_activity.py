"""Call activity: another process does the work, as an instance of its own (BPMN 2.0.2, 13.3.5)."""

from __future__ import annotations

from oms_workflow.engine.commands import CancelChild, StartChild
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.activity import Activity
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.scopes import visible
from oms_workflow.engine.state import Token


class CallActivity(Activity):
    """Starts the called process and waits for its end."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Start the child."""
        call = step.node.call
        assert call is not None
        process = run.text(call.process, token, "called process")
        variables = dict(visible(run, token)) if call.propagate_parent else dict(token.variables or {})
        run.command(
            StartChild(
                token=token.id,
                element=step.node.id,
                name=step.node.label,
                process=process,
                variables=variables,
                attempt=token.attempt,
                version_tag=call.version_tag,
            )
        )

    def withdraw(self, run: Run, token: Token, step: Step, was: TokenState) -> None:
        """End the child."""
        if was is TokenState.ACTIVE and token.role != "body":
            run.command(CancelChild(token=token.id, element=step.node.id))
