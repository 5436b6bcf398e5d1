"""What people do to an instance that needs no answer: suspend, resume, skip, repeat, cancel a branch. All as updates.

Each is tried on a copy first: one that cannot be done is refused with the reason, and leaves no trace in the history.
"""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from oms_workflow.engine import facts
from oms_workflow.temporal import instructions, names
from oms_workflow.temporal.operated import Operated


class Intervened(Operated):
    """Takes in what people decide about tokens, and about whether anything moves."""

    @workflow.update(name=names.SUSPEND)
    def suspend(self, told: instructions.Suspend) -> dict[str, Any]:
        """Let nothing move; gives the view after it."""
        return self._follow(told)

    @suspend.validator
    def _may_suspend(self, told: instructions.Suspend) -> None:
        self._require(told)

    @workflow.update(name=names.RESUME)
    def resume(self, told: instructions.Resume) -> dict[str, Any]:
        """Let everything move again; gives the view after it."""
        return self._follow(told)

    @resume.validator
    def _may_resume(self, told: instructions.Resume) -> None:
        self._require(told)

    @workflow.update(name=names.SKIP)
    def skip(self, told: instructions.Skip) -> dict[str, Any]:
        """Let a token go on without its work; gives the view after it."""
        return self._follow(told)

    @skip.validator
    def _may_skip(self, told: instructions.Skip) -> None:
        self._require(told)

    @workflow.update(name=names.REPEAT)
    def repeat(self, told: instructions.Repeat) -> dict[str, Any]:
        """Have a node begin once more; gives the view after it."""
        return self._follow(told)

    @repeat.validator
    def _may_repeat(self, told: instructions.Repeat) -> None:
        self._require(told)

    @workflow.update(name=names.CANCEL_BRANCH)
    def cancel_branch(self, told: instructions.CancelBranch) -> dict[str, Any]:
        """Take a token away with everything inside; gives the view after it."""
        return self._follow(told)

    @cancel_branch.validator
    def _may_cancel_branch(self, told: instructions.CancelBranch) -> None:
        self._require(told)

    def _follow(self, told: instructions.Instruction) -> dict[str, Any]:
        self._take_in(told.at)
        self._performer.tell(self._fact(told))
        return self.view()

    def _require(self, told: instructions.Instruction) -> None:
        self._require_taken(self._fact(told))

    def _fact(self, told: instructions.Instruction) -> facts.Fact:
        at, by, reason = self._clock.now(), told.by, told.reason
        match told:
            case instructions.Suspend():
                return facts.Suspended(at=at, by=by, reason=reason)
            case instructions.Resume():
                return facts.Resumed(at=at, by=by, reason=reason)
            case instructions.Skip():
                return facts.TokenSkipped(at=at, token=told.token, by=by, reason=reason)
            case instructions.Repeat():
                return facts.ElementRepeated(
                    at=at, element=told.element, token=told.token, scope=told.scope, by=by, reason=reason
                )
            case instructions.CancelBranch():
                return facts.BranchCancelled(at=at, token=told.token, by=by, reason=reason)
            case _:
                raise AssertionError(f"nothing is known of {type(told).__name__}")
