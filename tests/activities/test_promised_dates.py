"""Warehouses are judged by calendars and days on the way wherever the shop knows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from activities.allocation import reserve
from oms_workflow.domain.delivery_rules import CarrierService, DepartureRule, TransitRule, WarehouseHours
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.promise import Promise
from oms_workflow.store.calendars import take_over
from tests.domain.orders_for_tests import an_order
from tests.domain.test_promising import EVERY_DAY, WORKDAYS

from .bench import Bench

CHINA = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 15, tzinfo=CHINA).astimezone(UTC)
ONLY_IN_TIME = [{"name": "in time", "in_time": True}]


async def furnish(bench: Bench, *, far_days: int) -> None:
    """Two warehouses with tea; from the far one, which goes first by priority, parcels take some working days."""
    await bench.warehouse("FAR", {"TEA": 5}, priority=1)
    await bench.warehouse("NEAR", {"TEA": 5}, priority=2)
    async with bench.unit() as unit:
        await take_over(unit, [WORKDAYS, EVERY_DAY], at=FRIDAY)
    service = CarrierService(
        carrier="zto", service="standard", network="cn-workdays", delivery="every-day", delivered_by=20 * 60
    )
    await bench.call(DeliveryTimes, "save", service)
    for name, days in (("FAR", far_days), ("NEAR", 1)):
        for rule in (
            WarehouseHours(warehouse=name, calendar="every-day", handling=timedelta(hours=1)),
            DepartureRule(warehouse=name, cut_off=16 * 60, times=(18 * 60,)),
            TransitRule(carrier="zto", service="standard", country="CN", warehouse=name, days=days),
        ):
            await bench.call(DeliveryTimes, "save", rule)


async def ordered(bench: Bench, **promise: datetime) -> str:
    order = an_order(("a", "TEA", 2), promise=Promise(**promise))
    await bench.take_in(order)
    await bench.pay(order.id)
    return order.id


@pytest.mark.parametrize(("far_days", "chosen"), [(1, "FAR"), (2, "NEAR")])
async def test_a_weekend_on_the_way_makes_a_warehouse_late(bench: Bench, far_days: int, chosen: str) -> None:
    """One working day after Friday is Monday; two are Tuesday, when the promise is broken."""
    await furnish(bench, far_days=far_days)
    name = await ordered(bench, deliver_by=datetime(2026, 11, 23, 21, tzinfo=CHINA))

    answer = await bench.run(reserve, order_id=name, passes=ONLY_IN_TIME, at=FRIDAY)

    assert answer.warehouses == [chosen]
    assert bool(answer.why_not) is (chosen == "NEAR")


async def test_a_missed_cut_off_makes_a_warehouse_late(bench: Bench) -> None:
    """At 16:30 the truck of 18:00 is out of reach, although the bare days on the way would do."""
    await furnish(bench, far_days=1)
    name = await ordered(bench, ship_by=datetime(2026, 11, 20, 23, tzinfo=CHINA))

    answer = await bench.run(reserve, order_id=name, passes=ONLY_IN_TIME, at=FRIDAY + timedelta(minutes=90))

    assert (answer.reserved, answer.missing) == (0, 2)


async def test_a_warehouse_of_which_nothing_is_known_is_judged_by_its_lane(bench: Bench) -> None:
    await bench.warehouse("HZ", {"TEA": 5})
    name = await ordered(bench, deliver_by=datetime(2026, 11, 23, 21, tzinfo=CHINA))

    assert (await bench.run(reserve, order_id=name, passes=ONLY_IN_TIME, at=FRIDAY)).warehouses == ["HZ"]
