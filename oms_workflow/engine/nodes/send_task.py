"""Send task: a job that sends, or without a job the publication of the drawn message (BPMN 2.0.2, 13.3.3)."""

from __future__ import annotations

from oms_workflow.bpmn.events import MessageEvent
from oms_workflow.engine import messages
from oms_workflow.engine.nodes.jobs import JobTask
from oms_workflow.engine.program import Step
from oms_workflow.engine.run import Run
from oms_workflow.engine.state import Token


class SendTask(JobTask):
    """Sends and, without a job, goes on at once."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Hand the sending to the activity, or publish the message."""
        if step.node.job is not None:
            super().work(run, token, step)
            return
        for event in step.node.events:
            if isinstance(event, MessageEvent):
                messages.publish(run, token, step, event)
        self.answered(run, token, step, {})
