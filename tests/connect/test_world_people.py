"""What buyers and staff do of their own accord, and what suppliers bring."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oms_workflow.connect.world.staff import APPROVAL, PATIENCE
from oms_workflow.connect.world.world import World

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING, Outside

NEW_HOME = {"name": "Wang Wu", "country": "CN", "region": "广东省", "city": "广州市", "street": "中山路 8 号"}


async def test_a_buyer_asks_to_cancel(open_world: OpenWorld) -> None:
    """At a time the story needs, with the words of a form and not of a person."""
    outside = await open_world({"buyer": {"cancels": {"after": "PT2H", "reason": "found_cheaper", "scope": "rest"}}})
    await outside.begin()
    [told] = await outside.told()
    assert (told.kind, told.due_at, told.subject) == ("buyer.cancel_requested", MORNING + 2 * HOUR, "shop:1")
    assert {"order": "shop:1", "reason": "found_cheaper", "scope": "rest"}.items() <= told.body.items()


async def test_an_address_never_travels_in_a_body(open_world: OpenWorld) -> None:
    """Bodies are stored and shown; the address goes beside them, and only to the vault."""
    outside = await open_world(
        {
            "buyer": {
                "moves": [{"after": "PT2H", "to": {**NEW_HOME, "street": "二街"}}, {"after": "PT1H", "to": NEW_HOME}]
            }
        }
    )
    await outside.begin()
    first, second = await outside.told()

    assert first.kind == "buyer.address_changed"
    assert (first.body["version"], second.body["version"]) == (1, 2)
    assert first.private["contact"]["street"] == "中山路 8 号"
    assert second.private["contact"]["street"] == "二街"
    assert "Wang" not in f"{first.body} {first!r}"


async def test_a_script_that_lost_its_place_is_told_apart(open_world: OpenWorld, tmp_path: object) -> None:
    """A world opened with another script must not make an address up."""
    outside = await open_world({"buyer": {"writes": [{"after": "PT1H", "text": "尽快发货", "flag": 2}]}})
    await outside.begin()
    [told] = await outside.told()
    assert (told.kind, told.body["flag"], told.private) == ("buyer.wrote", 2, {"text": "尽快发货"})

    other = await open_world()
    with pytest.raises(ValueError, match=r"nothing at 'rules\[0\].buyer.writes\[0\]' any more"):
        await other.told()


async def test_beginning_twice_begins_once(open_world: OpenWorld) -> None:
    """Starting an order is retried like everything else."""
    outside = await open_world({"buyer": {"cancels": {"after": "PT1H"}}})
    await outside.begin(unpaid="10.00")
    before = await outside.told()
    await outside.world.begin("shop:1", MORNING + DAY, unpaid=None)
    assert await outside.told() == before


async def test_a_buyer_wants_goods_back_after_they_arrived(open_world: OpenWorld) -> None:
    """After the last parcel with goods concerned, and only the pieces concerned."""
    outside = await open_world(
        {
            "when": {"order": "shop:1"},
            "buyer": {"wants_back": [{"after_delivery": "P2D", "reason": "too_small", "lines": {"tea": 1}}]},
        }
    )
    await outside.submit(lines={"tea": 2, "cup": 1})
    await outside.label()
    [*_, delivered] = await outside.told("carrier")
    [told] = await outside.told("buyer")

    assert told.kind == "buyer.return_requested"
    assert told.due_at.isoformat() == (MORNING.fromisoformat(delivered.body["occurred_at"]) + 2 * DAY).isoformat()
    assert told.body["lines"] == [{"line": "shop:1/tea", "quantity": 1}]
    assert (told.body["kind"], told.body["reason"]) == ("return", "too_small")


async def test_goods_of_two_parcels_are_wanted_back_once(open_world: OpenWorld) -> None:
    """One request, after the later one arrived."""
    outside = await open_world(
        {"buyer": {"wants_back": [{"after_delivery": "P1D"}]}},
        {"when": {"warehouse": "gz"}, "carrier": {"journey": {"transit": "P9D"}}},
    )
    await outside.submit("shop:1.F1", {"tea": 1})
    await outside.submit("shop:1.F2", {"cup": 2}, warehouse="gz")
    await outside.label("shop:1.F1.S1")
    await outside.label("shop:1.F2.S1", warehouse="gz")
    [told] = await outside.told("buyer")

    assert sorted(line["line"] for line in told.body["lines"]) == ["shop:1/cup", "shop:1/tea"]
    assert told.due_at > MORNING + 10 * DAY


async def test_an_exchange_names_the_goods_wanted_instead(open_world: OpenWorld) -> None:
    """Goods for goods."""
    new = [{"sku": "cup-xl", "quantity": 1, "unit_price": "12.50"}]
    outside = await open_world({"buyer": {"wants_back": [{"after_delivery": "P1D", "kind": "exchange", "new": new}]}})
    await outside.submit()
    await outside.label()
    [told] = await outside.told("buyer")
    assert (told.body["kind"], told.body["new"]) == ("exchange", new)


async def test_every_order_in_a_merged_parcel_has_its_own_wish(open_world: OpenWorld) -> None:
    """The buyer of a merged order returns goods of that order."""
    outside = await open_world({"when": {"order": "shop:2"}, "buyer": {"wants_back": [{"after_delivery": "P1D"}]}})
    await outside.begin("shop:2")
    await merged_submit(outside)
    await outside.label()
    [told] = await outside.told("buyer")
    assert told.subject == "shop:2"
    assert told.body["lines"] == [{"line": "shop:2/cup", "quantity": 1}]


async def merged_submit(outside: Outside) -> None:
    """Submit a fulfilment order that holds pieces of two orders."""
    from oms_workflow.domain.ports.warehouse_system import WarehouseLine, WarehouseOrder, WarehouseSystem

    from .outside import SOMEBODY

    lines = (
        WarehouseLine(line_id="shop:1/tea", sku="tea", quantity=1),
        WarehouseLine(line_id="shop:2/cup", sku="cup", quantity=1),
    )
    order = WarehouseOrder(
        fulfilment_id="shop:1.F1", warehouse="hz", seller="", lines=lines, priority=3, ship_by=None, carrier="sf",
        service="standard", to=SOMEBODY,
    )  # fmt: skip
    await outside.port(WarehouseSystem).submit(order, key="merged")


async def test_stock_arrives_when_the_script_says(open_world: OpenWorld) -> None:
    """By the clock, or counted from the world's beginning; told once however often the world is started."""
    outside = await open_world(
        stock=[
            {"sku": "tea", "warehouse": "hz", "quantity": 50, "at": "P2D"},
            {"sku": "cup", "warehouse": "gz", "quantity": 5, "at": "2026-11-12T08:00:00+08:00"},
        ]
    )
    await outside.world.start(MORNING)
    await outside.world.start(MORNING + DAY)
    cup, tea = await outside.told("stock.received")
    assert (tea.due_at, tea.body["sku"], tea.body["quantity"]) == (MORNING + 2 * DAY, "tea", 50)
    assert (cup.due_at, cup.body["warehouse"], cup.subject) == (MORNING + 23 * HOUR, "gz", "")


async def task(world: World, element: str, token: int = 1, at_hours: float = 0) -> object:
    return await world.task_opened("shop:1", "order:shop:1", element, token, MORNING + at_hours * HOUR)


async def test_staff_approves_within_the_hour_in_office_hours(open_world: OpenWorld) -> None:
    """What comes in at night waits until the morning."""
    outside = await open_world()
    first = await task(outside.world, "ManualAudit")
    at_night = await task(outside.world, "ManualAudit", 2, at_hours=14)
    morning, next_morning = await outside.told("staff")

    assert (morning.due_at, next_morning.due_at) == (first, at_night)
    assert MORNING < morning.due_at < MORNING + HOUR
    assert MORNING + DAY < next_morning.due_at < MORNING + DAY + HOUR
    assert morning.body["variables"] == APPROVAL
    assert {"instance": "order:shop:1", "element": "ManualAudit", "token": 1}.items() <= morning.body.items()


async def test_staff_answers_as_the_script_says(open_world: OpenWorld) -> None:
    """First this, then that, and another task never."""
    outside = await open_world(
        {
            "when": {"order": "shop:1"},
            "staff": {
                "tasks": [
                    {"element": "ManualAudit", "after": "PT10M", "variables": {"decision": "fix"}, "times": 1},
                    {"element": "ManualAudit", "after": "PT20M", "variables": {"decision": "reject"}},
                    {"element": "Inspect", "never": True},
                ]
            },
        }
    )
    assert await task(outside.world, "Inspect") is None
    await task(outside.world, "ManualAudit", 1)
    await task(outside.world, "ManualAudit", 2)
    told = await outside.told("staff")
    assert [one.body["variables"]["decision"] for one in told] == ["fix", "reject"]
    assert [one.due_at - MORNING for one in told] == [timedelta(minutes=10), timedelta(minutes=20)]


async def test_a_task_that_is_gone_is_answered_no_more(open_world: OpenWorld) -> None:
    """The order was cancelled while the task lay there."""
    outside = await open_world()
    await task(outside.world, "ManualAudit")
    await outside.world.task_closed("shop:1", "order:shop:1", "ManualAudit", 1, MORNING)
    assert await outside.told("staff") == []


@pytest.mark.parametrize("action", ["retry", "skip", "complete"])
async def test_staff_mends_an_incident(open_world: OpenWorld, action: str) -> None:
    """As the script says, after the time it says."""
    answer = {"element": "BookCarrier", "action": action, "after": "PT3H", "variables": {"carrier": "zto"}}
    outside = await open_world({"staff": {"incidents": [answer]}})
    due = await outside.world.incident_raised("shop:1", "order:shop:1", "BookCarrier", 4, MORNING)
    [told] = await outside.told("staff.incident_answered")
    assert told.due_at == due == MORNING + 3 * HOUR
    assert (told.body["action"], told.body["incident"], told.body["variables"]) == (action, 4, {"carrier": "zto"})


async def test_staff_loses_patience_with_an_incident_that_comes_back(open_world: OpenWorld) -> None:
    """Otherwise a broken node would be retried for ever."""
    outside = await open_world()
    raised = [
        await outside.world.incident_raised("shop:1", "order:shop:1", "BookCarrier", number, MORNING)
        for number in range(PATIENCE + 2)
    ]
    assert [one is None for one in raised] == [False] * PATIENCE + [True] * 2


async def test_nobody_mends_an_incident_if_the_script_says_so(open_world: OpenWorld) -> None:
    """Then it stays for a person at the console."""
    outside = await open_world({"staff": {"incidents": [{"action": "none"}]}})
    assert await outside.world.incident_raised("shop:1", "order:shop:1", "X", 1, MORNING) is None
    assert await outside.told() == []
