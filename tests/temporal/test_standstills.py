"""Instances that stand still without a word, on a real server: wedged, recovered, ended or forgotten by others."""

from __future__ import annotations

import asyncio

import pytest
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from oms_workflow.engine.commands import Command
from oms_workflow.engine.facts import Fact, JobCompleted
from oms_workflow.engine.instance import Instance
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.temporal.stand import Stand, now

pytestmark = pytest.mark.server

QUEUE = "broken-processes"


@workflow.defn(name="broken")
class Broken:
    """Stands for a process whose code cannot go on, until it is mended."""

    mended = False

    @workflow.run
    async def run(self) -> None:
        if not Broken.mended:
            raise RuntimeError("history and code disagree")
        await workflow.wait_condition(lambda: False)


async def known(stand: Stand, instance: str) -> InstanceRow:
    async with UnitOfWork(stand.house.database) as unit:
        row = await Instances(unit).get(instance)
    assert row is not None
    return row


async def noted(stand: Stand, instance: str) -> None:
    """Have the database believe that an instance runs."""
    async with UnitOfWork(stand.house.database) as unit:
        about = {"process_id": "broken", "version": 1, "sha256": "", "order_id": instance, "channel": "test"}
        await Instances(unit).started(instance, **about, at=now())
        await unit.commit()


async def looked_until(stand: Stand, instance: str, status: str) -> InstanceRow:
    """Look round after round, as the housekeeping does, until an instance has a status."""
    for _ in range(120):
        await stand.house.standstills.look(at=now())
        row = await known(stand, instance)
        if row.status == status:
            return row
        await asyncio.sleep(0.25)
    raise AssertionError(f"{instance} is {row.status}, not {status}")


async def test_a_wedged_instance_is_called_wedged_until_it_goes_on(stand: Stand):
    """Temporal says that it is running, for ever; ops would never look."""
    Broken.mended = False
    client = stand.house.client
    await noted(stand, "wedged-1")
    async with Worker(client, task_queue=QUEUE, workflows=[Broken], workflow_runner=UnsandboxedWorkflowRunner()):
        handle = await client.start_workflow("broken", id="wedged-1", task_queue=QUEUE)

        row = await looked_until(stand, "wedged-1", "wedged")
        assert (row.code, row.ended_at) == ("workflow-task-fails", None)

        Broken.mended = True
        row = await looked_until(stand, "wedged-1", "running")
        assert row.code == ""
        await handle.terminate()


async def test_a_defect_of_ours_wedges_the_instance_instead_of_leaving_it_waiting(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
):
    """An answer comes back to a task nobody awaits: an exception there must not be swallowed."""
    await stand.deploy(
        "process d\n  start S\n  user Ask\n  service Add type=test.add in.n==n out.n==n\n  S -> Ask -> Add"
    )
    await stand.start("d", "d-1", n=1)
    await stand.rest()
    receive = Instance.receive

    def defective(self: Instance, fact: Fact) -> list[Command]:
        if isinstance(fact, JobCompleted) and not fact.by:
            raise RuntimeError("a defect of the engine")
        return receive(self, fact)

    monkeypatch.setattr(Instance, "receive", defective)
    await stand.house.operator.complete("d-1", await stand.token("d-1", "Ask"), {}, by="test")
    await looked_until(stand, "d-1", "wedged")

    monkeypatch.undo()
    assert (await stand.ended("d-1")).variables == {"n": 2}


async def test_an_instance_that_waits_is_not_taken_for_one_that_stands_still(stand: Stand):
    await stand.deploy("process w\n  start S\n  user Wait\n  S -> Wait")
    await stand.start("w", "w-1")
    await stand.rest()

    assert await stand.house.standstills.look(at=now()) == 0
    assert (await known(stand, "w-1")).status == "running"


async def test_an_instance_somebody_terminated_in_temporal_is_over_here_as_well(stand: Stand):
    """Else it would be counted as running, and its open nodes shown, for ever."""
    await stand.deploy("process t\n  start S\n  catch Go signal=go-t\n  S -> Go")
    await stand.start("t", "terminated-1")
    await stand.rest()
    await stand.house.client.get_workflow_handle("terminated-1").terminate()

    row = await looked_until(stand, "terminated-1", "terminated")

    assert row.ended_at is not None
    assert [one.element for one in await nodes(stand, "t")] == []
    assert await stand.house.dispatcher.broadcast("s-1", "go-t", {}, at=now()) == 0
    await stand.rest()  # whoever skips time does not wait for it


async def test_an_instance_temporal_knows_nothing_of_is_over(stand: Stand):
    """Its histories were lost, or kept for a day only."""
    await noted(stand, "never-there")

    row = await looked_until(stand, "never-there", "terminated")

    assert row.code == "workflow-gone"


async def test_looking_again_changes_nothing(stand: Stand):
    await noted(stand, "gone-once")
    assert await stand.house.standstills.look(at=now()) == 1
    first = await known(stand, "gone-once")

    assert await stand.house.standstills.look(at=now()) == 0
    assert await known(stand, "gone-once") == first


async def nodes(stand: Stand, process: str) -> tuple[object, ...]:
    async with UnitOfWork(stand.house.database) as unit:
        return tuple(await Instances(unit).by_node(process))
