"""Processes that begin with a signal, on a real server: each broadcast starts each of them once."""

from __future__ import annotations

import pytest

from oms_workflow.store.instances import Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.temporal.stand import Stand, now

pytestmark = pytest.mark.server

BEGINS = """
process {process}
  start Begun signal={signal}
  service Add type=test.add in.n==amount out.n==n
  Begun -> Add
"""


async def started(stand: Stand, process: str) -> list[str]:
    """Give the instances of a process, once all have come to rest."""
    await stand.rest()
    async with UnitOfWork(stand.house.database) as unit:
        return [one.workflow_id for one in await Instances(unit).find(process_id=process)]


async def test_a_signal_starts_every_process_that_begins_with_it_and_brings_its_variables(stand: Stand):
    """A diagram that plays in memory must do the same on the server."""
    for process in ("first", "second"):
        await stand.deploy(BEGINS.format(process=process, signal="opened"))
    await stand.deploy("process opening\n  start S\n  throw Open signal=opened in.amount==amount\n  S -> Open")

    await stand.ended(await stand.start("opening", "opening:1", amount=4))

    for process in ("first", "second"):
        (instance,) = await started(stand, process)
        assert (await stand.ended(instance)).variables["n"] == 5
        assert next(one.element for one in await stand.records(instance) if one.kind.value == "completed") == "Begun"
        await stand.replay(instance)


async def test_a_broadcast_that_is_told_again_starts_nothing_twice(stand: Stand):
    """Telling is repeated after a crash; a second instance would be a second order of the same goods."""
    await stand.deploy(BEGINS.format(process="again", signal="once-more"))

    for _ in range(2):
        await stand.house.dispatcher.broadcast("somebody#7", "once-more", {"amount": 1}, at=now())

    assert await started(stand, "again") == ["again:somebody#7"]
