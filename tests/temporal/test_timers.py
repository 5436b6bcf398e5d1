"""Service levels share one alarm: each rings at its own time all the same, and one that was met never does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oms_workflow.engine.records import Record, RecordKind
from oms_workflow.temporal.timers import ALARM
from tests.temporal.stand import Stand

pytestmark = pytest.mark.server

MINUTE = timedelta(minutes=1)
SLACK = timedelta(seconds=1)


def rung(records: tuple[Record, ...]) -> dict[tuple[str, str], timedelta]:
    """Give when each service level of a node warned and breached, counted from when the node was entered."""
    begun = {one.element: one.at for one in records if one.kind is RecordKind.ACTIVATED}
    kinds = (RecordKind.SLA_WARNED, RecordKind.SLA_BREACHED)
    return {(one.element, one.kind.value): one.at - begun[one.element] for one in records if one.kind in kinds}


async def alarms(stand: Stand, instance: str) -> int:
    """Count how often the shared alarm was set."""
    summaries = [event.user_metadata.summary.data for event in (await stand.history(instance)).events]
    return sum(ALARM.encode() in one for one in summaries)


async def test_a_level_that_is_due_before_the_alarm_that_is_set_rings_in_time(stand: Stand):
    """The alarm stands at the deadline of the first node when the second, shorter one begins."""
    await stand.deploy(
        """
        process both
          start S
          and Fork
          user Slow sla=PT8H slaWarn=50% owner=cs
          catch Pause timer=PT30M
          user Quick sla=PT1H slaWarn=PT40M owner=cs
          S -> Fork -> Slow
          Fork -> Pause -> Quick
        """
    )
    await stand.start("both", "both-1")

    await stand.pass_time()

    wanted = {
        ("Quick", "sla_warned"): 40 * MINUTE,
        ("Quick", "sla_breached"): 60 * MINUTE,
        ("Slow", "sla_warned"): 240 * MINUTE,
        ("Slow", "sla_breached"): 480 * MINUTE,
    }
    found = rung(await stand.records("both-1"))
    assert found.keys() == wanted.keys()
    assert all(wanted[level] <= found[level] < wanted[level] + SLACK for level in wanted), found
    await stand.replay("both-1")


async def test_a_later_nodes_level_rings_in_time_though_an_earlier_nodes_alarm_is_still_set(stand: Stand):
    """The alarm of a node that was left rings for nobody, and has to be set anew for those who are there now."""
    await stand.deploy(
        """
        process after
          start S
          user First sla=PT2H slaWarn=PT1H owner=cs
          user Second sla=PT6H slaWarn=50% owner=cs
          S -> First -> Second
        """
    )
    await stand.start("after", "after-1")
    await stand.rest()
    await stand.house.operator.complete("after-1", await stand.token("after-1", "First"), {}, by="test")
    await stand.rest()

    await stand.pass_time()

    found = rung(await stand.records("after-1"))
    assert found.keys() == {("Second", "sla_warned"), ("Second", "sla_breached")}
    assert 180 * MINUTE <= found["Second", "sla_warned"] < 180 * MINUTE + SLACK
    assert 360 * MINUTE <= found["Second", "sla_breached"] < 360 * MINUTE + SLACK
    await stand.replay("after-1")


async def test_levels_that_are_met_never_ring_and_cost_one_alarm_together(stand: Stand):
    """An order passes dozens of nodes in time; its history should not hold a timer for each."""
    nodes = [f"Do{number}" for number in range(8)]
    drawn = "\n".join(f"  service {node} type=test.add in.n==n out.n==n sla=PT1H owner=cs" for node in nodes)
    await stand.deploy(f"process met\n  start S\n{drawn}\n  catch Days timer=P2D\n  S -> {' -> '.join(nodes)} -> Days")
    await stand.start("met", "met-1", n=0)

    await stand.pass_time()

    records = await stand.records("met-1")
    assert (await stand.ended("met-1")).variables == {"n": 8}
    assert rung(records) == {}
    assert sum(one.kind is RecordKind.SLA_STARTED for one in records) == 8
    assert await alarms(stand, "met-1") == 1


async def test_when_the_clock_jumps_everything_due_rings_in_its_order_with_its_own_time(stand: Stand):
    """In skipped time an order learns from a message that hours have passed; its deadlines fell due on the way."""
    await stand.deploy(
        """
        process jumps
          start S
          and Fork
          catch Told message=told key="=order"
          catch Soon timer=PT1H
          catch Later timer=PT9H
          user Ask sla=PT3H slaWarn=PT2H owner=cs
          S -> Fork -> Told
          Fork -> Soon
          Fork -> Later
          Fork -> Ask
        """
    )
    await stand.start("jumps", "jump-1", order="j1")
    await stand.rest()
    begun = (await stand.records("jump-1"))[0].at

    await stand.house.dispatcher.publish("told-1", "told", "j1", {}, at=begun + timedelta(hours=5))
    await stand.rest()

    rang = (RecordKind.TIMER_FIRED, RecordKind.SLA_WARNED, RecordKind.SLA_BREACHED, RecordKind.MESSAGE_CAUGHT)
    found = [(one.element, one.kind, one.at - begun) for one in await stand.records("jump-1") if one.kind in rang]
    assert found == [
        ("Soon", RecordKind.TIMER_FIRED, timedelta(hours=1)),
        ("Ask", RecordKind.SLA_WARNED, timedelta(hours=2)),
        ("Ask", RecordKind.SLA_BREACHED, timedelta(hours=3)),
        ("Told", RecordKind.MESSAGE_CAUGHT, timedelta(hours=5)),
    ]
    assert await stand.open("jump-1") == ["Ask", "Later"]

    await stand.pass_time()

    late = next(one for one in await stand.records("jump-1") if one.element == "Later" and one.kind is rang[0])
    assert timedelta(hours=9) <= late.at - begun < timedelta(hours=9) + SLACK
    await stand.replay("jump-1")
