"""Processes that begin by the clock: when they are due is told by values, that they start by a real server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from temporalio.client import ScheduleBackfill

from oms_workflow.errors import DiagramRefused
from oms_workflow.store.instances import InstanceRow, Instances
from oms_workflow.store.process_versions import ProcessVersion
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.timer_starts import TimerStart, timer_start
from tests.temporal.stand import Stand, now

DEPLOYED = datetime(2026, 11, 22, 10, 0, 0, 250_000, tzinfo=UTC)
NIGHTLY = 'process {process}\n  start Begin timer="{timer}" measure={measure}\n  user Look{more}\n  Begin -> Look'


def planned(measure: str, text: str, deployed_at: datetime = DEPLOYED) -> TimerStart:
    version = ProcessVersion(
        process_id="p",
        version=2,
        name="",
        version_tag="",
        sha256="",
        file="",
        starts=(),
        deployed_at=deployed_at,
        deployed_by="",
    )
    return timer_start(version, {"timer": text, "measure": measure, "element": "Begin"})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}Z")


def test_a_cycle_counts_from_its_deployment_in_whole_seconds():
    """The server's schedules know no fractions; none may come too early."""
    start = planned("cycle", "R3/PT1M")

    assert list(start.due_between(DEPLOYED, at("23T00:00:00"))) == [
        at("22T10:01:01"),
        at("22T10:02:01"),
        at("22T10:03:01"),
    ]


def test_a_cycle_with_a_date_begins_there_and_may_go_on_for_ever():
    start = planned("cycle", "R/2026-11-20T02:00:00+08:00/P1D")

    assert start.last is None
    assert list(start.due_between(at("22T18:00:00"), at("24T18:00:00"))) == [at("23T18:00:00"), at("24T18:00:00")]
    assert not start.is_over(at("29T00:00:00") + timedelta(days=3650))


def test_a_date_is_due_once():
    start = planned("date", "2026-11-22T18:00:00.5+08:00")

    assert list(start.due_between(at("22T10:00:00"), at("30T00:00:00"))) == [at("22T10:00:01")]
    assert list(start.due_between(at("22T10:00:01"), at("30T00:00:00"))) == []
    assert not start.is_over(at("23T10:00:01"))
    assert start.is_over(at("23T10:00:02"))


def test_feel_is_asked_at_the_deployment():
    assert planned("date", '=now() + duration("P1D")', at("22T10:00:00")).first == at("23T10:00:00")


@pytest.mark.server
@pytest.mark.parametrize(
    ("measure", "text"), [("cycle", "R/P1M"), ("duration", "PT1H"), ("cycle", "=interval"), ("date", '="tomorrow"')]
)
async def test_a_start_nobody_can_plan_is_refused_at_its_place(stand: Stand, measure: str, text: str):
    """Deployed, it would be waited for in vain."""
    with pytest.raises(DiagramRefused) as refused:
        await stand.deploy(NIGHTLY.format(process="never", timer=text.replace('"', '\\"'), measure=measure, more=""))

    (found,) = refused.value.diagnostics
    assert (found.code, found.element) == ("bad-timer", "Begin")
    assert found.line


PATIENCE = 1_200  # tenths of a second: the server's own clock starts these, and a busy machine must not fail for it


async def instances(stand: Stand, process: str, wanted: int) -> list[InstanceRow]:
    """Give the instances of a process by id, once there are as many as wanted."""
    for _ in range(PATIENCE):
        async with UnitOfWork(stand.house.database) as unit:
            rows = await Instances(unit).find(process_id=process)
        if len(rows) >= wanted:
            return sorted(rows, key=lambda row: row.workflow_id)
        await asyncio.sleep(0.1)
    raise AssertionError(f"{process}: {[row.workflow_id for row in rows]}, not {wanted}")


async def scheduled(stand: Stand, process: str, wanted: list[str]) -> None:
    """Wait until the schedules of a process are those; the server lists a change a moment later."""
    for _ in range(PATIENCE):
        listed = [one.id async for one in await stand.house.client.list_schedules()]
        found = sorted(one for one in listed if one.startswith(f"start:{process}:"))
        if found == wanted:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{process}: {found}, not {wanted}")


@pytest.mark.server
async def test_a_cycle_starts_an_instance_at_each_due_time_and_no_more(stand: Stand):
    """Three mean three, and the id says which due time an instance is of."""
    await stand.deploy(NIGHTLY.format(process="thrice", timer="R3/PT1S", measure="cycle", more=""))
    assert await stand.house.schedules.follow(at=now()) == 1

    rows = await instances(stand, "thrice", 3)
    await asyncio.sleep(1.5)
    assert await instances(stand, "thrice", 3) == rows

    times = [datetime.fromisoformat(row.workflow_id.removeprefix("thrice:Begin-")) for row in rows]
    assert [two - one for one, two in pairwise(times)] == [timedelta(seconds=1)] * 2
    assert await stand.open(rows[0].workflow_id) == ["Look"]
    assert (await stand.records(rows[0].workflow_id))[0].detail["start"] == "Begin"


@pytest.mark.server
async def test_what_was_due_before_the_schedule_was_made_is_made_up_for_once(stand: Stand):
    """A deployment may be noticed late, by two housekeepers at once, or by a server that lost its memory."""
    soon = now().replace(microsecond=0) + timedelta(seconds=1)
    await stand.deploy(NIGHTLY.format(process="late", timer=soon.isoformat(), measure="date", more=""))
    await asyncio.sleep((soon - now()).total_seconds() + 0.1)
    await asyncio.gather(*(stand.house.schedules.follow(at=now()) for _ in range(2)))

    (row,) = await instances(stand, "late", 1)
    assert row.workflow_id == f"late:Begin-{soon:%Y-%m-%dT%H:%M:%SZ}"
    await stand.house.client.get_schedule_handle("start:late:1:Begin").delete()
    await stand.house.schedules.follow(at=now())
    assert await instances(stand, "late", 1) == [row]


@pytest.mark.server
async def test_a_date_that_had_passed_when_it_was_deployed_starts_nothing(stand: Stand):
    """Deploying last year's diagram again must not run last year's campaign."""
    await stand.deploy(NIGHTLY.format(process="past", timer="2026-01-01T00:00:00Z", measure="date", more=""))

    assert await stand.house.schedules.follow(at=now()) == 0
    await scheduled(stand, "past", [])


@pytest.mark.server
async def test_a_new_version_takes_the_place_of_the_old_ones_schedule(stand: Stand):
    for more in ("", " owner=cs"):
        await stand.deploy(NIGHTLY.format(process="renewed", timer="R/P1D", measure="cycle", more=more))
        await stand.house.schedules.follow(at=now())
    await scheduled(stand, "renewed", ["start:renewed:2:Begin"])

    await stand.deploy("process renewed\n  start Begin\n  user Look\n  Begin -> Look")
    await stand.house.schedules.follow(at=now())
    await scheduled(stand, "renewed", [])


@pytest.mark.server
async def test_the_server_starts_a_due_time_once_whatever_it_is_asked(stand: Stand):
    """A schedule that is told to catch up over a span that was served starts nothing again."""
    soon = now().replace(microsecond=0) + timedelta(seconds=2)
    await stand.deploy(
        NIGHTLY.format(process="again", timer=soon.isoformat(), measure="date", more="").replace(
            "user Look", "end Look"
        )
    )
    await stand.house.schedules.follow(at=now())
    (row,) = await instances(stand, "again", 1)
    await stand.ended(row.workflow_id)

    span = ScheduleBackfill(start_at=soon - timedelta(seconds=1), end_at=soon + timedelta(seconds=1))
    await stand.house.client.get_schedule_handle("start:again:1:Begin").backfill(span)
    await asyncio.sleep(1)

    handle = stand.house.client.get_workflow_handle(row.workflow_id)
    runs = [one.run_id async for one in stand.house.client.list_workflows(f'WorkflowId = "{row.workflow_id}"')]
    assert runs == [(await handle.describe()).run_id]
