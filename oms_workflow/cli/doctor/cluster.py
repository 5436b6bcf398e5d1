"""What Temporal has to be: reachable, with its namespace, our search attributes, and workers that answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC
from typing import TYPE_CHECKING

from oms_workflow.cli.asking import now
from oms_workflow.cli.doctor.finding import Finding, fine, off
from oms_workflow.cli.doctor.shop import SKEW
from oms_workflow.cli.wording import span
from oms_workflow.errors import WorldUnavailable
from oms_workflow.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

SECONDS = 15  # for all questions together


async def temporal(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the configured cluster, or at the server that `oms up` runs in this home; none running is no fault."""
    from temporalio.service import RPCError

    from oms_workflow.cli.opening import connect

    address = settings.temporal or _own(settings)
    if not address:
        yield fine("temporal", "temporal.not_running")
        return
    try:
        async with asyncio.timeout(SECONDS):
            client = await connect(settings, address)
            yield fine("temporal", "temporal", address=address)
            async for found in _inside(client, settings):
                yield found
    except WorldUnavailable:
        yield off("temporal", "fail", "temporal.unreachable", address=address)
    except TimeoutError:
        yield off("temporal", "fail", "temporal.slow", address=address, seconds=SECONDS)
    except RPCError as error:
        yield off("temporal", "fail", "temporal.refused", reason=error.message)


def _own(settings: Settings) -> str:
    from oms_workflow.cli.own_server import RECORD

    try:
        told = json.loads((settings.home / RECORD).read_text(encoding="utf-8"))
        return str(told["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


async def _inside(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.service import RPCError, RPCStatusCode

    from oms_workflow.temporal.names import SEARCH_ATTRIBUTES

    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=settings.namespace))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        yield off("namespace", "fail", "namespace.missing", namespace=settings.namespace)
        return
    yield fine("namespace", "namespace", namespace=settings.namespace)
    try:
        request = ListSearchAttributesRequest(namespace=settings.namespace)
        known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    except RPCError as error:  # Temporal Cloud tells them in its own pages only
        yield off("search-attributes", "warn", "attributes.unknown", reason=error.message)
    else:
        missing = [key.name for key in SEARCH_ATTRIBUTES if key.name not in known]
        if missing:
            yield off("search-attributes", "fail", "attributes.missing", names=", ".join(missing))
        else:
            yield fine("search-attributes", "attributes", count=len(SEARCH_ATTRIBUTES))
    yield await _workers(client, settings)


async def _workers(client: Client, settings: Settings) -> Finding:
    """Ask who polls for workflows; their times are the server's, so they also show whether its clock is ahead."""
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    from oms_workflow.temporal.names import PROCESS_QUEUE

    asked = DescribeTaskQueueRequest(
        namespace=settings.namespace,
        task_queue=TaskQueue(name=PROCESS_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    pollers = (await client.workflow_service.describe_task_queue(asked)).pollers
    if not pollers:
        return off("workers", "warn", "workers.none", queue=PROCESS_QUEUE)
    ahead = max(one.last_access_time.ToDatetime(tzinfo=UTC) for one in pollers) - now()
    if ahead > SKEW:
        return off("workers", "fail", "clock.temporal", skew=span(ahead))
    return fine("workers", "workers", count=len({one.identity for one in pollers}), queue=PROCESS_QUEUE)
