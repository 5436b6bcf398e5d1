"""Promises on the command line: what people set, and the answer explained step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oms_workflow.domain.arrival import Announcement
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.orders import Orders
from tests.domain.orders_for_tests import NOON, an_order
from tests.store.shop import Shop

from .conftest import Oms

MONDAY = "2026-11-16 06:05"  # 14:05 in Hangzhou


@pytest.fixture
async def known(oms: Oms, shop: Shop) -> Shop:
    """Everything a date needs, set by commands."""
    await oms.document("warehouses hours", "HZ", "--calendar", "warehouse-hz", "--handling", "2h")
    await oms.document("warehouses cut-off", "HZ", "16:00", "--collected", "18:00")
    await oms.document("carriers calendar", "sf", "express", "--network", "cn-workdays", "--delivery", "cn-workdays",
                       "--by", "21:00", "--level", "express", "--level", "standard")  # fmt: skip
    await oms.document("carriers transit", "sf", "express", "2")
    await oms.document("carriers transit", "sf", "express", "none", "--region", "西藏")
    return shop


async def test_a_promise_is_explained_step_by_step(oms: Oms, known: Shop) -> None:
    said = await oms.inside("promise", "show", "--sku", "TEA", "--pieces", "2", "--region", "浙江", "--at", MONDAY)

    assert [line.strip() for line in said.out.splitlines() if line.strip()] == [
        "TEA, 2 pieces",
        "2 from the shelves of HZ:",
        "Ordered 2026-11-16 14:05.",
        "Cut-off 16:00 met.",
        "Ready 2026-11-16 16:05, after 2h of handling.",
        "Handed over 2026-11-16 18:00 to sf express.",
        "2 days on the way with sf express: there on 2026-11-18.",
        "Arrives 2026-11-18 21:00.",
        "Arrives by 2026-11-18 21:00 at the latest.",
    ]


async def test_an_hour_later_the_next_day_is_promised(oms: Oms, known: Shop) -> None:
    told = await oms.document("promise show", "--sku", "TEA", "--at", "2026-11-16 08:30")

    assert told["arrival"] == "2026-11-19T13:00:00+00:00"
    kinds = [step["kind"] for step in told["lines"][0]["sources"][0]["steps"]]
    assert kinds[:2] == ["ordered", "cut_off_missed"]


async def test_a_region_that_is_not_served_is_said_to_have_no_date(oms: Oms, known: Shop) -> None:
    said = await oms.inside("promise", "show", "--sku", "TEA", "--region", "tibet")

    assert "No date: the hours of HZ" in said.out


async def test_an_order_is_shown_with_the_channels_promise_and_ours_apart(oms: Oms, known: Shop) -> None:
    await known.take_in(an_order(("1", "TEA", 2), ("2", "POT", 3), number="1"))
    await known.pay("shop:1")
    await known.reserve("shop:1")
    expected = Announcement(sku="POT", warehouse="HZ", quantity=9, expected_at=datetime(2026, 11, 20, 1, tzinfo=UTC))
    await known.call(Arrivals, "announce", expected, key="e", at=NOON)

    told = await oms.document("promise show", "shop:1", "--at", MONDAY)

    tea, pot = told["lines"]
    assert (tea["sku"], tea["pieces"], tea["arrival"]) == ("TEA", 2, "2026-11-18T13:00:00+00:00")
    assert (pot["pieces"], pot["missing"], pot["arrival"]) == (3, 2, None)  # nobody put the rest on backorder yet
    assert told["channel_deliver_by"] is None


async def test_what_is_set_is_listed(oms: Oms, known: Shop) -> None:
    await oms.document("warehouses day", "HZ", "2026-12-31", "--hours", "08:00-12:00", "--reason", "stocktaking")

    (place,) = (await oms.document("warehouses list"))["warehouses"]
    carriers = await oms.document("carriers list")

    assert (place["calendar"], place["handling"]) == ("warehouse-hz", "2h")
    assert place["departures"][0]["collected"] == ["18:00"]
    assert place["days"] == [{"day": "2026-12-31", "hours": ["08:00-12:00"], "reason": "stocktaking"}]
    assert [(one["region"], one["days"]) for one in carriers["transits"]] == [("", 2), ("西藏自治区", None)]
    for command in (("warehouses", "list"), ("carriers", "list")):
        assert (await oms.inside(*command)).code == 0


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("promise", "show"), "Give either an order or --sku"),
        (("promise", "show", "--sku", "TEA", "--level", "fast"), "standard, express, vip"),
        (("warehouses", "hours", "HZ", "--calendar", "moon"), "There is no calendar 'moon'"),
        (("warehouses", "hours", "HZ", "--calendar", "24x7", "--handling", "soon"), "'soon' is no length of time"),
        (("warehouses", "cut-off", "HZ", "25:00"), "'25:00' is no time of day"),
        (("warehouses", "cut-off", "HZ", "16:00", "--service", "express"), "give --carrier as well"),
        (("warehouses", "day", "HZ", "2026-11-31", "--closed"), "'2026-11-31' is no day"),
        (("warehouses", "day", "HZ", "2026-11-30"), "Give --hours, --closed or --usual"),
        (("warehouses", "day", "HZ", "2026-11-30", "--hours", "12:00-09:00"), "'12:00-09:00' are no hours"),
        (("carriers", "transit", "sf", "express", "2"), "There is no service 'express' of carrier 'sf'"),
        (("carriers", "transit", "sf", "express", "soon"), "'soon' is neither a number of days"),
    ],
)
async def test_what_cannot_be_set_is_said_with_what_can(
    oms: Oms, shop: Shop, command: tuple[str, ...], says: str
) -> None:
    said = await oms.inside(*command)

    assert said.code in (1, 2)
    assert says in said.out + said.err


async def test_goods_to_come_are_promised_revised_and_shown(oms: Oms, known: Shop) -> None:
    """By hand what the process does every quarter hour; the order shows what came of it."""
    order = an_order(("1", "KETTLE", 2), number="1")
    await known.take_in(order)
    await known.pay("shop:1")
    await known.call(Orders, "backorder", "shop:1", {order.lines[0].id: 2}, key="b", at=NOON)
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    expected = Announcement(sku="KETTLE", warehouse="HZ", quantity=9, expected_at=soon)
    receipt = await known.call(Arrivals, "announce", expected, key="e", at=NOON)

    first = await oms.document("promise revise")
    again = await oms.document("promise revise")
    await known.call(Arrivals, "postpone", receipt.id, soon + timedelta(days=30), key="p", at=NOON)
    second = await oms.document("promise revise")

    assert [one["reason"] for one in first["revised"]] == ["backordered"]
    assert (again["waiting"], again["revised"]) == (1, [])
    assert [one["reason"] for one in second["revised"]] == ["postponed"]
    history = (await oms.document("promise history", "shop:1"))["revisions"]
    assert [(one["number"], one["reason"]) for one in history] == [(1, "backordered"), (2, "postponed")]
    assert history[0]["day"] < history[1]["day"]
    shown = await oms.document("orders show", "shop:1")
    assert shown["goods_to_come"] == history[1]
    for command in (("promise", "history", "shop:1"), ("promise", "revise"), ("orders", "show", "shop:1")):
        said = await oms.inside(*command)
        assert said.code == 0
        assert "postponed" in said.out or command[1] == "revise"


async def test_an_order_that_never_waited_says_so(oms: Oms, known: Shop) -> None:
    await known.take_in(an_order(("1", "TEA", 2), number="1"))

    assert "Nothing of it ever waited" in (await oms.inside("promise", "history", "shop:1")).out
    assert (await oms.document("orders show", "shop:1"))["goods_to_come"] is None
