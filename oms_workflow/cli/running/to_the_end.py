"""Runs orders to their end: in skipped time where this command moves the time, else by waiting for those who do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oms_workflow.cli.asking import now
from oms_workflow.cli.opening import Opened
from oms_workflow.store.effects import calls_done
from oms_workflow.store.outcomes import Outcome, outcomes
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import names
from oms_workflow.temporal.postman import Postman
from oms_workflow.temporal.timelapse import Moment, Timelapse

LOOK_SECONDS = 1.0
STARTED_AT_ONCE = 8  # a start is a few short waits for two servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """How far orders are."""

    orders: int
    ended: int
    begun: int = 0
    at: datetime | None = None  # UTC, the orders' time, where time is skipped


Tell = Callable[[Far], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What became of a run."""

    outcomes: tuple[Outcome, ...]
    seconds: float  # on the wall
    calls: int  # of activities that were done meanwhile
    began: datetime  # UTC
    ended: datetime  # UTC; in the orders' time, where time is skipped


async def run_to_the_end(
    house: Opened, order_ids: Sequence[str], *, begin: datetime, tell: Tell, process: str = names.ORDER_PROCESS
) -> Run:
    """Start stored orders and give what became of them when each has ended, or waits for what does not come by itself.

    Args:
        begin: UTC; the orders' time at the start, where time is skipped.
        tell: Is told how far they are, now and then.
        process: Id of a deployed process.

    Raises:
        OrderRefused: When there is no such process.
        WorldUnavailable: When database, Temporal or workers are gone for good; running it again goes on there.
    """
    loop = asyncio.get_running_loop()
    since, before = loop.time(), await _calls(house)
    tell(Far(orders=len(order_ids), ended=0))
    run = _skip if house.moves_time else _wait
    ended_at = await run(house, order_ids, begin=begin, process=process, tell=tell)
    async with UnitOfWork(house.house.database) as unit:
        found = await outcomes(unit, order_ids)
    calls = await _calls(house) - before
    return Run(outcomes=found, seconds=loop.time() - since, calls=calls, began=begin, ended=ended_at)


async def _skip(house: Opened, order_ids: Sequence[str], *, begin: datetime, process: str, tell: Tell) -> datetime:
    timelapse = Timelapse(house.house, house.world)
    ours = set(order_ids)

    def begun(many: int) -> None:
        tell(Far(orders=len(ours), ended=0, begun=many))

    def told(moment: Moment) -> None:
        left = len(ours & moment.orders)
        tell(Far(orders=len(ours), ended=len(ours) - left, begun=len(ours), at=moment.at))

    await timelapse.start(order_ids, at=begin, process=process, told=begun)
    return await timelapse.run(begin=begin, told=told)


async def _wait(house: Opened, order_ids: Sequence[str], *, begin: datetime, process: str, tell: Tell) -> datetime:
    """Somebody else moves the time, or it passes as it does."""
    await _start_all(house, order_ids, begin=begin, process=process)
    carrying = asyncio.create_task(Postman(house.house, house.world).walk()) if house.works else None
    try:
        while True:
            async with UnitOfWork(house.house.database) as unit:
                found = await outcomes(unit, order_ids)
            ended = sum(1 for one in found if one.has_ended)
            tell(Far(orders=len(order_ids), ended=ended, begun=len(order_ids)))
            if ended == len(order_ids):
                return now()
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        if carrying is not None:
            carrying.cancel()


async def _start_all(house: Opened, order_ids: Sequence[str], *, begin: datetime, process: str) -> None:
    """Start the processes of stored orders; those that were started before are left alone."""
    postman = Postman(house.house, house.world)
    gate = asyncio.Semaphore(STARTED_AT_ONCE)

    async def start(order_id: str) -> None:
        async with gate:
            await postman.start(order_id, at=begin, process=process)

    await asyncio.gather(*(start(order_id) for order_id in order_ids))


async def _calls(house: Opened) -> int:
    async with UnitOfWork(house.house.database) as unit:
        return await calls_done(unit)
