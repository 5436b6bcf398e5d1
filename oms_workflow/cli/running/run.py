"""`oms run`: orders out of files, through the diagrams, to their end; one object each with --json."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oms_workflow.cli.asking import now, opened, require_address, who
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import DONE, NO, AsJson, as_json_line, err, leave, out

if TYPE_CHECKING:
    from oms_workflow.cli.orders.taking import TakenIn
    from oms_workflow.cli.running.summary import Names
    from oms_workflow.cli.running.to_the_end import Run
    from oms_workflow.connect.importing import OrderReading
    from oms_workflow.store.database import Database

INTERRUPTED = 130
SHOWN = 10  # reasons why something was kept aside; the quarantine file has all


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run", help=say("run.help"))(run)


def run(
    files: Annotated[list[Path], typer.Argument(metavar="ORDERS...", help=say("run.files"))],
    mapping: Annotated[Path | None, typer.Option(help=say("orders.import.mapping"))] = None,
    process: Annotated[str, typer.Option(help=say("run.process"))] = "order_to_cash",
    opening_stock: Annotated[
        bool | None, typer.Option("--opening-stock/--no-opening-stock", help=say("run.opening_stock"))
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help=say("run.limit"))] = 0,
    json: AsJson = False,
) -> None:
    """Run orders; the exit code is 0 all ended, 1 one did not or was kept aside, 2 unusable, 3 unreachable."""
    from oms_workflow.cli.orders import taking

    reading = taking.open_orders(files, mapping, at=now())
    reading.most = limit
    done = asyncio.run(_run(reading, process=process, opening_stock=opening_stock))
    if done is None:
        err.print(say("run.interrupted"))
        leave(INTERRUPTED)
        return
    taken, ran, called = done
    _show(taken, ran, called, json=json)
    all_ended = ran is not None and all(one.has_ended for one in ran.outcomes)
    leave(DONE if all_ended and taken.report.is_clean else NO)


async def _run(
    reading: OrderReading, *, process: str, opening_stock: bool | None
) -> tuple[TakenIn, Run | None, Names] | None:
    from oms_workflow.cli.interrupting import until_asked_to_end
    from oms_workflow.cli.opening import open_house
    from oms_workflow.cli.orders import taking
    from oms_workflow.cli.running.progress import progress
    from oms_workflow.cli.running.to_the_end import run_to_the_end
    from oms_workflow.settings import settings

    chosen = settings()
    require_address(chosen)
    trial = not chosen.database.get_secret_value()
    with_stock = opening_stock if opening_stock is not None else trial and reading.mapping.shape.stock is not None
    taking.require_stock(reading, wanted=with_stock)

    async def work() -> tuple[TakenIn, Run | None, Names]:
        async with opened(open_house(chosen, work=True, timelapse=True)) as house:
            database = house.house.database
            begin = now()
            await _require_process(database, process)
            taken = await _take_in(database, reading, at=begin, with_stock=with_stock, home=chosen.home)
            if not taken.report.order_ids:
                return taken, None, {}
            with progress() as tell:
                ran = await run_to_the_end(house, taken.report.order_ids, begin=begin, tell=tell, process=process)
            return taken, ran, await _names(database, ran)

    return await until_asked_to_end(work())


async def _take_in(database: Database, reading: OrderReading, *, at: datetime, with_stock: bool, home: Path) -> TakenIn:
    """Take the orders in; what is kept aside goes to the home of the house, not beside the files."""
    from oms_workflow.cli.orders import taking
    from oms_workflow.cli.orders.importing import reading_progress
    from oms_workflow.connect.importing.storing.quarantine_file import quarantine_path

    aside = home / quarantine_path(reading.paths, as_json=reading.is_json).name
    with reading_progress(shown=True) as reading.on_progress:
        return await taking.take_orders(
            database, reading, at=at, by=who(""), with_stock=with_stock, quarantine=aside
        )  # fmt: skip


async def _names(database: Database, ran: Run) -> Names:
    from oms_workflow.cli.running.summary import names_of
    from oms_workflow.store.unit_of_work import UnitOfWork

    async with UnitOfWork(database) as unit:
        return await names_of(unit, ran.outcomes)


async def _require_process(database: Database, process: str) -> None:
    from oms_workflow.store.process_versions import ProcessVersions
    from oms_workflow.store.unit_of_work import UnitOfWork

    async with UnitOfWork(database) as unit:
        if await ProcessVersions(unit).latest(process) is None:
            raise Unusable(say("run.no_process", process=process), code="unknown-process")


def _show(taken: TakenIn, ran: Run | None, called: Names, *, json: bool) -> None:
    from oms_workflow.cli.running import summary

    for reason in taken.report.reasons[:SHOWN]:
        err.print(f"{reason}", markup=False, soft_wrap=True)
    if taken.report.quarantine is not None:
        err.print(say("run.kept_aside", count=taken.report.quarantined, file=taken.report.quarantine), markup=False)
    if ran is None:
        err.print(say("run.no_orders"))
        return
    if json:
        for outcome in ran.outcomes:
            as_json_line(summary.to_json(outcome, called))
        err.print(summary.rates(ran), markup=False)
        return
    summary.show(ran, called)
    out.print(say("run.next", order=ran.outcomes[0].order), markup=False)
