"""Running workers: which queues they serve and with how many hands, as the specs in `workers/` say."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from oms_workflow.catalog.registry import Catalog
from oms_workflow.temporal.bind import Once, Tell, bind
from oms_workflow.temporal.heartbeat import BEAT
from oms_workflow.temporal.housekeeping import Housekeeping
from oms_workflow.temporal.schedules import BeginByTimer
from oms_workflow.temporal.workflow import ProcessWorkflow

GRACE = timedelta(seconds=10)  # for activities to end when a worker is told to stop
WATCHES = 20_000  # of called processes, each for as long as that lives; what tells the database must find room beside
Activity = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """One task queue and how it is served."""

    queue: str
    workflows: bool = False  # runs the instances themselves, with the activities that keep the database in step
    concurrent: int = 100  # activities, or workflow tasks, at a time
    cached: int = 1_000  # instances kept in memory between two tasks; others are replayed from their history
    says: str = ""  # what to scale it for


def discover_specs(packages: Iterable[str]) -> tuple[WorkerSpec, ...]:
    """Give the `SPEC` of every module in the packages, by queue.

    Raises:
        ModuleNotFoundError: When a package does not exist.
    """
    found = [spec for name in packages for module in _modules(name) for spec in _spec_of(module)]
    return tuple(sorted(found, key=lambda spec: spec.queue))


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What workers work with."""

    catalog: Catalog
    once: Once  # runs an activity's work once per key, see `bind`
    tell: Tell  # notes attempts that failed
    own: Sequence[Activity]  # activities of the binding itself; they go with the workflows


@asynccontextmanager
async def running(client: Client, specs: Sequence[WorkerSpec], equipment: Equipment) -> AsyncIterator[None]:
    """Serve queues until the block ends."""
    async with AsyncExitStack() as stack:
        for spec in specs:
            await stack.enter_async_context(make_worker(client, spec, equipment))
        yield


def make_worker(client: Client, spec: WorkerSpec, equipment: Equipment) -> Worker:
    """Give a worker for one queue, not yet running."""
    pollers = PollerBehaviorAutoscaling(minimum=2, maximum=20, initial=5)
    if spec.workflows:
        return Worker(
            client,
            task_queue=spec.queue,
            workflows=[ProcessWorkflow, Housekeeping, BeginByTimer],
            activities=list(equipment.own),
            max_cached_workflows=spec.cached,
            max_concurrent_workflow_tasks=spec.concurrent,
            max_concurrent_activities=WATCHES,
            workflow_task_poller_behavior=pollers,
            max_heartbeat_throttle_interval=BEAT,
            graceful_shutdown_timeout=GRACE,
            build_id=_build_id(),
        )
    served = [
        bind(one, equipment.once, equipment.tell) for one in equipment.catalog.values() if one.queue == spec.queue
    ]
    return Worker(
        client,
        task_queue=spec.queue,
        activities=served,
        max_concurrent_activities=spec.concurrent,
        activity_task_poller_behavior=pollers,
        max_heartbeat_throttle_interval=BEAT,
        graceful_shutdown_timeout=GRACE,
        build_id=_build_id(),
    )


def _build_id() -> str:
    """What histories say of the worker that wrote them."""
    return f"oms-workflow {version('oms-workflow')}"


def _modules(name: str) -> Iterator[Any]:
    package = importlib.import_module(name)
    yield package
    for found in pkgutil.walk_packages(getattr(package, "__path__", ()), prefix=f"{name}."):
        yield importlib.import_module(found.name)


def _spec_of(module: Any) -> Iterator[WorkerSpec]:
    spec = getattr(module, "SPEC", None)
    if isinstance(spec, WorkerSpec):
        yield spec
