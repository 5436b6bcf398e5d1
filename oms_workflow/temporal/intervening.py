"""What people tell a running instance to do: suspend, resume, skip, repeat, cancel a branch, move, edit variables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oms_workflow.temporal import instructions, names
from oms_workflow.temporal.operating import Operator, View


class Intervener:
    """Gives instructions to instances, found by their workflow id; each says who wants it and why.

    Every method gives the view after it, and raises OrderRefused when it cannot be done (the message says why, and
    nothing has changed then), or WorldUnavailable when Temporal or its workers do not answer.
    """

    def __init__(self, operator: Operator, *, by: str, reason: str, at: datetime | None = None) -> None:
        """Take `at` where time is skipped: when it is said, by the clock of the instances."""
        self._operator, self._at = operator, at
        self._said = {"by": by, "reason": reason, "at": "" if at is None else at.isoformat()}

    async def view(self, instance: str) -> View:
        """Give what is open in an instance now."""
        return await self._operator.view(instance)

    async def suspend(self, instance: str) -> View:
        """Let nothing move: what comes is kept."""
        return await self._operator.instruct(instance, names.SUSPEND, instructions.Suspend(**self._said))

    async def resume(self, instance: str) -> View:
        """Act on what came meanwhile, in its order, and let everything move again."""
        return await self._operator.instruct(instance, names.RESUME, instructions.Resume(**self._said))

    async def skip(self, instance: str, token: int) -> View:
        """Let a token go on without the work of its node."""
        return await self._operator.instruct(instance, names.SKIP, instructions.Skip(token=token, **self._said))

    async def repeat(self, instance: str, element: str, *, token: int = 0, scope: int = 0) -> View:
        """Have a node begin once more, instead of `token` or in addition in `scope`."""
        told = instructions.Repeat(element=element, token=token, scope=scope, **self._said)
        return await self._operator.instruct(instance, names.REPEAT, told)

    async def cancel_branch(self, instance: str, token: int) -> View:
        """Take a token away with everything inside it."""
        told = instructions.CancelBranch(token=token, **self._said)
        return await self._operator.instruct(instance, names.CANCEL_BRANCH, told)

    async def activate(self, instance: str, token: int, element: str) -> View:
        """Have an element of an open ad-hoc sub-process, whose token is named, begin."""
        return await self._operator.choose(
            instance, token, [element], by=self._said["by"], reason=self._said["reason"], at=self._at
        )

    async def move(self, instance: str, token: int, element: str) -> View:
        """Set a token on another node."""
        return await self._operator.move(instance, token, element, by=self._said["by"], reason=self._said["reason"])

    async def set_variables(self, instance: str, variables: Mapping[str, Any], *, scope: int = 0) -> View:
        """Set variables of the process, or of the scope or node of a token; the record tells them before and after."""
        by, reason = self._said["by"], self._said["reason"]
        return await self._operator.set_variables(instance, variables, by=by, reason=reason, scope=scope)
