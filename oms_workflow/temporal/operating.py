"""What people do to a running instance: look at it, finish a task, answer an incident, move, set, end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from oms_workflow import feel
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.temporal import border, names

View = dict[str, Any]

NOT_READY_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds before asking again an instance that was just continuing as new: it has taken nothing in then."""


class Telling(Protocol):
    """Hears that something is sent to an instance, or that it was not taken after all."""

    async def __call__(self, instance: str, *, taken_back: bool = False) -> None:
        """Take note."""
        ...


class Operator:
    """The hands of operations on instances, found by their workflow id.

    Every method raises OrderRefused when the instance or what is asked of it is not there any more, and
    WorldUnavailable when Temporal or its workers do not answer.
    """

    def __init__(self, client: Client, telling: Telling | None = None) -> None:
        """Take `telling`, which hears of each instance before something is done to it."""
        self._client = client
        self._telling = telling

    async def view(self, instance: str) -> View:
        """Give what is open in an instance now, see `engine.view`."""
        found: View = await _when_ready(instance, lambda: self._handle(instance).query(names.VIEW))
        return found

    async def complete(
        self,
        instance: str,
        token: int,
        variables: Mapping[str, Any],
        *,
        by: str,
        error_code: str = "",
        at: datetime | None = None,
    ) -> View:
        """Finish the work of a token, with results or with a business error; `at` matters where time is skipped."""
        told = border.Complete(token=token, variables=_encoded(variables), by=by, error_code=error_code, at=_moment(at))
        return await self._update(instance, names.COMPLETE, told)

    async def resolve(
        self,
        instance: str,
        incident: int,
        action: str,
        *,
        by: str,
        reason: str = "",
        variables: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> View:
        """Answer an incident: `retry`, `complete` or `skip`; `at` matters where time is skipped."""
        told = border.Resolve(
            incident=incident,
            action=action,
            variables=_encoded(variables or {}),
            by=by,
            reason=reason,
            at=_moment(at),
        )
        return await self._update(instance, names.RESOLVE_INCIDENT, told)

    async def move(self, instance: str, token: int, element: str, *, by: str, reason: str) -> View:
        """Set a token on another node."""
        return await self._update(
            instance, names.MOVE_TOKEN, border.Move(token=token, element=element, by=by, reason=reason, across=True)
        )

    async def choose(
        self,
        instance: str,
        token: int,
        elements: Sequence[str],
        *,
        by: str,
        reason: str = "",
        at: datetime | None = None,
    ) -> View:
        """Have elements of an open ad-hoc sub-process begin; `at` matters where time is skipped."""
        told = border.Choose(token=token, elements=list(elements), by=by, reason=reason, at=_moment(at))
        return await self._update(instance, names.CHOOSE, told)

    async def set_variables(
        self,
        instance: str,
        variables: Mapping[str, Any],
        *,
        by: str,
        reason: str = "",
        scope: int = 0,
        at: datetime | None = None,
    ) -> View:
        """Set variables of the process, or of a scope inside it; `at` matters where time is skipped."""
        told = border.SetVariables(variables=_encoded(variables), scope=scope, by=by, reason=reason, at=_moment(at))
        return await self._update(instance, names.SET_VARIABLES, told)

    async def end(self, instance: str, *, by: str, reason: str) -> View:
        """End an instance now; nothing is compensated."""
        return await self._update(instance, names.END, border.End(by=by, reason=reason))

    async def instruct(self, instance: str, name: str, *told: Any) -> View:
        """Give an instruction, see `intervening`."""
        return await self._update(instance, name, *told)

    async def _update(self, instance: str, name: str, *told: Any) -> View:
        if self._telling is not None:
            await self._telling(instance)
        try:
            return await self._execute(instance, name, told)
        except BaseException:
            if self._telling is not None:
                await self._telling(instance, taken_back=True)
            raise

    async def _execute(self, instance: str, name: str, told: Sequence[Any]) -> View:
        update_id = secrets.token_hex(16)  # one for all attempts, so that it is done once
        view: View = await _when_ready(instance, lambda: self._try(instance, name, told, update_id))
        return view

    async def _try(self, instance: str, name: str, told: Sequence[Any], update_id: str) -> View:
        try:
            view: View = await self._handle(instance).execute_update(name, args=told, id=update_id)
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause
            why = cause.message if isinstance(cause, ApplicationError) else str(cause)
            raise OrderRefused(f"{instance}: {why}", code="NOT_OPEN") from failed
        return view

    def _handle(self, instance: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(instance)


async def _when_ready(instance: str, ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until the instance is ready: one that continues as new takes neither questions nor orders for a moment."""
    for pause in NOT_READY_PAUSES:
        try:
            return await ask()
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise unanswered(instance, error) from error
        await asyncio.sleep(pause)
    try:
        return await ask()
    except RPCError as error:
        raise unanswered(instance, error) from error


def unanswered(instance: str, error: RPCError) -> OrderRefused | WorldUnavailable:
    """Give the error to raise when Temporal did not do what was asked about an instance."""
    if error.status is RPCStatusCode.NOT_FOUND:
        return OrderRefused(f"Nothing runs under {instance!r}; it is over, or was never started.", code="NOT_RUNNING")
    return WorldUnavailable(f"Temporal or its workers did not answer for {instance!r}: {error.message}")


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


def _encoded(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: feel.encode(feel.normalise(value)) for name, value in variables.items()}
