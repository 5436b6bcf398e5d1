"""Business rule task: asks a decision of the bundle, or a job (`zeebe:calledDecision`, `zeebe:taskDefinition`)."""

from __future__ import annotations

from oms_workflow import feel
from oms_workflow.dmn.evaluate import decide
from oms_workflow.engine.nodes.jobs import JobTask
from oms_workflow.engine.program import Step
from oms_workflow.engine.records import RecordKind
from oms_workflow.engine.run import ExpressionFailed, Run
from oms_workflow.engine.scopes import visible
from oms_workflow.engine.state import Token


class BusinessRuleTask(JobTask):
    """Decides inside the engine and writes down which rules matched."""

    def work(self, run: Run, token: Token, step: Step) -> None:
        """Decide, and go on at once; or hand the work to an activity."""
        call = step.node.decision
        if call is None:
            super().work(run, token, step)
            return
        decision = run.text(call.decision, token, "decision")
        try:
            outcome = decide(run.decisions, decision, visible(run, token), at=run.at, edition=run.edition)
        except feel.FeelLimitExceeded as limit:
            raise ExpressionFailed(f"Decision {decision!r} is too large to evaluate: {limit}") from limit
        except KeyError:
            raise ExpressionFailed(
                f"Decision {decision!r} is not among those deployed with this process. Deploy it, then start anew."
            ) from None
        run.record_token(RecordKind.DECISION_TAKEN, token, decision=decision, trace=outcome.trace_json())
        if outcome.problems:
            raise ExpressionFailed(f"Decision {decision!r} has no answer: {'; '.join(outcome.problems)}")
        self.answered(run, token, step, {call.result_variable: outcome.value})
