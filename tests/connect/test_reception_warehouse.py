"""What warehouses tell reaches our books and the processes: late, twice and out of order included."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_workflow.connect.reception.message import message
from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.messages import MESSAGES
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.returns import Reception, ReturnRequestLine, ReturnType
from oms_workflow.domain.shipment import ShipmentStatus
from oms_workflow.errors import OrderRefused

from .conftest import OpenDesk
from .front_desk import FrontDesk
from .outside import MORNING

STEPS = ["warehouse.accepted", "warehouse.picked", "warehouse.packed", "warehouse.handed_over"]


def news(step: str, event: str = "", **more: Any) -> tuple[str, dict[str, Any]]:
    """Give one piece of news about the first fulfilment order."""
    if step == "packed":
        more["parcels"] = [{"weight_grams": 700, "lines": [{"line": "shop:1/tea", "quantity": 2}]}]
    body = {
        "event": event or f"evt-{step}",
        "occurred_at": MORNING.isoformat(),
        "fulfilment": "shop:1.F1",
        "reference": "WO1",
    }
    return f"warehouse.{step}", body | more


async def test_every_step_reaches_books_and_process(open_desk: OpenDesk) -> None:
    """From yes to gone, as the world tells it."""
    desk = await open_desk()
    fulfilment = await desk.submitted(tea=2)
    shipment = await desk.labelled(fulfilment)
    await desk.catch_up()

    assert [one for one in desk.names if one.startswith("warehouse")] == STEPS
    assert desk.refused == []
    assert (await desk.fulfilment(fulfilment.id)).status is FulfilmentStatus.CLOSED
    gone = await desk.shop.call(Shipments, "get", shipment.id)
    assert gone.status is ShipmentStatus.HANDED_OVER
    assert (await desk.shop.balance("tea", "hz")).on_hand == 18
    [packed] = desk.of("warehouse.packed")
    assert packed["packages"][0]["pieces"] == {"shop:1/tea": 2}
    await desk.shop.sound()


@given(seed=st.integers())
def test_messages_of_steps_are_the_same_whoever_implies_them(seed: int) -> None:
    """The id of a message says what became true, so that news told twice is one message."""
    order = random.Random(seed).sample(range(4), 4)
    first = message("warehouse.accepted", f"shop:{order[0]}.F1", "WO1", fulfilment_id=f"shop:{order[0]}.F1")
    again = message("warehouse.accepted", f"shop:{order[0]}.F1", "WO1", fulfilment_id=f"shop:{order[0]}.F1")
    other = message("warehouse.accepted", f"shop:{order[0]}.F1", "WO2", fulfilment_id=f"shop:{order[0]}.F1")
    assert first.id == again.id != other.id


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_of_news_does_not_matter(desk: FrontDesk, seed: int) -> None:
    """Every later step implies the earlier ones, and each message is published once."""
    await desk.submitted(tea=2)
    told = [news(step) for step in ("accepted", "picked", "packed")] * 2
    random.Random(seed).shuffle(told)
    for kind, body in told:
        await desk.take(kind, body)

    assert sorted(desk.names) == sorted(STEPS[:3])
    assert desk.names.index("warehouse.accepted") < desk.names.index("warehouse.picked")
    assert (await desk.fulfilment("shop:1.F1")).request_status is RequestStatus.ACCEPTED
    assert (await desk.shop.balance("tea", "hz")).picked == 2
    await desk.shop.sound()


async def test_a_step_that_was_never_told_is_implied_by_a_later_one(desk: FrontDesk) -> None:
    """Webhooks get lost; a process that waits for the first step must not wait for ever."""
    await desk.submitted(tea=2)
    await desk.take(*news("packed"))
    await desk.take(*news("picked", event="told-again"))
    assert desk.names == STEPS[:3]
    assert (await desk.shop.balance("tea", "hz")).picked == 2


async def test_a_step_told_after_the_goods_have_left_is_still_told(open_desk: OpenDesk) -> None:
    """A process may wait for it, however late it comes; nothing is booked for it any more."""
    desk = await open_desk()
    await desk.labelled(await desk.submitted(tea=2))
    await desk.take(*news("handed_over"))
    await desk.take(*news("packed"))
    assert sorted(desk.names) == sorted(STEPS)
    assert (await desk.shop.balance("tea", "hz")).on_hand == 18
    await desk.shop.sound()


async def test_a_rejection_opens_the_fulfilment_order_again(desk: FrontDesk) -> None:
    """It can be sourced elsewhere, and asked for again under another number."""
    await desk.submitted(tea=2)
    await desk.take(*news("rejected", code="no_capacity"))
    await desk.take(*news("rejected", code="no_capacity"))
    assert desk.of("warehouse.rejected") == [{"fulfilment_id": "shop:1.F1", "code": "no_capacity"}]
    assert (await desk.fulfilment("shop:1.F1")).request_status is RequestStatus.REJECTED

    await desk.shop.request("shop:1.F1", RequestStatus.SUBMITTED)
    await desk.take(*news("accepted", event="later", reference="WO2"))
    assert (await desk.fulfilment("shop:1.F1")).request_status is RequestStatus.ACCEPTED


async def test_missing_pieces_are_open_again(desk: FrontDesk) -> None:
    """And told twice they are missing once."""
    await desk.submitted(tea=2, cup=3)
    short = news("short", lines=[{"line": "shop:1/cup", "quantity": 1}])
    for _ in range(2):
        await desk.take(*short)
    assert desk.of("warehouse.short") == [{"fulfilment_id": "shop:1.F1", "pieces": 1}]
    left = {line.sku: line.quantity for line in (await desk.fulfilment("shop:1.F1")).lines}
    assert left == {"tea": 2, "cup": 2}
    await desk.shop.sound()


async def test_missing_pieces_may_be_told_after_the_rest_was_picked(desk: FrontDesk) -> None:
    """News overtakes news; the count is the same."""
    await desk.submitted(tea=2, cup=3)
    await desk.take(*news("picked"))
    await desk.take(*news("short", lines=[{"line": "shop:1/cup", "quantity": 1}]))
    await desk.take(*news("accepted"))
    assert {line.sku: line.quantity for line in (await desk.fulfilment("shop:1.F1")).lines} == {"tea": 2, "cup": 2}
    assert (await desk.shop.balance("cup", "hz")).picked == 2
    await desk.shop.sound()


@pytest.mark.parametrize(("step", "asked"), [("cancelled", True), ("cancel_refused", False)])
async def test_the_answer_to_a_cancellation_decides_the_fate(desk: FrontDesk, step: str, asked: bool) -> None:
    """Exactly one of stopping and shipping wins; steps told late change nothing any more."""
    await desk.submitted(tea=2)
    await desk.take(*news("accepted"))
    await desk.shop.request("shop:1.F1", RequestStatus.CANCEL_REQUESTED)
    for _ in range(2):
        await desk.take(*news(step))
    opposite = "cancel_refused" if step == "cancelled" else "cancelled"
    late = await desk.take(*news(opposite))

    fulfilment = await desk.fulfilment("shop:1.F1")
    assert (fulfilment.fate == "cancel") is asked
    assert desk.names.count(f"warehouse.{step}") == 1
    assert late.messages == ()
    assert "Late news" in late.remark


async def test_news_of_a_cancelled_fulfilment_order_is_late(desk: FrontDesk) -> None:
    """The warehouse told of its work before it heard of the cancellation."""
    await desk.submitted(tea=2)
    await desk.take(*news("accepted"))
    await desk.shop.request("shop:1.F1", RequestStatus.CANCEL_REQUESTED, RequestStatus.CANCEL_ACCEPTED)
    await desk.shop.cancel("shop:1")
    for step in ("picked", "packed", "handed_over", "rejected"):
        assert (await desk.take(*news(step))).messages == ()
    await desk.shop.sound()


async def test_a_hand_over_against_a_hold_reaches_the_process(open_desk: OpenDesk) -> None:
    """The goods are gone whatever our books say; the process books it, meets the hold, and people see it there."""
    desk = await open_desk()
    fulfilment = await desk.submitted(tea=2)
    shipment = await desk.labelled(fulfilment)
    await desk.shop.call(Holds, "place", "shop:1", HoldKind.MANUAL, reason="look", by="test", key="h", at=MORNING)
    await desk.take(*news("handed_over"))
    assert "warehouse.handed_over" in desk.names
    assert (await desk.shop.call(Shipments, "get", shipment.id)).status is ShipmentStatus.LABELLED


async def test_news_about_nothing_we_know_is_refused_for_now(desk: FrontDesk) -> None:
    """It may have overtaken what it builds on: the sender has to tell it again."""
    with pytest.raises(OrderRefused) as refused:
        await desk.take(*news("accepted"))
    assert refused.value.code == "UNKNOWN_FULFILMENT"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fulfilment": 5}, "fulfilment"),
        ({"fulfilment": "a b"}, "fulfilment"),
        ({"fulfilment": "x" * 200}, "fulfilment"),
        ({"reference": None}, "reference"),
        ({"occurred_at": "2026-11-11T09:00:00"}, "occurred_at"),
        ({"occurred_at": "soon"}, "occurred_at"),
        ({"code": "<script>"}, "code"),
        ({"lines": [{"line": "shop:1/tea", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": "all"}, "lines"),
    ],
)
async def test_a_bad_body_is_refused_by_field_and_without_its_values(
    desk: FrontDesk, change: dict[str, Any], field: str
) -> None:
    """Bodies come from outside; a reason that repeats them would carry them into logs."""
    kind, body = news("accepted")
    with pytest.raises(OrderRefused) as refused:
        await desk.take(kind, body | change)
    assert refused.value.code == "DATA_REFUSED"
    assert f"{field}:" in str(refused.value)
    assert not any(str(value) in str(refused.value) for value in change.values() if len(str(value)) > 4)


async def test_news_from_the_future_is_refused(desk: FrontDesk) -> None:
    """A wrong clock would outweigh everything that comes after."""
    kind, body = news("accepted")
    body["occurred_at"] = (MORNING + timedelta(days=99)).isoformat()
    with pytest.raises(OrderRefused, match="future"):
        await desk.take(kind, body)


async def test_a_kind_nobody_takes_is_refused(desk: FrontDesk) -> None:
    """Rather than dropped."""
    with pytest.raises(OrderRefused, match="Nobody here"):
        await desk.take("warehouse.danced", {})


async def returned(desk: FrontDesk, pieces: int = 3) -> str:
    """Bring an order to the buyer and announce a return of some pieces."""
    await desk.shop.warehouse("hz", {"tea": 20})
    from tests.domain.orders_for_tests import an_order

    (fulfilment,) = await desk.shop.ready(an_order(("tea", "tea", 4)))
    await desk.shop.request(fulfilment.id, RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)
    await desk.shop.ship(fulfilment)
    opened = await desk.shop.call(
        Returns,
        "open",
        "shop:1",
        ReturnType.RETURN,
        [ReturnRequestLine(line_id="shop:1/tea", quantity=pieces)],
        reason="does_not_fit",
        key="r",
        at=MORNING,
    )
    return str(opened.id)


def counted(event: str = "evt", **found: int) -> tuple[str, dict[str, Any]]:
    line = {"line": "shop:1/tea"} | found
    body = {"event": event, "occurred_at": MORNING.isoformat(), "return": "shop:1.R1", "warehouse": "hz"}
    return "warehouse.return_received", body | {"lines": [line]}


@pytest.mark.parametrize(
    ("sellable", "damaged", "on_hand"), [(3, 0, 19), (2, 1, 18), (0, 3, 16), (0, 2, 16), (1, 1, 17), (0, 0, 16)]
)
async def test_what_is_counted_is_what_came_back(desk: FrontDesk, sellable: int, damaged: int, on_hand: int) -> None:
    """Sellable pieces are on the shelf, damaged ones are not, missing ones did not come; told twice it is once."""
    await returned(desk)
    for _ in range(2):
        await desk.take(*counted(sellable=sellable, damaged=damaged))

    assert desk.of("return.received") == [{"return_id": "shop:1.R1", "received": sellable + damaged, "announced": 3}]
    assert (await desk.shop.balance("tea", "hz")).on_hand == on_hand
    found = await desk.shop.call(Returns, "get", "shop:1.R1")
    missing = sum(item.quantity for item in found.items if item.reception is Reception.SHORT_SHIPPED)
    assert missing == 3 - sellable - damaged
    assert sum(item.quantity for item in found.items if item.condition == "damaged") == damaged
    await desk.shop.sound()


async def test_missing_pieces_may_follow_in_another_parcel(desk: FrontDesk) -> None:
    """They are counted then, and not before."""
    await returned(desk)
    await desk.take(*counted("first", sellable=1))
    await desk.take(*counted("second", damaged=2))
    assert [one["received"] for one in desk.of("return.received")] == [1, 3]
    await desk.shop.sound()


async def test_more_than_was_announced_is_refused(desk: FrontDesk) -> None:
    """Somebody has to look: the parcel holds what nobody announced."""
    await returned(desk)
    for wrong in ({"sellable": 3, "damaged": 1}, {"line": "shop:1/cup", "sellable": 1}):
        with pytest.raises(OrderRefused, match="More pieces") as refused:
            await desk.take(*counted(**wrong))
        assert refused.value.code == "DATA_REFUSED"


def test_every_kind_of_news_makes_messages_that_processes_know() -> None:
    """A misspelt field would make a diagram wait for ever."""
    with pytest.raises(ValueError, match="has the fields fulfilment_id, code"):
        message("warehouse.rejected", "shop:1.F1", fulfilment_id="shop:1.F1")
    assert set(STEPS) <= set(MESSAGES)
