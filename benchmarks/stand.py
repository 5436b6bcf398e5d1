"""Where both are measured: one server, one process with a client and the workers, nothing behind the activities."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RawValue
from temporalio.service import GrpcCompression
from temporalio.worker import Worker

from benchmarks.twin import ACTIVITY, Asked, ByHand
from oms_workflow.diagrams.reading import Source, read_diagrams
from oms_workflow.engine.bundle import Bundle, pack, sha256, travelling
from oms_workflow.temporal import border, names
from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.workflow import ENGINE_VERSION, ProcessWorkflow

SILENT_QUEUE = "measured-silent"


@workflow.defn(dynamic=True)
class Silent(ProcessWorkflow):
    """The interpreter without its records, which is not how anybody runs it; beside a twin that keeps none either."""

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> border.Ended:
        """Run, and tell nobody."""
        return await super().run(args)

    def _must_synchronise(self) -> bool:
        return False


class Register:
    """In place of the database: keeps the records it is told in memory."""

    def __init__(self) -> None:
        self.told: dict[str, list[dict[str, Any]]] = {}

    def kinds(self, instance: str) -> list[tuple[str, str]]:
        """Give kind and element of what an instance told, in alphabetical order."""
        return sorted((one["kind"], one["element"]) for one in self.told[instance])

    def activity(self) -> Callable[..., Any]:
        """Give the activity that takes the records."""

        @activity.defn(name=names.SYNCHRONISE)
        async def synchronise(told: border.Synchronise) -> border.Synchronised:
            self.told.setdefault(told.instance, []).extend(told.records)
            return border.Synchronised()

        return synchronise


@activity.defn(name=ACTIVITY)
async def nothing(call: border.ActivityCall) -> dict[str, Any]:
    """Do nothing."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A client, and what was told."""

    client: Client
    register: Register


@asynccontextmanager
async def stand() -> AsyncIterator[Stand]:
    """Run server and workers until the block ends."""
    register = Register()
    async with serve() as server:
        client = await Client.connect(server.address, plugins=[oms_plugin()], grpc_compression=GrpcCompression.NONE)
        processes = Worker(
            client,
            task_queue=names.PROCESS_QUEUE,
            workflows=[ByHand, ProcessWorkflow],
            activities=[register.activity()],
        )
        silent = Worker(client, task_queue=SILENT_QUEUE, workflows=[Silent])
        shop = Worker(client, task_queue=names.DEFAULT_ACTIVITY_QUEUE, activities=[nothing])
        async with processes, silent, shop:
            yield Stand(client=client, register=register)


class Drawn:
    """A diagram to be run by the interpreter."""

    def __init__(self, raw: bytes, *, recorded: bool = True) -> None:
        definitions = read_diagrams([Source(name="measured.bpmn", raw=raw)]).require()
        self.process = definitions[0].id
        bundle = Bundle(process_id=self.process, definitions=tuple(definitions))
        self._packed = travelling(pack(bundle))
        self._told = border.InstanceInput(process=self.process, sha256=sha256(bundle), engine=ENGINE_VERSION)
        self._queue = names.PROCESS_QUEUE if recorded else SILENT_QUEUE

    async def run(self, client: Client, instance: str) -> None:
        """Run an instance to its end."""
        handle = await client.start_workflow(
            self.process, args=[self._packed, self._told], id=instance, task_queue=self._queue
        )
        await handle.result()


class Written:
    """The same work, written by hand."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    async def run(self, client: Client, instance: str) -> None:
        """Run it to its end."""
        await client.execute_workflow(ByHand.run, self._asked, id=instance, task_queue=names.PROCESS_QUEUE)
