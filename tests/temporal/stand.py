"""A test stand: drawn processes on a real Temporal server and a real database, with activities made for tests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field
from temporalio import activity
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from oms_workflow import feel
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.catalog.registry import Catalog
from oms_workflow.connect.world.script.reading import parse_script
from oms_workflow.connect.world.world import World
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.engine.records import Record
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.board import Board
from oms_workflow.store.database import Database
from oms_workflow.store.instances import Instances
from oms_workflow.store.migrate import upgrade
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.border import Ended
from oms_workflow.temporal.deploying import deploy
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.starting import About
from oms_workflow.temporal.timelapse import Timelapse
from oms_workflow.temporal.worker import WorkerSpec, running
from oms_workflow.temporal.workflow import ProcessWorkflow
from tests.drawing import bpmn

SPECS = (WorkerSpec(queue="oms-processes", workflows=True), WorkerSpec(queue="oms-shop"))


class Anything(BaseModel, extra="allow"):
    """Whatever the node maps."""


class Told(BaseModel):
    n: int = Field(0, description="a number")
    code: str = Field("", description="refuse with this code")
    fail: int = Field(0, description="attempts that fail before one works")


class Answer(BaseModel):
    n: int = Field(description="one more")


NOBODY_ANSWERS = json.dumps(
    {
        "rules": [
            {
                "story": "tests answer tasks and incidents themselves",
                "when": {},
                "staff": {"tasks": [{"never": True}], "incidents": [{"action": "none"}]},
            }
        ]
    }
)

CALLS: list[Call] = []
"""Every attempt of every test activity, in order."""


@node_activity("test.add", title="Add one", errors={"REFUSED": "when told to"})
async def add(cmd: Told, call: Call) -> Answer:
    """Give one more; a second call gives the same."""
    CALLS.append(call)
    if cmd.code:
        raise OrderRefused("told to refuse", code=cmd.code.removeprefix("none"))
    if call.attempt <= cmd.fail:
        raise WorldUnavailable("told to be away")
    return Answer(n=cmd.n + 1)


@node_activity("test.leak", title="Break with personal data in the message")
async def leak(cmd: Anything) -> Anything:
    """Fail with a text that must not reach Temporal."""
    raise ValueError("Mrs Li lives at Wensan Road 5")


PRIORITIES: dict[str, tuple[int | None, str | None]] = {}
"""Key of each call of `test.look` -> priority and fairness key it was given by Temporal."""


@node_activity("test.look", title="Look at the priority")
async def look(cmd: Anything, call: Call) -> Anything:
    """Note how urgent Temporal takes this call to be; a second call notes the same."""
    told = activity.info().priority
    PRIORITIES[call.key] = (told.priority_key, told.fairness_key)
    return Anything()


CATALOG = Catalog(function.__node_activity__ for function in (add, leak, look))


class Stand:
    """One house with workers; its processes are drawn by the test."""

    def __init__(self, house: House, world: World, folder: Path) -> None:
        self.house = house
        self.world = world
        self.timelapse = Timelapse(house, world)
        self._folder = folder
        self._files = 0

    async def deploy(self, drawing: str) -> None:
        await self.deploy_files([bpmn(drawing)])

    async def deploy_files(self, files: Sequence[bytes]) -> None:
        """Deploy files that belong together."""
        paths = []
        for raw in files:
            self._files += 1
            paths.append(self._folder / f"drawn{self._files}.bpmn")
            paths[-1].write_bytes(raw)
        await deploy(self.house.database, read_collection(paths, year=2026), by="test", at=now())

    async def start(self, process: str, instance: str, **variables: Any) -> str:
        about = About(business_key=instance, channel="test")
        assert await self.house.starter.start(process, instance, variables, about=about, at=now())
        return instance

    async def rest(self) -> None:
        """Wait until every instance has come to rest."""
        await self.timelapse.watch.settled()

    async def pass_time(self) -> datetime:
        """Let all time pass that anybody waits for."""
        return await self.timelapse.run(begin=now())

    async def publish(self, name: str, key: str, message_id: str, **variables: Any) -> str:
        encoded = {variable: feel.encode(feel.normalise(value)) for variable, value in variables.items()}
        return (await self.house.dispatcher.publish(message_id, name, key, encoded, at=now())).instance

    async def view(self, instance: str) -> dict[str, Any]:
        return await self.house.operator.view(instance)

    async def open(self, instance: str) -> list[str]:
        return sorted(one["element"] for one in (await self.view(instance))["tokens"])

    async def token(self, instance: str, element: str) -> int:
        found: int = next(one["token"] for one in (await self.view(instance))["tokens"] if one["element"] == element)
        return found

    async def ended(self, instance: str) -> Ended:
        handle = self.house.client.get_workflow_handle(instance, result_type=Ended)
        ended: Ended = await handle.result()
        return ended

    async def records(self, instance: str) -> tuple[Record, ...]:
        async with UnitOfWork(self.house.database) as unit:
            return await Instances(unit).records(instance)

    async def board(self) -> Board:
        return Board(UnitOfWork(self.house.database))

    async def history(self, instance: str) -> WorkflowHistory:
        return await self.house.client.get_workflow_handle(instance).fetch_history()

    async def replay(self, instance: str) -> None:
        """Fail when the engine would decide otherwise on the stored history."""
        history = await self.history(instance)
        same = WorkflowHistory.from_json(instance, json.dumps(history.to_json_dict()))
        await Replayer(workflows=[ProcessWorkflow], plugins=[oms_plugin()]).replay_workflow(same)


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def stand_on(
    address: str, folder: Path, *, namespace: str = "default", specs: Sequence[WorkerSpec] = SPECS
) -> AsyncIterator[Stand]:
    """Set up a stand with databases of its own on a running server; `specs` are the workers it has."""
    database = Database.open(f"sqlite:///{folder / 'shop.db'}", vault_key=b"secret of this test")
    await upgrade(database)
    world = await World.open(f"sqlite:///{folder / 'world.db'}", parse_script(NOBODY_ANSWERS))
    client = await Client.connect(address, namespace=namespace, plugins=[oms_plugin()])
    house = House(database, client, timelapse=True)
    try:
        async with running(client, specs, house.equipment(CATALOG, _no_outside)):
            yield Stand(house, world, folder)
    finally:
        await world.close()
        await database.close()


def _no_outside(at: datetime) -> Mapping[type, Any]:
    return {}
