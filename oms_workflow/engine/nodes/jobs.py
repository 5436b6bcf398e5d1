"""Work handed to an activity of the catalog, for every kind of node that may carry a job."""

from __future__ import annotations

from oms_workflow.engine import mapping
from oms_workflow.engine.commands import CancelActivity, RunActivity
from oms_workflow.engine.lifecycle import TokenState
from oms_workflow.engine.nodes.activity import Activity
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


def ask(run: Run, token: Token, step: Step) -> None:
    """Have the job of the node run."""
    node = step.node
    assert node.job is not None
    run.command(
        RunActivity(
            token=token.id,
            element=node.id,
            name=node.name,
            job=node.job,
            inputs=mapping.work_inputs(run, token, step),
            headers=node.headers,
            attempt=token.attempt,
            known_as=run.state.known_as.get(token.id, ""),
        )
    )


def take_back(run: Run, token: Token, step: Step, was: TokenState) -> None:
    """Have the host drop a job that is running."""
    if was is TokenState.ACTIVE and step.node.job is not None and token.role != "body":
        run.command(CancelActivity(token=token.id, element=step.node.id))


class JobTask(Activity):
    """A task whose work is a job."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Hand the work to the activity."""
        ask(run, token, step)

    def shown(self, step: Step) -> dict[str, str]:
        """Tell which activity works."""
        job = {"activity": step.node.job.activity} if step.node.job is not None else {}
        return super().shown(step) | job

    def withdraw(self, run: Run, token: Token, step: Step, was: TokenState) -> None:
        """Have the activity dropped."""
        take_back(run, token, step, was)
