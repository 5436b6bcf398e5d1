"""Waves in the database: a fulfilment order goes with one wave, once, whoever releases it at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.fulfilment import FulfilmentOrder, RequestStatus
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.waves import Waves
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.wave import Wave, WaveDraft, WaveReason, WaveRule
from oms_workflow.errors import OrderRefused
from oms_workflow.store.checks import check
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, an_order

from .shop import Shop

RULE = WaveRule(
    warehouse="HZ", carrier="", zone="Asia/Shanghai", times=(16 * 60,), most_orders=50, longest_wait=timedelta(hours=4)
)


async def a_shop(database: Database, *, waves: bool = True) -> Shop:
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    if waves:
        await shop.call(Waves, "save_rule", RULE)
    return shop


async def ready(shop: Shop, number: int, **more: Any) -> FulfilmentOrder:
    """A planned fulfilment order with a carrier."""
    made = an_order((str(number), "TEA", 1), number=str(number), **more)
    (fulfilment,) = await shop.ready(made)
    await shop.call(Shipments, "plan", fulfilment.id, carrier="sf", service="std", key=shop.key(), at=NOON)
    return fulfilment


async def release(shop: Shop, *names: str, key: str = "") -> tuple[Wave, ...]:
    draft = WaveDraft(carrier="sf", reason=WaveReason.MANUAL, fulfilments=names)
    found: tuple[Wave, ...] = await shop.call(
        Waves, "release", "HZ", [draft], by="lead", key=key or shop.key(), at=NOON
    )
    return found


async def waiting(shop: Shop) -> list[str]:
    return [one.fulfilment_id for one in await shop.call(Waves, "waiting", "HZ")]


async def test_who_joins_waits_and_goes_once(database: Database) -> None:
    shop = await a_shop(database)
    one, two = await ready(shop, 1), await ready(shop, 2)
    for each in (one, two, one):
        assert (await shop.call(Waves, "join", each.id, at=NOON)).waits
    assert await waiting(shop) == [one.id, two.id]

    key = shop.key()
    (wave,) = await release(shop, one.id, key=key)

    assert (wave.id, wave.fulfilments) == ("HZ.W1", (one.id,))
    assert await release(shop, one.id, key=key) == (wave,)
    assert await release(shop, one.id) == ()
    standing = await shop.call(Waves, "join", one.id, at=NOON)
    assert (standing.waits, standing.wave) == (False, "HZ.W1")
    assert await waiting(shop) == [two.id]
    assert await shop.call(Waves, "get", "HZ.W1") == wave
    assert await shop.call(Waves, "get", "HZ.W9") is None
    await shop.sound()


async def test_nobody_waits_where_there_are_no_waves(database: Database) -> None:
    shop = await a_shop(database, waves=False)
    assert not (await shop.call(Waves, "join", (await ready(shop, 1)).id, at=NOON)).waits


async def test_who_paid_for_speed_skips_the_queue(database: Database) -> None:
    shop = await a_shop(database)
    for number, level in enumerate((ServiceLevel.EXPRESS, ServiceLevel.VIP), start=1):
        fulfilment = await ready(shop, number, service_level=level)
        assert not (await shop.call(Waves, "join", fulfilment.id, at=NOON)).waits
    assert await waiting(shop) == []


async def test_held_and_cancelled_orders_stay_behind(database: Database) -> None:
    """They keep their place in the queue; a hold that is closed lets them go with the next wave."""
    shop = await a_shop(database)
    held, gone, free = [await ready(shop, number) for number in (1, 2, 3)]
    for each in (held, gone, free):
        await shop.call(Waves, "join", each.id, at=NOON)
    await shop.call(Holds, "place", held.order_id, HoldKind.MANUAL, reason="wait", by="cs", key=shop.key(), at=NOON)
    await shop.cancel(gone.order_id)
    assert await waiting(shop) == [free.id]
    (wave,) = await release(shop, held.id, gone.id, free.id)
    assert wave.fulfilments == (free.id,)
    await shop.sound()


async def test_two_who_release_at_once_send_nobody_twice(database: Database) -> None:
    shop = await a_shop(database)
    names = [(await ready(shop, number)).id for number in range(1, 7)]
    for name in names:
        await shop.call(Waves, "join", name, at=NOON)
    made = await asyncio.gather(*(release(shop, *names[turn:], *names[:turn]) for turn in range(4)))
    gone = [name for waves in made for wave in waves for name in wave.fulfilments]
    assert sorted(gone) == sorted(names)
    await shop.sound()


async def test_a_merge_cannot_be_undone_once_its_wave_went(database: Database) -> None:
    """Before, it can; afterwards pickers are on their way, though the warehouse was not asked yet."""
    shop = await a_shop(database)
    for number in (1, 2):
        order = an_order((str(number), "TEA", 1), number=str(number))
        await shop.take_in(order)
        await shop.pay(order.id)
    merged = await shop.call(Merges, "merge", ["shop:1", "shop:2"], MergeWindow(), key=shop.key(), at=NOON)
    await shop.reserve(merged.leader)
    await shop.allocate(merged.leader)
    (fulfilment,) = await shop.plan(merged.leader)
    await shop.call(Shipments, "plan", fulfilment.id, carrier="sf", service="std", key=shop.key(), at=NOON)
    await shop.call(Waves, "join", fulfilment.id, at=NOON)
    await release(shop, fulfilment.id)
    with pytest.raises(OrderRefused) as refused:
        await shop.call(Merges, "undo", merged.id, by="cs", key=shop.key(), at=NOON)
    assert refused.value.code == Refusal.TOO_LATE_TO_UNMERGE
    await shop.sound()


async def test_what_the_warehouse_was_asked_for_joins_nothing(database: Database) -> None:
    shop = await a_shop(database)
    fulfilment = await ready(shop, 1)
    await shop.request(fulfilment.id, RequestStatus.SUBMITTED)
    assert not (await shop.call(Waves, "join", fulfilment.id, at=NOON)).waits
    assert (await shop.call(Fulfilments, "get", fulfilment.id)).is_active


async def test_rules_are_kept_replaced_and_forgotten(database: Database) -> None:
    shop = await a_shop(database)
    fast = replace(RULE, carrier="sf", times=(11 * 60, 17 * 60 + 30), most_orders=5)
    await shop.call(Waves, "save_rule", fast)
    await shop.call(Waves, "save_rule", replace(RULE, most_orders=60))
    assert await shop.call(Waves, "rules", "HZ") == (replace(RULE, most_orders=60), fast)
    assert await shop.call(Waves, "drop_rule", "HZ", "sf")
    assert not await shop.call(Waves, "drop_rule", "HZ", "sf")
    for wrong in (replace(RULE, zone="Mars/Olympus"), replace(RULE, warehouse="XX")):
        with pytest.raises(OrderRefused):
            await shop.call(Waves, "save_rule", wrong)


async def test_a_wave_that_lost_somebody_is_found(database: Database) -> None:
    """A check that cannot fail would be worse than none."""
    shop = await a_shop(database)
    fulfilment = await ready(shop, 1)
    await shop.call(Waves, "join", fulfilment.id, at=NOON)
    await release(shop, fulfilment.id)
    async with shop.unit() as unit:
        await (await unit.writing()).execute(text("UPDATE wave_orders SET wave_id = NULL, position = NULL"))
    broken = [one.invariant for one in await check(database) if one.violations]
    assert broken == ["wave-holds-who-it-released"]
    with pytest.raises(IntegrityError):
        async with shop.unit() as unit:
            await (await unit.writing()).execute(text("UPDATE wave_orders SET wave_id = 'HZ.W1'"))
