"""The warehouse stories: accepted, picked, packed, handed over; rejected, short, slow, stopped in time or too late."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.ports.warehouse_system import WarehouseVerdict

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING

ACCEPTED, REJECTED, PENDING = WarehouseVerdict.ACCEPTED, WarehouseVerdict.REJECTED, WarehouseVerdict.PENDING
STEPS = ["warehouse.accepted", "warehouse.picked", "warehouse.packed", "warehouse.handed_over"]
EVENING = MORNING + 11 * HOUR + timedelta(minutes=30)  # half past eight in Hangzhou, after hours
HANGZHOU = timezone(timedelta(hours=8))


def local(moment: datetime) -> float:
    """Give the hour of the day in Hangzhou."""
    there = moment.astimezone(HANGZHOU)
    return there.hour + there.minute / 60


async def test_an_order_is_accepted_picked_packed_and_handed_over(open_world: OpenWorld) -> None:
    """Each step is told, in working hours and in order."""
    outside = await open_world()
    answer = await outside.submit()
    await outside.label()
    told = await outside.told("warehouse")

    assert answer.verdict is PENDING
    assert [one.kind for one in told] == STEPS
    assert {one.body["reference"] for one in told} == {answer.reference}
    assert all(8 <= local(datetime.fromisoformat(one.body["occurred_at"])) <= 20 for one in told[1:])
    assert told[2].body["parcels"][0]["lines"] == [{"line": "shop:1/tea", "sku": "tea", "quantity": 2}]


async def test_what_comes_in_after_hours_is_picked_in_the_morning(open_world: OpenWorld) -> None:
    """Nobody picks at night; SLAs in warehouse hours rest on it."""
    outside = await open_world()
    await outside.submit(at=EVENING)
    [picked] = await outside.told("warehouse.picked")
    assert picked.due_at > MORNING + DAY - HOUR
    assert 8 <= local(picked.due_at) < 13


async def test_packed_goods_wait_for_their_label(open_world: OpenWorld) -> None:
    """A carrier that is down must hold the parcels back, however long it takes."""
    outside = await open_world()
    await outside.submit()
    assert await outside.kinds("warehouse") == STEPS[:3]

    await outside.label(at=MORNING + 3 * DAY)

    assert await outside.kinds("warehouse") == STEPS
    assert await outside.hand_over_at() > MORNING + 3 * DAY


async def test_a_label_booked_before_the_goods_are_packed_waits_for_them(open_world: OpenWorld) -> None:
    """Some shops print labels before they pick."""
    outside = await open_world()
    await outside.label()
    assert await outside.kinds("warehouse") == []
    await outside.submit(at=MORNING + HOUR)
    assert await outside.kinds("warehouse") == STEPS


async def test_several_parcels_of_one_order_leave_with_one_van(open_world: OpenWorld) -> None:
    """One hand-over is told, and every parcel goes its own way."""
    outside = await open_world({"warehouse": {"parcels": 2}})
    await outside.submit(lines={"tea": 2, "cup": 1})
    [packed] = await outside.told("warehouse.packed")
    assert [one["number"] for one in packed.body["parcels"]] == [1, 2]
    assert sum(line["quantity"] for parcel in packed.body["parcels"] for line in parcel["lines"]) == 3

    numbers = {(await outside.label(parcel=number)).tracking_number for number in (1, 2)}

    assert await outside.kinds("warehouse.handed_over") == ["warehouse.handed_over"]
    delivered = [one for one in await outside.told("carrier") if one.body["status"] == "delivered"]
    assert {one.body["tracking_number"] for one in delivered} == numbers


async def test_a_warehouse_rejects_at_once(open_world: OpenWorld) -> None:
    """Another one has to be found, and there it works."""
    outside = await open_world(
        {"when": {"warehouse": "hz"}, "warehouse": {"submit": {"answer": "rejected", "code": "no_capacity"}}}
    )
    here = await outside.submit("shop:1.F1")
    there = await outside.submit("shop:1.F2", warehouse="gz")

    assert (here.verdict, here.code) == (REJECTED, "no_capacity")
    assert there.verdict is PENDING
    assert {one.body["fulfilment"] for one in await outside.told("warehouse")} == {"shop:1.F2"}


async def test_a_warehouse_rejects_after_a_while_and_takes_it_the_second_time(open_world: OpenWorld) -> None:
    """The refusal comes as a message; the same fulfilment order may be asked for again."""
    outside = await open_world({"warehouse": {"submit": {"answer": "rejects_later", "code": "closed", "times": 1}}})
    first = await outside.submit(key="try 1")
    [rejected] = await outside.told("warehouse")
    too_soon = await outside.submit(key="try 2")
    second = await outside.submit(key="try 3", at=MORNING + HOUR)

    assert (first.verdict, rejected.kind, rejected.body["code"]) == (PENDING, "warehouse.rejected", "closed")
    assert (too_soon.verdict, too_soon.code) == (REJECTED, "duplicate_order")
    assert second.verdict is PENDING
    assert second.reference != first.reference


async def test_a_warehouse_finds_less_than_it_should(open_world: OpenWorld) -> None:
    """What is missing is told before the rest is picked, and only the rest is packed."""
    outside = await open_world({"when": {"sku": "cup"}, "warehouse": {"short": {"pieces": {"cup": 1}}}})
    await outside.submit(lines={"tea": 2, "cup": 3})
    told = await outside.told("warehouse")

    assert [one.kind for one in told] == [STEPS[0], "warehouse.short", *STEPS[1:3]]
    assert told[1].body["lines"] == [{"line": "shop:1/cup", "sku": "cup", "quantity": 1}]
    packed = {line["sku"]: line["quantity"] for line in told[3].body["parcels"][0]["lines"]}
    assert packed == {"tea": 2, "cup": 2}


async def test_a_warehouse_that_finds_nothing_packs_nothing(open_world: OpenWorld) -> None:
    """There is no parcel without goods."""
    outside = await open_world({"warehouse": {"short": {"pieces": {"tea": 9}}}})
    await outside.submit()
    await outside.label()
    assert await outside.kinds("warehouse") == ["warehouse.accepted", "warehouse.short"]


async def test_a_slow_warehouse_takes_the_time_the_script_says(open_world: OpenWorld) -> None:
    """SLA stories need exact delays."""
    outside = await open_world({"warehouse": {"pace": {"accepts_after": "PT5M", "picks_after": "P3D"}}})
    await outside.submit()
    [picked] = await outside.told("warehouse.picked")
    assert picked.body["occurred_at"] == (MORNING + timedelta(minutes=5) + 3 * DAY).isoformat()


@pytest.mark.parametrize(("stops", "steps"), [("accepts", 0), ("picks", 1), ("packs", 2), ("hands_over", 3)])
async def test_a_warehouse_may_stop_anywhere(open_world: OpenWorld, stops: str, steps: int) -> None:
    """Silence is the failure that only a deadline finds."""
    outside = await open_world({"warehouse": {"pace": {"stops": stops}}})
    await outside.submit()
    await outside.label()
    assert await outside.kinds("warehouse") == STEPS[:steps]


async def test_a_cancel_in_time_stops_everything_that_has_not_happened(open_world: OpenWorld) -> None:
    """What happened before is still told, late news after the cancel included."""
    outside = await open_world({"warehouse": {"pace": {"accepts_after": "PT1M"}, "webhooks": {"late": "PT2H"}}})
    await outside.submit()
    label = await outside.label()
    stopped = await outside.stop(at=MORNING + timedelta(minutes=30))

    assert stopped.verdict is ACCEPTED
    assert await outside.kinds("warehouse") == ["warehouse.accepted"]
    assert [one.body["status"] for one in await outside.told("carrier")] == ["pre_transit"]
    again = await outside.submit(key="once more", at=MORNING + HOUR)
    assert (again.verdict, again.code) == (REJECTED, "cancelled_before")
    assert await outside.port(CarrierGateway, MORNING + HOUR).cancel_label("sf", label.tracking_number, key="c")
    assert (await outside.world.audit()).is_clean


async def test_a_cancel_after_the_hand_over_is_refused(open_world: OpenWorld) -> None:
    """Exactly one of cancelling and shipping wins, and the moment decides which."""
    outside = await open_world()
    await outside.submit()
    await outside.label()
    handed_over = await outside.hand_over_at()

    early = await outside.stop(key="too late", at=handed_over)
    assert (early.verdict, early.code) == (REJECTED, "too_late")
    assert "warehouse.handed_over" in await outside.kinds()


async def test_a_cancel_of_an_order_that_never_arrived_stops_it_when_it_comes(open_world: OpenWorld) -> None:
    """A cancellation overtakes a submit that is being retried; shipping then would ship a cancelled order."""
    outside = await open_world()
    assert (await outside.stop()).verdict is ACCEPTED
    late = await outside.submit()
    assert (late.verdict, late.code) == (REJECTED, "cancelled_before")
    assert await outside.kinds("warehouse") == []


@pytest.mark.parametrize(("hours", "kind"), [(0.5, "warehouse.cancelled"), (11.9, "warehouse.cancel_refused")])
async def test_a_cancel_may_be_answered_later(open_world: OpenWorld, hours: float, kind: str) -> None:
    """Then the message says who won."""
    outside = await open_world(
        {
            "warehouse": {
                "cancel": {"answer": "pending"},
                "pace": {"accepts_after": "PT1M", "picks_after": "PT1H", "packs_after": "PT1H"},
            }
        },
        latency={"warehouse.hands_over": ["PT9H50M", "PT9H51M"], "warehouse.cancels": ["PT10M", "PT11M"]},
        warehouse_hours={"opens": "00:00", "closes": "23:59"},
    )
    await outside.submit()
    await outside.label()
    at = MORNING + timedelta(hours=hours)
    assert (await outside.stop(at=at)).verdict is PENDING
    kinds = await outside.kinds("warehouse")
    assert kind in kinds
    assert ("warehouse.handed_over" in kinds) is (kind == "warehouse.cancel_refused")
    assert (await outside.world.audit()).is_clean


async def test_a_cancel_may_be_refused_by_script(open_world: OpenWorld) -> None:
    """The goods go out although it was early enough."""
    outside = await open_world({"warehouse": {"cancel": {"answer": "rejected"}}})
    await outside.submit()
    await outside.label()
    assert (await outside.stop()).verdict is REJECTED
    assert await outside.kinds("warehouse") == STEPS


async def test_a_cancel_may_never_be_answered(open_world: OpenWorld) -> None:
    """The warehouse says that it will see, and works on as if nobody had asked."""
    outside = await open_world({"warehouse": {"cancel": {"answer": "never"}}})
    await outside.submit()
    await outside.label()
    assert (await outside.stop()).verdict is PENDING
    assert await outside.kinds("warehouse") == STEPS
    assert (await outside.world.audit()).is_clean


async def test_one_fulfilment_order_is_worked_on_once(open_world: OpenWorld) -> None:
    """Asked again under another key, the warehouse recognises its order and says so."""
    outside = await open_world()
    first = await outside.submit(key="a")
    second = await outside.submit(key="b")
    assert (second.verdict, second.code, second.reference) == (REJECTED, "duplicate_order", first.reference)


async def test_steps_may_overtake_each_other(open_world: OpenWorld) -> None:
    """Webhooks have no order; what is told late still says when it happened."""
    outside = await open_world({"warehouse": {"webhooks": {"shuffled": True}}})
    await outside.submit()
    told = await outside.told("warehouse")
    assert [one.kind for one in told] == ["warehouse.picked", "warehouse.accepted", "warehouse.packed"]
    assert told[0].body["occurred_at"] > told[1].body["occurred_at"]


async def test_announced_goods_come_back_after_days(open_world: OpenWorld) -> None:
    """The buyer hands them in, the carrier brings them, the warehouse counts: each takes its time."""
    outside = await open_world({"goods_back": {"sent_after": "P2D", "arrives_after": "P3D"}})
    answer = await outside.announce({"tea": 2})
    sent, received = await outside.told()

    assert answer.verdict is ACCEPTED
    assert (sent.kind, sent.due_at) == ("buyer.return_sent", MORNING + 2 * DAY)
    assert received.kind == "warehouse.return_received"
    assert MORNING + 5 * DAY < received.due_at < MORNING + 6 * DAY
    assert received.body["lines"] == [{"line": "shop:1/tea", "sku": "tea", "sellable": 2, "damaged": 0}]


async def test_some_goods_come_back_damaged_and_some_not_at_all(open_world: OpenWorld) -> None:
    """What is paid for is what was received, and what goes on the shelf is what can be sold."""
    outside = await open_world({"goods_back": {"damaged": {"tea": 1}, "missing": {"cup": 2}}})
    await outside.announce({"tea": 3, "cup": 2})
    [received] = await outside.told("warehouse")
    assert received.body["lines"] == [
        {"line": "shop:1/tea", "sku": "tea", "sellable": 2, "damaged": 1},
        {"line": "shop:1/cup", "sku": "cup", "sellable": 0, "damaged": 0},
    ]


async def test_goods_may_never_come_back(open_world: OpenWorld) -> None:
    """The return has to expire by itself."""
    outside = await open_world({"goods_back": {"never": True}})
    await outside.announce({"tea": 1})
    assert await outside.kinds() == []


async def test_the_same_return_is_announced_once(open_world: OpenWorld) -> None:
    """Asked again with the same key it is the same answer, with another it is a duplicate."""
    outside = await open_world()
    await outside.announce({"tea": 1})
    await outside.announce({"tea": 1})
    assert len(await outside.told()) == 2
    announced = await outside.announce({"tea": 1}, key="another")
    assert (announced.verdict, announced.code) == (REJECTED, "duplicate_order")
