"""Making an activity of the catalog a Temporal activity: typed input, ports, effects once, errors with a meaning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from oms_workflow import feel
from oms_workflow.catalog.declaration import Call, Declaration
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.attempts import FailedAttempt
from oms_workflow.temporal.border import ActivityCall
from oms_workflow.temporal.heartbeat import beating

log = structlog.get_logger("oms.activities")

Ports = Mapping[type, Any]
Work = Callable[[Ports], Awaitable[dict[str, Any]]]
Once = Callable[[str, str, datetime, Work], Awaitable[dict[str, Any]]]
"""Runs work under a key in one transaction and remembers its answer: (key, activity, at, work) -> answer."""


Tell = Callable[[FailedAttempt], Awaitable[None]]
"""Notes for people that an attempt failed and will be repeated."""


def bind(
    declaration: Declaration, once: Once, tell: Tell | None = None
) -> Callable[[ActivityCall], Awaitable[dict[str, Any]]]:
    """Give the Temporal activity for a declaration.

    A second call with the same key gives the first one's answer and does nothing. Business refusals and bad input are
    not retried, outages are; the text of an unexpected error stays in the worker's log, because it may hold personal
    data, which must not get into a history.
    """

    @activity.defn(name=declaration.name)
    async def run(told: ActivityCall) -> dict[str, Any]:
        call = _call(told)
        try:
            inputs = _inputs(declaration, told)
            async with beating():
                answer = await once(told.key, declaration.name, call.at, partial(_work, declaration, inputs, call))
        except Exception as error:
            failure = _failure(declaration, call, error)
            if tell is not None and not failure.non_retryable:
                await tell(_failed_attempt(declaration, call, failure))
            raise failure from None
        return answer

    return run


def _call(told: ActivityCall) -> Call:
    """The call as the activity sees it; a later attempt happens later in the order's time, too."""
    info = activity.info()
    waited = info.current_attempt_scheduled_time - info.scheduled_time
    return Call(
        key=told.key,
        at=datetime.fromisoformat(told.at) + max(waited, timedelta(0)),
        instance=told.instance,
        element=told.element,
        attempt=info.attempt,
        headers=told.headers,
    )


def _failure(declaration: Declaration, call: Call, error: Exception) -> ApplicationError:
    """What Temporal and the diagram are told of an error."""
    bound = log.bind(activity=declaration.name, instance=call.instance, element=call.element, attempt=call.attempt)
    match error:
        case OrderRefused():
            bound.info("refused", code=error.code)
            details = [error.code] if error.code else []
            return ApplicationError(str(error), *details, type="OrderRefused", non_retryable=True)
        case WorldUnavailable():
            bound.info("world unavailable", reason=str(error))
            return ApplicationError(str(error), type="WorldUnavailable")
        case ApplicationError():
            return error
    kind = type(error).__name__
    bound.error("activity failed", exc_info=error)
    return ApplicationError(f"{kind}; the worker's log has the details", type=kind)


def _failed_attempt(declaration: Declaration, call: Call, failure: ApplicationError) -> FailedAttempt:
    return FailedAttempt(
        instance=call.instance,
        element=call.element,
        activity=declaration.name,
        attempt=call.attempt,
        kind=failure.type or "",
        message=failure.message,
        at=call.at,
    )


async def _work(declaration: Declaration, inputs: BaseModel, call: Call, ports: Ports) -> dict[str, Any]:
    wanted = {name: call if port is Call else ports[port] for name, port in declaration.ports.items()}
    answer = await declaration.function(inputs, **wanted)
    return {name: feel.encode(feel.normalise(value)) for name, value in answer.model_dump().items()}


def _inputs(declaration: Declaration, told: ActivityCall) -> BaseModel:
    values = {name: feel.decode(value) for name, value in told.inputs.items()}
    try:
        return declaration.input.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)
        )
        message = f"{declaration.name} cannot take its input: {problems}. Mend the input mapping at {told.element!r}."
        raise ApplicationError(message, type="InputRefused", non_retryable=True) from None
