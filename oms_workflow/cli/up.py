"""`oms up` and `oms worker`: the house, open until somebody asks it to close."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from oms_workflow.cli.asking import now, opened, require_address
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import NO, AsJson, as_json_line, err, leave
from oms_workflow.errors import WorldUnavailable

if TYPE_CHECKING:
    from oms_workflow.cli.opening import Opened

UI_PORT = 8233  # Temporal's own habit
ROUND_SECONDS = 1.0


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("up", help=say("up.help"))(up)
    app.command("worker", help=say("worker.help"))(worker)


def up(
    time_lapse: Annotated[bool, typer.Option("--time-lapse", help=say("up.time_lapse"))] = False,
    ui_port: Annotated[int | None, typer.Option(min=0, max=65535, help=say("up.ui_port"))] = None,
    json: AsJson = False,
) -> None:
    """Keep the house open: Temporal, database, workers, the simulated outside. Ctrl-C closes it."""
    is_open = asyncio.run(_up(time_lapse=time_lapse, ui_port=ui_port, json=json))
    if is_open:
        leave(NO)
    err.print(say("up.closed"))


def worker(
    queue: Annotated[list[str] | None, typer.Option(help=say("worker.queue"))] = None, json: AsJson = False
) -> None:
    """Work for a house that is open somewhere: serve its queues until asked to end."""
    asyncio.run(_worker(queue or [], json=json))
    err.print(say("worker.closed"))


async def _up(*, time_lapse: bool, ui_port: int | None, json: bool) -> bool:
    """Gives True when the house was open already."""
    from oms_workflow.cli.interrupting import until_asked_to_end
    from oms_workflow.cli.opening import open_house
    from oms_workflow.settings import settings
    from oms_workflow.temporal.devserver import free_port

    chosen = settings()
    require_address(chosen)
    pages = free_port(UI_PORT) if ui_port is None else ui_port  # nobody asked for that one, so another will do

    async def work() -> bool:
        async with opened(open_house(chosen, work=True, timelapse=time_lapse, ui_port=pages)) as house:
            if not house.works:
                err.print(say("up.is_open", address=house.address, home=chosen.home), markup=False)
                return True
            _tell(house, json=json)
            await (_live_fast(house) if house.moves_time else _live(house))
            return False

    return await until_asked_to_end(work()) or False


async def _live(house: Opened) -> None:
    from oms_workflow.temporal.postman import Postman

    await Postman(house.house, house.world).walk()


async def _live_fast(house: Opened) -> None:
    """Whatever comes in is run to its end in skipped time."""
    from oms_workflow.temporal.postman import Postman
    from oms_workflow.temporal.timelapse import Timelapse

    postman, timelapse = Postman(house.house, house.world), Timelapse(house.house, house.world)
    while True:
        await postman.start_waiting(at=now())
        await timelapse.run(begin=now())
        await asyncio.sleep(ROUND_SECONDS)


async def _worker(queues: list[str], *, json: bool) -> None:
    from oms_workflow.cli.interrupting import until_asked_to_end
    from oms_workflow.cli.opening import open_house
    from oms_workflow.cli.own_server import is_open
    from oms_workflow.settings import settings
    from oms_workflow.temporal.worker import discover_specs, running

    chosen = settings()
    require_address(chosen)
    if not chosen.temporal and not is_open(chosen.home):
        raise WorldUnavailable(say("worker.nothing", home=chosen.home))
    specs = discover_specs(chosen.workers)
    known = {spec.queue for spec in specs}
    if unknown := sorted(set(queues) - known):
        raise Unusable(say("worker.no_queue", queue=unknown[0], known=", ".join(sorted(known))), code="unknown-queue")
    served = [spec for spec in specs if not queues or spec.queue in queues]

    async def work() -> None:
        async with opened(open_house(chosen)) as house:
            equipment = house.house.equipment(house.catalog, house.world.ports)
            async with running(house.house.client, served, equipment):
                names = [spec.queue for spec in served]
                if json:
                    as_json_line({"address": house.address, "queues": names})
                else:
                    err.print(say("worker.open", address=house.address, queues=", ".join(names)), markup=False)
                await asyncio.Event().wait()

    await until_asked_to_end(work())


def _tell(house: Opened, *, json: bool) -> None:
    if json:
        told = {
            "address": house.address,
            "ui": house.ui,
            "home": str(house.settings.home),
            "skips_time": house.moves_time,
        }
        as_json_line(told)
        return
    err.print(say("up.open", address=house.address, home=house.settings.home), markup=False)
    if house.ui:
        err.print(say("up.ui", ui=house.ui), markup=False)
    err.print(say("up.time_skips" if house.moves_time else "up.next"), markup=False, soft_wrap=True)
