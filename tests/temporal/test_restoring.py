"""Instances are restored from recorded histories, with the code at hand: where they stand, or that they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.common import RawValue
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from oms_workflow.engine import snapshot, view
from oms_workflow.engine.instance import Instance
from oms_workflow.engine.migration.plan import Plan
from oms_workflow.errors import OrderRefused
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import border
from oms_workflow.temporal.migrations import Journey, Migrations, Travellers, read_version
from oms_workflow.temporal.restoring import CannotRestore, Restorer
from oms_workflow.temporal.workflow import ENGINE_VERSION, ProcessWorkflow
from tests.stories.histories import FOLDER, read_histories
from tests.temporal.stand import CATALOG, Stand, now
from tests.temporal.test_migrating import NEW, OLD, PLAN

pytestmark = pytest.mark.server


@workflow.defn(dynamic=True)
class Older(ProcessWorkflow):
    """An interpreter that decides otherwise, as one of an earlier day might have: it waits before it begins."""

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> border.Ended:
        """Wait, then run."""
        await workflow.sleep(0.001)
        return await super().run(args)


async def started_by_older(stand: Stand, instance: str) -> None:
    """Start an instance whose worker runs older code; it has come to rest when this returns."""
    async with UnitOfWork(stand.house.database) as unit:
        version = await read_version(unit, "moves", 1)
    client = stand.house.client
    told = border.InstanceInput(
        process="moves", sha256=version.row.sha256, business_key=instance, at=now().isoformat(), engine=ENGINE_VERSION
    )
    own = list(stand.house.equipment(CATALOG, lambda at: {}).own)
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue="older", workflows=[Older], activities=own, workflow_runner=runner):
        handle = await client.start_workflow("moves", args=[version.packed, told], id=instance, task_queue="older")
        while "Ask" not in {one.element for one in await stand.records(instance)}:
            await handle.query("view")


async def journey_of(stand: Stand) -> Journey:
    async with UnitOfWork(stand.house.database) as unit:
        source, target = await read_version(unit, "moves", 1), await read_version(unit, "moves", 2)
    plan = Plan(process="moves", from_version=1, to_version=2, elements=PLAN)
    return Journey(plan=plan, source=source, target=target)


async def test_a_history_gives_back_what_the_instance_is_now(stand: Stand):
    await stand.deploy(OLD)
    await stand.start("moves", "res-1", n=1, order="res-1")
    await stand.rest()
    async with UnitOfWork(stand.house.database) as unit:
        version = await read_version(unit, "moves", 1)

    restored = await Restorer(stand.house.client).restore("res-1")

    state = snapshot.from_json(restored.recorded.state)
    assert view.of(Instance(version.program, state=state)) == await stand.view("res-1")
    assert 0 < restored.events <= len((await stand.history("res-1")).events)


async def test_wherever_a_history_ends_its_last_finished_step_is_what_counts(stand: Stand):
    """Whoever restores a running instance meets it at any moment: with an activity under way, or a step just asked."""
    whole = next(iter(read_histories(FOLDER / "engine-2" / "plain.json.gz")))
    kinds = [event.event_type for event in whole.events]
    first = kinds.index(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) + 1
    restorer, seen = Restorer(stand.house.client), []
    for end in range(first, len(whole.events), 7):
        restored = await restorer.replay(WorkflowHistory(whole.workflow_id, whole.events[:end]))
        seen.append(snapshot.from_json(restored.recorded.state).last_seq)

    assert seen == sorted(seen)
    assert len(set(seen)) > len(seen) // 3
    for end in range(first):
        with pytest.raises(OrderRefused, match="not begun"):
            await restorer.replay(WorkflowHistory(whole.workflow_id, whole.events[:end]))
    with pytest.raises(OrderRefused, match="over"):
        await restorer.replay(whole)


async def test_nothing_runs_under_an_unknown_name(stand: Stand):
    with pytest.raises(OrderRefused, match="Nothing runs"):
        await Restorer(stand.house.client).restore("nobody")


async def test_an_instance_of_other_code_cannot_go_and_keeps_nobody_else(stand: Stand):
    """The reason is that of the SDK, which names the step at which the history goes another way."""
    await stand.deploy(OLD)
    await started_by_older(stand, "res-2")
    await stand.start("moves", "res-3", n=1, order="res-3")
    await stand.rest()
    await stand.deploy(NEW)
    journey = await journey_of(stand)
    restorer = Restorer(stand.house.client)
    migrations = Migrations(stand.house.operator, restorer, journey)

    with pytest.raises(CannotRestore):
        await restorer.restore("res-2")
    found = [await migrations.migrate(row, by="mei", reason="the new checks") async for row in each(stand, journey)]

    assert [(one.instance, one.outcome) for one in found] == [("res-2", "cannot"), ("res-3", "migrated")]
    assert "does not replay" in found[0].message
    assert "Nondeterminism" in found[0].message
    assert await stand.open("res-3") == ["Check"]
    await stand.house.client.get_workflow_handle("res-2").terminate()


async def test_one_that_went_meanwhile_is_there_already(stand: Stand):
    """A batch that was interrupted and begun again at once may still find it in the lists of its old version."""
    await stand.deploy(OLD)
    await stand.start("moves", "res-4", n=1, order="res-4")
    await stand.rest()
    await stand.deploy(NEW)
    journey = await journey_of(stand)
    migrations = Migrations(stand.house.operator, Restorer(stand.house.client), journey)
    (row,) = [row async for row in each(stand, journey)]

    first = await migrations.migrate(row, by="mei", reason="the new checks")
    again = await migrations.migrate(row, by="mei", reason="the new checks")

    assert (first.outcome, again.outcome) == ("migrated", "already")
    assert first.stands == ("Check",)


def each(stand: Stand, journey: Journey) -> Any:
    return Travellers(stand.house.database, journey).each()
