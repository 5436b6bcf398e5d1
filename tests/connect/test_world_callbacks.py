"""How callbacks are handed out: in order, until they are taken; and how a sender whose callback is refused behaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from oms_workflow.connect.world.callbacks import TRIES

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING, Outside


async def busy(open_any_world: OpenWorld) -> Outside:
    outside = await open_any_world()
    await outside.begin(unpaid="10.00")
    await outside.submit()
    await outside.label()
    return outside


async def test_a_driver_of_time_meets_everything_in_order(open_any_world: OpenWorld) -> None:
    """Skipping from one due time to the next gives every callback once."""
    outside = await busy(open_any_world)
    expected = await outside.told()
    met, moment = [], await outside.world.next_due()
    while moment is not None:
        for one in await outside.world.due(moment):
            assert one.due_at <= moment
            met.append(one)
            await outside.world.delivered(one.id)
        moment = await outside.world.next_due()

    assert met == expected == sorted(expected, key=lambda one: (one.due_at, one.id))
    assert len(met) == 11


async def test_what_was_not_marked_is_handed_out_again(open_world: OpenWorld) -> None:
    """Whoever delivers may die in the middle; the id is the same, so that the receiver can tell."""
    outside = await busy(open_world)
    moment = await outside.world.next_due()
    assert moment is not None
    first = await outside.world.due(moment)
    assert await outside.world.due(moment) == first
    assert await outside.world.next_due(after=moment) > moment  # type: ignore[operator]
    assert len(await outside.world.due(MORNING + 30 * DAY, limit=3)) == 3


async def test_nothing_is_due_before_its_time(open_world: OpenWorld) -> None:
    """The world never runs ahead of whoever drives time."""
    outside = await busy(open_world)
    assert await outside.world.due(MORNING) == []


async def test_a_refused_callback_is_tried_again_less_and_less_often(open_world: OpenWorld) -> None:
    """As real senders do, and like them the world gives up in the end."""
    outside = await busy(open_world)
    [first, *_] = await outside.told()
    moment: datetime | None = MORNING + HOUR
    tries = []
    while moment is not None:
        tries.append(moment)
        moment = await outside.world.refused(first.id, moment)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert len(tries) == TRIES
    assert pauses == [timedelta(minutes=2**number) for number in range(TRIES - 1)]
    assert first.id not in {one.id for one in await outside.told()}
    with pytest.raises(KeyError):
        await outside.world.refused("no such callback", MORNING)


async def test_chance_lets_callbacks_come_twice_and_late(open_world: OpenWorld) -> None:
    """A part of them, drawn by the seed."""
    outside = await open_world(chances={"duplicate": 0.5, "late": 0.5})
    for number in range(40):
        await outside.begin(f"shop:{number}", unpaid="10.00")
    told = await outside.told()
    late = {one.body["event"] for one in told if one.due_at > MORNING + HOUR}
    twice = len(told) - len({one.body["event"] for one in told})
    assert 8 < len(late) < 32
    assert 8 < twice < 32


async def test_a_moment_without_a_zone_is_refused(open_world: OpenWorld) -> None:
    """Eight hours of difference would look like latency."""
    outside = await open_world()
    with pytest.raises(ValueError, match="zone"):
        await outside.world.begin("shop:1", datetime(2026, 11, 11, 9, 0))
