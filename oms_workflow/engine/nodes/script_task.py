"""Script task: a FEEL expression whose value becomes a variable, or a job (`zeebe:script`, `zeebe:taskDefinition`)."""

from __future__ import annotations

from oms_workflow.engine.nodes.jobs import JobTask
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class ScriptTask(JobTask):
    """Evaluates its script inside the engine."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Evaluate, and go on at once; or hand the work to an activity."""
        script = step.node.script
        if script is None:
            super().work(run, token, step)
            return
        value, _ = run.evaluate(script.expression, token)
        self.answered(run, token, step, {script.result_variable: value})
