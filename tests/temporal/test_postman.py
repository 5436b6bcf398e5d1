"""The simulated outside in real time: orders that wait are started once, and what was put off is carried again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from oms_workflow.connect.world.script.reading import parse_script
from oms_workflow.connect.world.world import World
from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.instances import Instances
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.front_desk import FrontDesk, News, Taken
from oms_workflow.temporal.postman import Postman
from tests.domain.orders_for_tests import an_order
from tests.store.shop import Shop
from tests.temporal.stand import Stand, now

pytestmark = pytest.mark.server

ORDERS = "process order_to_cash\n  start Received\n  user Look\n  Received -> Look"
STAFF = json.dumps(
    {
        "rules": [
            {
                "story": "staff answers at once",
                "when": {},
                "staff": {"tasks": [{"element": "Look", "after": "PT0S", "variables": {"seen": True}}]},
            }
        ]
    }
)


class MoodyDesk(FrontDesk):
    """A front desk whose database or Temporal is away for the first pieces of news."""

    def __init__(self, desk: FrontDesk, away: int) -> None:
        self.__dict__ = desk.__dict__.copy()
        self.away = away
        self.told: list[str] = []

    async def take(self, news: News) -> Taken:
        self.told.append(news.id)
        if len(self.told) <= self.away:
            raise WorldUnavailable("away for a moment")
        return await super().take(news)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An outside whose staff answers."""
    opened = await World.open(f"sqlite:///{tmp_path / 'staffed.db'}", parse_script(STAFF))
    yield opened
    await opened.close()


async def orders(stand: Stand, *numbers: str) -> list[str]:
    """Take in orders and start none; the server is shared, so each test has numbers of its own."""
    await stand.deploy(ORDERS)
    shop = Shop(stand.house.database)
    for number in numbers:
        await shop.take_in(an_order((f"{number}-1", "TEA", 1), number=number))
    return [f"shop:{number}" for number in numbers]


async def test_orders_without_a_process_are_started_once_by_however_many_postmen(stand: Stand, world: World):
    """Two houses may be open on one database, and both find what was imported."""
    waiting = await orders(stand, "81", "82", "83")

    await asyncio.gather(*(Postman(stand.house, world).start_waiting(at=now()) for _ in range(3)))
    await stand.rest()

    async with UnitOfWork(stand.house.database) as unit:
        found = {order: [one.workflow_id for one in await Instances(unit).of_order(order)] for order in waiting}
    assert found == {order: [f"order:{order}"] for order in waiting}
    assert await Postman(stand.house, world).start_waiting(at=now()) == 0


async def test_news_that_was_put_off_is_carried_again_until_it_is_taken_and_then_never(stand: Stand, world: World):
    (order,) = await orders(stand, "84")
    desk = stand.house.front_desk = MoodyDesk(stand.house.front_desk, away=2)
    postman = Postman(stand.house, world)
    await postman.start_waiting(at=now())
    await stand.rest()
    instance = f"order:{order}"
    token = await stand.token(instance, "Look")
    begun = now()
    assert await world.task_opened(order, instance, "Look", token, begun) == begun

    for _ in range(3):
        (callback,) = await world.due(now())
        await postman.carry(callback)

    assert desk.told == [callback.id] * 3
    assert await world.due(now() + timedelta(days=1)) == []
    assert (await stand.ended(instance)).variables["seen"] is True


async def test_a_walk_goes_on_after_a_round_that_was_broken_off(stand: Stand, world: World):
    """A database that restarts must not end the postman of a house that stays open for weeks."""
    (order,) = await orders(stand, "85")
    desk = stand.house.front_desk = MoodyDesk(stand.house.front_desk, away=1)
    walking = asyncio.create_task(Postman(stand.house, world).walk())
    try:
        instance = f"order:{order}"
        for _ in range(100):
            async with UnitOfWork(stand.house.database) as unit:
                if await Instances(unit).get(instance) is not None:
                    break
            await asyncio.sleep(0.05)
        await stand.rest()
        await world.task_opened(order, instance, "Look", await stand.token(instance, "Look"), now())

        async with asyncio.timeout(20):
            assert (await stand.ended(instance)).outcome == "completed"
        assert len(desk.told) >= 2
    finally:
        walking.cancel()
        await asyncio.gather(walking, return_exceptions=True)  # it may be in the midst of telling something
