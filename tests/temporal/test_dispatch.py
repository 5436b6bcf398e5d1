"""Messages on their way: matched in one transaction, carried until they arrived, given back when nobody is there."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from temporalio.client import Client, ScheduleOverlapPolicy

from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.messages import Delivery, Messages
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import housekeeping, names
from oms_workflow.temporal.devserver import serve
from oms_workflow.temporal.house import House
from oms_workflow.temporal.plugin import oms_plugin
from tests.temporal.stand import Stand, now

pytestmark = pytest.mark.server

WAITS = 'process {process}\n  start S\n  catch Paid message=paid key="=order"\n  S -> Paid'
LONG_AGO = timedelta(minutes=2)


async def matched(stand: Stand, message_id: str, key: str, *, at: datetime) -> list[Delivery]:
    """Store and match a message, and die before carrying it."""
    async with UnitOfWork(stand.house.database) as unit:
        _, deliveries = await stand.house.dispatcher.store(unit, message_id, "paid", key, {"amount": 5}, at=at)
        await unit.commit()
    return deliveries


async def waiting(stand: Stand, key: str) -> tuple[str, ...]:
    async with UnitOfWork(stand.house.database) as unit:
        return await Messages(unit).waiting("paid", key)


async def a_round(stand: Stand) -> int:
    """Have the housekeeping do a round, as its schedule does."""
    carried: int = await stand.house.client.execute_workflow(
        housekeeping.NAME, id=f"round-{now().timestamp()}", task_queue=names.PROCESS_QUEUE, result_type=int
    )
    return carried


async def test_a_match_nobody_carried_is_carried_by_the_housekeeping_once(stand: Stand):
    """Whoever received the webhook may die between the commit and the signal."""
    await stand.deploy(WAITS.format(process="lost"))
    await stand.start("lost", "lost-1", order="l1")
    await stand.rest()
    assert len(await matched(stand, "pay-l1", "l1", at=now() - LONG_AGO)) == 1

    assert await a_round(stand) == 1

    assert (await stand.ended("lost-1")).variables == {"order": "l1", "amount": 5}
    await stand.rest()
    assert await a_round(stand) == 0


async def test_a_match_that_is_just_under_way_is_left_alone(stand: Stand):
    await stand.deploy(WAITS.format(process="soon"))
    await stand.start("soon", "soon-1", order="s1")
    await stand.rest()
    await matched(stand, "pay-s1", "s1", at=now())

    assert await a_round(stand) == 0


async def test_a_message_whose_time_is_over_is_given_up(stand: Stand):
    """Yesterday's cancellation must not cancel an order that is told of it by accident next year."""
    dispatcher = stand.house.dispatcher
    past = now() - timedelta(hours=2)
    await dispatcher.publish("old-1", "paid", "e1", {}, at=past, keep=timedelta(hours=1))
    await dispatcher.publish("new-1", "paid", "e1", {}, at=now(), keep=timedelta(hours=1))
    await a_round(stand)
    assert await waiting(stand, "e1") == ("new-1",)


async def test_a_message_for_an_instance_that_is_gone_goes_back_and_to_the_next(stand: Stand):
    """It was matched, but its instance was ended behind our back before it arrived."""
    await stand.deploy(WAITS.format(process="gone"))
    await stand.start("gone", "gone-1", order="g1")
    await stand.rest()
    deliveries = await matched(stand, "pay-g1", "g1", at=now())
    await stand.house.client.get_workflow_handle("gone-1").terminate()

    await stand.house.dispatcher.deliver(deliveries, at=now())

    assert await waiting(stand, "g1") == ("pay-g1",)
    await stand.start("gone", "gone-2", order="g1")
    assert (await stand.ended("gone-2")).variables["amount"] == 5


async def test_messages_of_one_key_arrive_once_each_whoever_tells_them_how_often(stand: Stand):
    await stand.deploy(
        """
        process many
          start S
          user Wait
          catch Paid on=Wait nonstop=true message=paid key="=order"
          service Add type=test.add in.n==amount
          S -> Wait
          Paid -> Add
        """
    )
    await stand.start("many", "many-1", order="m1")
    await stand.rest()

    told = [stand.publish("paid", "m1", f"m-{number % 5}", amount=number % 5) for number in range(15)]
    await asyncio.gather(*told)
    await stand.rest()

    caught = [one.element for one in await stand.records("many-1") if one.kind.value == "message_caught"]
    assert caught == ["Paid"] * 5


async def test_a_message_that_temporal_does_not_take_is_kept_and_carried_later(stand: Stand):
    """The webhook is answered with an error, is told again, and counts once."""
    await stand.deploy(WAITS.format(process="away"))
    await stand.start("away", "away-1", order="a1")
    await stand.rest()
    async with serve() as server:
        elsewhere = await Client.connect(server.address, plugins=[oms_plugin()])
    cut_off = House(stand.house.database, elsewhere, timelapse=True)

    with pytest.raises(WorldUnavailable):
        async with asyncio.timeout(60):
            await cut_off.dispatcher.publish("pay-a1", "paid", "a1", {"amount": 5}, at=now())

    assert await stand.publish("paid", "a1", "pay-a1", amount=5) == "away-1"
    assert (await stand.ended("away-1")).variables["amount"] == 5


async def test_the_house_is_kept_by_one_schedule_however_often_it_is_asked_for(stand: Stand):
    client = stand.house.client
    try:
        await housekeeping.schedule(client)
        await housekeeping.schedule(client)

        described = await client.get_schedule_handle(housekeeping.NAME).describe()
        assert described.schedule.spec.intervals[0].every == housekeeping.EVERY
        assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    finally:
        await client.get_schedule_handle(housekeeping.NAME).delete()
