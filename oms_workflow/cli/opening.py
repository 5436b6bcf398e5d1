"""Opening the house for a command: database, world, Temporal, workers; what is missing and may be, is started here.

With no settings at all, everything lives in one folder: a Temporal server of our own on a file, SQLite, the world's
SQLite, and the key of the vault. A server that another command has started there is used, not started twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from temporalio.client import Client
from temporalio.service import GrpcCompression, RPCError

from oms_workflow.catalog.registry import Catalog, discover
from oms_workflow.cli.database import open_database
from oms_workflow.cli.deploying import deploy_all
from oms_workflow.cli.language import say
from oms_workflow.cli.own_server import Server, own_server
from oms_workflow.connect.world.script.reading import read_script
from oms_workflow.connect.world.world import World
from oms_workflow.diagrams.collection import read_collection
from oms_workflow.errors import WorldUnavailable
from oms_workflow.settings import Settings
from oms_workflow.store.database import Database
from oms_workflow.temporal.attributes import ensure_search_attributes
from oms_workflow.temporal.house import House
from oms_workflow.temporal.housekeeping import schedule
from oms_workflow.temporal.plugin import oms_plugin
from oms_workflow.temporal.sdk_logs import tame_sdk_logs
from oms_workflow.temporal.worker import discover_specs, running

HERE = "oms"  # who deploys what comes with the product


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The house, open for one command."""

    settings: Settings
    house: House
    world: World
    catalog: Catalog
    address: str
    ui: str  # Temporal's own pages; '' without
    is_ours: bool  # the server was started by this command and ends with it
    works: bool  # workers run in this command
    moves_time: bool  # this command is the one that skips the time of instances


@asynccontextmanager
async def open_house(
    settings: Settings, *, work: bool = False, timelapse: bool = False, ui_port: int = 0, fresh: bool = False
) -> AsyncIterator[Opened]:
    """Open everything a command needs to reach running orders.

    Args:
        work: Run workers, unless a house is open here already; deploys the shipped processes when they changed.
        timelapse: Instances started here have their time skipped.
        ui_port: Of Temporal's own pages; 0 leaves them out.
        fresh: Keep Temporal's histories in memory only.

    Raises:
        WorldUnavailable: When something it needs does not answer; the message says what and how to mend it.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        if settings.temporal:
            server = Server(address=settings.temporal, ui="", timelapse=settings.timelapse)
        else:
            opening = own_server(settings.home, timelapse=timelapse, ui_port=ui_port, fresh=fresh)
            server = await stack.enter_async_context(opening)
        client = await connect(settings, server.address)
        if settings.temporal:
            await ensure_search_attributes(client)  # our own server brings them
        world = await stack.enter_async_context(open_world(settings))
        house = House(database, client, timelapse=server.timelapse)
        catalog = discover(settings.activities)
        works = work and (server.is_ours or bool(settings.temporal))
        if works:
            await _work(settings, house, catalog, world, stack)
        yield Opened(
            settings=settings,
            house=house,
            world=world,
            catalog=catalog,
            address=server.address,
            ui=server.ui,
            is_ours=server.is_ours,
            works=works,
            moves_time=works and server.timelapse,
        )


@asynccontextmanager
async def open_world(settings: Settings) -> AsyncIterator[World]:
    """Open the systems outside, as the settings describe them."""
    script = read_script(settings.world_script) if settings.world_script else None
    world = await World.open(settings.world_url, script, seed=settings.world_seed)
    try:
        yield world
    finally:
        await world.close()


async def _work(settings: Settings, house: House, catalog: Catalog, world: World, stack: AsyncExitStack) -> None:
    """Deploy what comes with the product, and run workers until the stack is left."""
    await deploy_shipped(settings, house.database, catalog)
    await schedule(house.client)
    equipment = house.equipment(catalog, world.ports)
    await stack.enter_async_context(running(house.client, discover_specs(settings.workers), equipment))


async def deploy_shipped(settings: Settings, database: Database, catalog: Catalog) -> None:
    """Deploy the processes that come with the product, or those of the folder that settings name.

    Raises:
        DiagramRefused: When one of them has errors.
    """
    now = datetime.now(UTC)  # noqa: TID251 - when it was deployed
    read = read_collection([processes_folder(settings)], year=now.year, catalog=catalog, strict_references=True)
    await deploy_all(database, read, by=HERE, at=now)


def processes_folder(settings: Settings) -> Path:
    """Give the folder of diagrams in use."""
    if settings.processes is not None:
        return settings.processes
    spec = find_spec("processes")
    if spec is None or not spec.submodule_search_locations:
        raise WorldUnavailable(say("processes.missing"))
    return Path(next(iter(spec.submodule_search_locations)))


async def connect(settings: Settings, address: str) -> Client:
    """Connect to a Temporal server.

    Raises:
        WorldUnavailable: When it does not answer, or a payload key is wrong.
    """
    tame_sdk_logs()
    key = settings.temporal_api_key.get_secret_value()
    try:
        return await Client.connect(
            address,
            namespace=settings.namespace,
            plugins=[oms_plugin(settings.keys())],
            api_key=key or None,
            tls=settings.temporal_tls or bool(key),
            grpc_compression=GrpcCompression.NONE if address.startswith("127.0.0.1") else GrpcCompression.GZIP,
        )
    except ValueError as error:
        raise WorldUnavailable(str(error)) from error
    except (RPCError, RuntimeError) as error:
        raise WorldUnavailable(say("temporal.unreachable", address=address)) from error
