"""Whoever skips time waits for instances that get on, however long it takes, and gives up on those that do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.client import Client

from oms_workflow.errors import WorldUnavailable
from oms_workflow.store.clocks import Clocks, InstanceClock
from oms_workflow.store.database import Database
from oms_workflow.store.migrate import upgrade
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal import timelapse, watching
from oms_workflow.temporal.devserver import DevServer
from oms_workflow.temporal.watching import Watch

MORNING = datetime(2026, 11, 2, 8, tzinfo=UTC)
BETWEEN_LOOKS = timedelta(minutes=2)  # so the third look in a row without news is the last one
KEY = "0" * 64


class Scripted(Watch):
    """A watch that lives in a time of its own: before each look, the next thing happens and two minutes pass."""

    def __init__(self, database: Database, client: Client) -> None:
        super().__init__(database, client)
        self.wall = MORNING
        self.database = database
        self.next: list[Callable[[], Awaitable[None]]] = []

    async def _look(self, *, after: float = 0) -> None:
        self.wall += BETWEEN_LOOKS
        if self.next:
            await self.next.pop(0)()
        await super()._look()

    async def tell(self, order: str, *, idle: bool) -> None:
        """Have the instance of an order tell where it is."""
        clock = InstanceClock(
            instance=f"order:{order}", parent="", business_key=order, at=self.wall, told_at=self.wall, next_due=None,
            idle=idle, over=False, children=0, heard=0,
        )  # fmt: skip
        async with UnitOfWork(self.database) as unit:
            await Clocks(unit).tell(clock)
            await unit.commit()


@pytest.fixture
async def watch(server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scripted]:
    database = Database.open(f"sqlite:///{tmp_path / 'shop.db'}", vault_key=KEY)
    await upgrade(database)
    one = Scripted(database, await Client.connect(server.address))
    monkeypatch.setattr(watching, "_wall", lambda: one.wall)
    yield one
    await database.close()


async def test_orders_that_get_on_are_waited_for(watch: Scripted) -> None:
    """A thousand orders need longer than any one of them may stand still."""
    for order in "abcdef":
        await watch.tell(order, idle=False)
    watch.next = [nothing, *(partial(watch.tell, order, idle=True) for order in "abcdef")]
    await watch.settled()
    assert watch.wall - MORNING > watching.GIVE_UP_AFTER * 2


async def test_saying_the_same_again_is_no_progress(watch: Scripted) -> None:
    """Whoever is asked where it is answers, whether it gets on or not."""
    await watch.tell("a", idle=False)
    watch.next = [partial(watch.tell, "a", idle=False) for _ in range(9)]
    with pytest.raises(WorldUnavailable, match="order:a"):
        await watch.settled()


async def test_an_order_that_was_started_is_busy_until_it_tells(watch: Scripted) -> None:
    """Else its time would be skipped before it has begun."""
    watch.started("order:a", "a", at=MORNING)
    watch.next = [nothing, nothing, partial(watch.tell, "a", idle=True)]
    await watch.settled("a")
    assert watch.next == []
    assert [one.idle for one in watch.running()] == [True]


async def test_few_are_asked_at_a_time(watch: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is work for the instance: asking a thousand slow ones would make them slower."""
    monkeypatch.setattr(watching, "ASKED_AT_ONCE", 3)
    asked: list[str] = []

    async def ask(_: Watch, busy: list[InstanceClock]) -> None:
        asked.append("".join(one.business_key for one in busy))

    monkeypatch.setattr(Watch, "_ask", ask)
    for order in "abcdef":
        await watch.tell(order, idle=False)
    with pytest.raises(WorldUnavailable):
        await watch.settled()
    assert set(asked) == {"abc"}


async def nothing() -> None:
    """Nothing happens."""


async def test_what_fails_among_many_is_raised_as_it_is() -> None:
    """A person reads the reason, not that there was a group of them."""

    async def wait() -> None:
        await asyncio.Event().wait()

    async def fail() -> None:
        raise WorldUnavailable("gone")

    with pytest.raises(WorldUnavailable, match="gone"):
        await timelapse.together([wait(), fail()])
