"""Instances that continue as new with everything open that can be open: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError

from oms_workflow.engine.records import Record
from oms_workflow.temporal.border import Ended
from tests.temporal.stand import CALLS, Stand

pytestmark = pytest.mark.server

CHILD = """
process child
  start Called
  user Inside
  Called -> Inside
"""

LONG = (
    """
process long
  start S
  and Fork
  service Add type=test.add in.n==n out.n==n
  xor More
  user Ask sla=PT4H slaWarn=50% owner=cs
  catch Paid message=paid key="=order"
  call Child process=child propagateAllParentVariables=false
  service Breaks type=test.add in.n==0 in.fail==fail out.broken==n retryPolicy="first=PT1S attempts=1"
  catch Days timer=P3D
  user Each each="=[1,2,3]" item=one gather=looked element="=one * 10"
  and Join
  end E
  S -> Fork -> Add -> More
  More -> Add if "=n < 40"
  More -> Join default
  Fork -> Ask -> Join
  Fork -> Paid -> Join
  Fork -> Child -> Join
  Fork -> Breaks -> Join
  Fork -> Days -> Join
  Fork -> Each -> Join
  Join -> E
"""
    + CHILD
)


async def runs(stand: Stand, instance: str) -> list[WorkflowExecutionStatus]:
    """Give how each run of an instance ended, the first run first."""
    found, run = [], (await stand.house.client.get_workflow_handle(instance).describe()).raw_description
    execution = run.workflow_execution_info
    handle = stand.house.client.get_workflow_handle(instance, run_id=execution.first_run_id)
    while True:
        history = await handle.fetch_history()
        last = history.events[-1]
        following = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        found.append(WorkflowExecutionStatus((await handle.describe()).status or 0))
        if not following:
            return found
        handle = stand.house.client.get_workflow_handle(instance, run_id=following)


async def finish(stand: Stand, instance: str, element: str, **variables: object) -> None:
    """Complete every open token at an element, as a person does."""
    for one in (await stand.view(instance))["tokens"]:
        if one["element"] == element and one["state"] == "active" and one.get("role") != "body":
            await stand.house.operator.complete(instance, one["token"], variables, by="test")


def without_gap(records: tuple[Record, ...]) -> bool:
    return [one.seq for one in records] == list(range(1, len(records) + 1))


async def test_everything_that_is_open_stays_open_over_runs_and_is_finished_once(short: Stand):
    """A long-lived order continues as new when nobody looks; what was open then must be as if nothing had happened."""
    await short.deploy(LONG)
    await short.start("long", "long-1", n=0, order="o1", fail=9)
    await short.rest()

    assert len(await runs(short, "long-1")) >= 3
    view = await short.view("long-1")
    assert Counter(one["element"] for one in view["tokens"] if one.get("role") != "body") == {
        "Ask": 1, "Paid": 1, "Child": 1, "Breaks": 1, "Days": 1, "Each": 3,
    }  # fmt: skip
    (child,) = [row async for row in short.house.client.list_workflows('WorkflowType = "child"')]
    assert child.status is WorkflowExecutionStatus.RUNNING
    assert Counter(call.key for call in CALLS if call.element == "Add").most_common(1)[0][1] == 1

    await finish(short, "long-1", "Ask")
    await finish(short, "long-1", "Each")
    assert await short.publish("paid", "o1", "pay-1") == "long-1"
    assert await short.publish("paid", "o1", "pay-1") in ("long-1", "")
    await finish(short, child.id, "Inside")
    (incident,) = view["incidents"]
    breaks = next(one["token"] for one in view["tokens"] if one["element"] == "Breaks")
    await short.house.operator.set_variables("long-1", {"fail": 0}, by="test", scope=breaks)
    await short.house.operator.resolve("long-1", incident["incident"], "retry", by="test")
    await short.rest()
    assert await short.open("long-1") == ["Days"]
    await short.pass_time()

    ended = await short.ended("long-1")
    assert (ended.outcome, ended.variables["n"], ended.variables["looked"]) == ("completed", 40, [10, 20, 30])
    assert sum(call.element == "Add" for call in CALLS) == 40
    assert len({call.key for call in CALLS if call.element == "Breaks"}) == 1
    records = await short.records("long-1")
    assert without_gap(records)
    done = Counter(one.element for one in records if one.kind.value == "completed")
    assert (done["Ask"], done["Paid"], done["Child"], done["Breaks"], done["Days"], done["Add"]) == (1, 1, 1, 1, 1, 40)


async def test_deadlines_stay_where_they_were_over_runs(short: Stand):
    """A run that began its timers anew would give everybody more time, each time it continues."""
    await short.deploy(
        """
        process slow
          start S
          and Fork
          service Add type=test.add in.n==n out.n==n
          xor More
          user Ask sla=PT4H slaWarn=50% owner=cs
          catch Late on=Ask timer=P1D
          user Last
          S -> Fork -> Add -> More
          More -> Add if "=n < 30"
          More -> Last default
          Fork -> Ask -> Last
          Late -> Last
        """
    )
    await short.start("slow", "slow-1", n=0)
    await short.rest()
    assert len(await runs(short, "slow-1")) >= 3

    await short.pass_time()

    records = await short.records("slow-1")
    assert without_gap(records)
    begun = next(one.at for one in records if one.element == "Ask" and one.kind.value == "activated")
    rung = {one.kind.value: one.at - begun for one in records if one.kind.value in ("sla_warned", "sla_breached")}
    (late,) = [one for one in records if one.kind.value == "timer_fired"]
    assert datetime.fromisoformat(late.detail["due"]) == begun + timedelta(days=1)
    for span, wanted in [*zip(rung.values(), (timedelta(hours=2), timedelta(hours=4)), strict=True)]:
        assert wanted <= span < wanted + timedelta(seconds=1)
    assert timedelta(days=1) <= late.at - begun < timedelta(days=1, seconds=1)


async def test_a_called_process_is_ended_by_a_caller_that_continued_meanwhile(short: Stand):
    """The new run did not start it, but it is its caller all the same."""
    await short.deploy(
        """
        process caller
          start S
          and Fork
          service Add type=test.add in.n==n out.n==n
          xor More
          call Child process=child propagateAllParentVariables=false
          catch Stop on=Child message=stop key="=order"
          user Stopped
          end Done
          S -> Fork -> Add -> More
          More -> Add if "=n < 20"
          More -> Done default
          Fork -> Child -> Done
          Stop -> Stopped -> Done
        """
        + CHILD
    )
    await short.start("caller", "caller-1", n=0, order="o2")
    await short.rest()
    assert len(await runs(short, "caller-1")) >= 2
    (child,) = [clock for clock in short.timelapse.watch.running() if clock.parent == "caller-1"]

    await short.publish("stop", "o2", "stop-1")

    await short.rest()
    assert await short.open("caller-1") == ["Stopped"]
    kinds = [one.kind.value for one in await short.records(child.instance)]
    assert kinds[-1] == "finished"
    handle = short.house.client.get_workflow_handle(child.instance, result_type=Ended)
    with pytest.raises(WorkflowFailureError):
        await handle.result()  # it ends a moment after it has told the database
    assert (await handle.describe()).status is WorkflowExecutionStatus.CANCELED


async def test_a_person_who_answers_while_the_instance_continues_is_heard(short: Stand):
    """Temporal refuses an update in that moment; nobody should have to press the button again."""
    await short.deploy(
        """
        process busy
          start S
          user Ask each="=range" item=one
          S -> Ask
        """
    )
    await short.start("busy", "busy-1", range=list(range(60)))
    await short.rest()
    tokens = [one["token"] for one in (await short.view("busy-1"))["tokens"] if one.get("role") == "item"]

    gate = asyncio.Semaphore(6)

    async def answer(token: int) -> None:
        async with gate:
            await short.house.operator.complete("busy-1", token, {}, by="test")

    await asyncio.gather(*(answer(token) for token in tokens))

    assert (await short.ended("busy-1")).outcome == "completed"
    assert len(await runs(short, "busy-1")) >= 3
    done = Counter(one.token for one in await short.records("busy-1") if one.kind.value == "task_done")
    assert done == dict.fromkeys(tokens, 1)


async def test_every_run_replays(short: Stand):
    """Each run is a history of its own and has to stand alone."""
    await short.deploy(LONG)
    await short.start("long", "long-2", n=0, order="o3", fail=9)
    await short.rest()

    await short.replay("long-2")
