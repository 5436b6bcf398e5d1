"""Hours, cut-offs and days on the way: kept as people set them, the most specific rule first, calendars and all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from oms_workflow.diagrams.calendars import load_calendars
from oms_workflow.domain.delivery_rules import (
    CarrierService,
    DepartureRule,
    TransitRule,
    WarehouseDay,
    WarehouseHours,
)
from oms_workflow.domain.order import Destination
from oms_workflow.domain.ports.delivery_times import DeliveryTimes, Rule
from oms_workflow.domain.promising import estimate
from oms_workflow.domain.route import Route
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.errors import OrderRefused
from oms_workflow.store.calendars import take_over
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON

from .shop import Shop

CHINA = ZoneInfo("Asia/Shanghai")
FILES = sorted((Path(__file__).parents[2] / "processes" / "calendars").glob("*.toml"))
ZHEJIANG = Destination(country="CN", region="浙江省", city="杭州市")
TIBET = Destination(country="CN", region="西藏自治区")
RULES: tuple[Rule, ...] = (
    WarehouseHours(warehouse="HZ", calendar="warehouse-hz", handling=timedelta(hours=2)),
    DepartureRule(warehouse="HZ", cut_off=16 * 60, times=(18 * 60,)),
    DepartureRule(warehouse="HZ", carrier="sf", cut_off=19 * 60),
    DepartureRule(warehouse="HZ", carrier="sf", service="express", times=(12 * 60, 21 * 60)),
    CarrierService(carrier="sf", service="express", network="24x7", delivery="24x7", delivered_by=20 * 60,
                   levels=(ServiceLevel.EXPRESS, ServiceLevel.VIP)),
    CarrierService(carrier="zto", service="standard", network="cn-workdays", delivery="cn-workdays"),
    TransitRule(carrier="sf", service="express", country="CN", days=1),
    TransitRule(carrier="sf", service="express", country="CN", warehouse="HZ", days=2),
    TransitRule(carrier="sf", service="express", country="CN", region="西藏自治区", days=5),
    TransitRule(carrier="zto", service="standard", country="CN", days=3),
    TransitRule(carrier="zto", service="standard", country="CN", region="西藏自治区", days=None),
)  # fmt: skip


@pytest.fixture
async def shop(database: Database) -> Shop:
    """Two warehouses, the shipped calendars, and the rules above."""
    opened = Shop(database)
    await opened.warehouse("HZ")
    await opened.warehouse("WH")
    async with opened.unit() as unit:
        await take_over(unit, load_calendars(FILES, year=2026).require().values(), at=NOON)
    for rule in RULES:
        await opened.call(DeliveryTimes, "save", rule)
    return opened


async def routes(shop: Shop, to: Destination, level: ServiceLevel = ServiceLevel.STANDARD) -> tuple[Route, ...]:
    found = await shop.call(DeliveryTimes, "routes", to, level, ["HZ", "WH"])
    assert found["WH"] == ()  # nothing is known of it
    mine: tuple[Route, ...] = found["HZ"]
    return mine


async def test_every_rule_is_given_back_as_it_was_set(shop: Shop) -> None:
    assert set(await shop.call(DeliveryTimes, "all")) == set(RULES)


async def test_a_rule_replaces_the_one_it_stands_for(shop: Shop) -> None:
    await shop.call(DeliveryTimes, "save", TransitRule(carrier="zto", service="standard", country="CN", days=4))

    (zto,) = await routes(shop, ZHEJIANG)
    assert (zto.carrier, zto.transit.days) == ("zto", 4)
    assert len(await shop.call(DeliveryTimes, "all")) == len(RULES)


async def test_the_most_specific_rule_counts_and_the_others_fill_what_it_leaves_open(shop: Shop) -> None:
    (sf,) = [one for one in await routes(shop, ZHEJIANG, ServiceLevel.EXPRESS) if one.carrier == "sf"]

    assert (sf.departure.cut_off, sf.collection.times) == (19 * 60, (12 * 60, 21 * 60))
    assert sf.transit.days == 2
    (far,) = await routes(shop, TIBET, ServiceLevel.EXPRESS)
    assert (far.carrier, far.transit.days) == ("sf", 5)


async def test_a_region_that_is_not_served_has_no_way(shop: Shop) -> None:
    assert await routes(shop, TIBET) == ()


async def test_a_service_is_only_for_the_levels_it_was_set_for(shop: Shop) -> None:
    assert [one.carrier for one in await routes(shop, ZHEJIANG)] == ["zto"]
    assert [one.carrier for one in await routes(shop, ZHEJIANG, ServiceLevel.VIP)] == ["sf", "zto"]


async def test_a_calendar_is_the_same_after_it_was_stored(shop: Shop) -> None:
    """Make-up workdays, holidays, hours and clock changes: all of them are in the database."""
    (zto,) = await routes(shop, ZHEJIANG)
    read = load_calendars(FILES, year=2026).require()
    assert zto.transit.network == read["cn-workdays"]
    assert zto.departure.calendar == read["warehouse-hz"]


async def test_a_day_of_its_own_goes_before_the_calendar_until_it_is_usual_again(shop: Shop) -> None:
    day = date(2026, 12, 1)
    at = datetime(2026, 12, 1, 10, tzinfo=CHINA).astimezone(UTC)
    await shop.call(DeliveryTimes, "save", WarehouseDay(warehouse="HZ", day=day, reason="stocktaking"))
    (closed,) = await routes(shop, ZHEJIANG)
    await shop.call(DeliveryTimes, "save", WarehouseDay(warehouse="HZ", day=day, hours=((6 * 60, 11 * 60),)))
    (short,) = await routes(shop, ZHEJIANG)
    assert await shop.call(DeliveryTimes, "forget_day", "HZ", day)
    assert not await shop.call(DeliveryTimes, "forget_day", "HZ", day)
    (usual,) = await routes(shop, ZHEJIANG)

    leaves = [estimate(one, at).hand_over.astimezone(CHINA) for one in (closed, short, usual)]
    assert [one.strftime("%d %H:%M") for one in leaves] == ["02 18:00", "02 18:00", "01 18:00"]
    assert not closed.departure.calendar.works_on(day)


@pytest.mark.parametrize(
    ("rule", "code", "names"),
    [
        (WarehouseHours(warehouse="XX", calendar="24x7"), "UNKNOWN_WAREHOUSE", "XX"),
        (WarehouseHours(warehouse="HZ", calendar="moon"), "UNKNOWN_CALENDAR", "cn-workdays"),
        (CarrierService(carrier="sf", service="x", network="24x7", delivery="moon"), "UNKNOWN_CALENDAR", "moon"),
        (TransitRule(carrier="sf", service="slow", country="CN", days=1), "UNKNOWN_SERVICE", "zto standard"),
    ],
)
async def test_a_rule_about_nothing_is_refused_with_what_there_is(
    shop: Shop, rule: Rule, code: str, names: str
) -> None:
    with pytest.raises(OrderRefused, match=names) as refused:
        await shop.call(DeliveryTimes, "save", rule)
    assert refused.value.code == code


async def test_the_database_itself_refuses_an_impossible_time_of_day(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="cut_off_is_time_of_day"):
        await shop.call(DeliveryTimes, "save", DepartureRule(warehouse="HZ", cut_off=1500))
