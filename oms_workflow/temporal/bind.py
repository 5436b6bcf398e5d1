"""Making an activity of the catalog a Temporal activity: typed input, ports, effects once, errors with a meaning."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from oms_workflow import feel
from oms_workflow.catalog.declaration import Call, Declaration
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.temporal.border import ActivityCall

log = structlog.get_logger("oms.activities")

Ports = Mapping[type, Any]
Work = Callable[[Ports], Awaitable[dict[str, Any]]]
Once = Callable[[str, str, datetime, Work], Awaitable[dict[str, Any]]]
"""Runs work under a key in one transaction and remembers its answer: (key, activity, at, work) -> answer."""


def bind(declaration: Declaration, once: Once) -> Callable[[ActivityCall], Awaitable[dict[str, Any]]]:
    """Give the Temporal activity for a declaration.

    A second call with the same key gives the first one's answer and does nothing. Business refusals and bad input are
    not retried, outages are; the text of an unexpected error stays in the worker's log, because it may hold personal
    data, which must not get into a history.
    """

    @activity.defn(name=declaration.name)
    async def run(told: ActivityCall) -> dict[str, Any]:
        info = activity.info()
        call = Call(
            key=told.key,
            at=datetime.fromisoformat(told.at),
            instance=told.instance,
            element=told.element,
            attempt=info.attempt,
            headers=told.headers,
        )
        bound = log.bind(activity=declaration.name, instance=told.instance, element=told.element, attempt=info.attempt)
        try:
            inputs = _inputs(declaration, told)
            return await once(
                told.key, declaration.name, call.at, lambda ports: _work(declaration, inputs, call, ports)
            )
        except OrderRefused as refused:
            bound.info("refused", code=refused.code)
            details = [refused.code] if refused.code else []
            raise ApplicationError(str(refused), *details, type="OrderRefused", non_retryable=True) from None
        except WorldUnavailable as unavailable:
            bound.warning("world unavailable", reason=str(unavailable))
            raise ApplicationError(str(unavailable), type="WorldUnavailable") from None
        except ApplicationError:
            raise
        except Exception as error:
            kind = type(error).__name__
            bound.exception("activity failed")
            raise ApplicationError(f"{kind}; the worker's log has the details", type=kind) from None

    return run


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


def quiet_sdk_logs() -> None:
    """Keep the SDK from logging the same failure a second time, without order and node."""
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
