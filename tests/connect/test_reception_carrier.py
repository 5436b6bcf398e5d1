"""What carriers report reaches parcel, order and process, whatever the order and however often."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from oms_workflow.domain.ports.shipments import Tracking
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.errors import OrderRefused

from .conftest import OpenDesk
from .front_desk import FrontDesk
from .outside import MORNING

COURSE = ["pre_transit", "in_transit", "out_for_delivery", "failure", "out_for_delivery", "delivered"]


def news(status: str, hours: int = 1, number: str = "SF1", event: str = "") -> dict[str, Any]:
    return {
        "event": event or f"trk-{number}-{hours}",
        "occurred_at": (MORNING + timedelta(hours=hours)).isoformat(),
        "carrier": "sf",
        "tracking_number": number,
        "status": status,
        "place": "hub",
        "note": "",
    }


async def sent(desk: FrontDesk) -> None:
    """Let one parcel with the number SF1 leave the house."""
    fulfilment = await desk.submitted(tea=2)
    await desk.take("warehouse.accepted", {
        "event": "e", "occurred_at": MORNING.isoformat(), "fulfilment": fulfilment.id, "reference": "WO1"
    })  # fmt: skip
    await desk.shop.ship(fulfilment)


async def test_a_parcel_s_whole_way_is_told(open_desk: OpenDesk) -> None:
    """From the world's carrier to the processes, with the delivery counted on the order."""
    desk = await open_desk({"carrier": {"journey": {"failed_attempts": 1}}})
    fulfilment = await desk.submitted(tea=2)
    await desk.labelled(fulfilment)
    await desk.catch_up()

    moved = [one["status"] for one in desk.of("parcel.moved")]
    assert moved[0] == "pre_transit"
    assert set(moved) == {"pre_transit", "in_transit", "out_for_delivery"}
    assert desk.of("parcel.failed")[0]["failures"] == 1
    assert desk.of("parcel.delivered") == [
        {"fulfilment_id": fulfilment.id, "package_id": f"{fulfilment.id}.S1.P1", "all": True}
    ]
    assert (await desk.shop.view("shop:1")).quantities["shop:1/tea"].delivered == 2
    assert desk.refused == []
    await desk.shop.sound()


@pytest.mark.parametrize("seed", range(4))
async def test_late_and_repeated_reports_end_in_the_same_place(desk: FrontDesk, seed: int) -> None:
    """The delivery is published once, and never taken back by a scan that comes late."""
    await sent(desk)
    told = [news(status, hours) for hours, status in enumerate(COURSE)] * 2
    random.Random(seed).shuffle(told)
    for body in told:
        await desk.take("carrier.reported", body)
    assert desk.names.count("parcel.delivered") == 1
    package = await desk.shop.call(Tracking, "package", "sf", "SF1")
    assert package.status is ParcelStatus.DELIVERED
    await desk.shop.sound()


async def test_a_report_told_again_says_again_where_the_parcel_is(desk: FrontDesk) -> None:
    """If the message was lost in a crash, the repetition brings it; else its id is known already."""
    await sent(desk)
    first = await desk.take("carrier.reported", news("delivered", 5))
    again = await desk.take("carrier.reported", news("delivered", 5))
    late = await desk.take("carrier.reported", news("in_transit", 2))
    assert first.messages == again.messages == late.messages


async def test_the_last_parcel_of_several_says_that_all_arrived(desk: FrontDesk) -> None:
    """Until then the process waits on."""
    fulfilment = await desk.submitted(tea=1, cup=1)
    first = await desk.shop.packed(fulfilment, {"shop:1/tea": 1})
    second = await desk.shop.packed(fulfilment, {"shop:1/cup": 1})
    for shipment in (first, second):
        await desk.shop.hand_over(shipment.id)
    for number, body in enumerate((news("delivered", 5, "SF1"), news("delivered", 6, "SF2"))):
        await desk.take("carrier.reported", body)
        assert desk.of("parcel.delivered")[number]["all"] is bool(number)


@pytest.mark.parametrize(("status", "name"), [("lost", "parcel.lost"), ("returned", "parcel.returned")])
async def test_unhappy_ends_have_messages_of_their_own(desk: FrontDesk, status: str, name: str) -> None:
    """Diagrams catch them by name."""
    await sent(desk)
    await desk.take("carrier.reported", news(status))
    assert desk.of(name) == [{"fulfilment_id": "shop:1.F1", "package_id": "shop:1.F1.S1.P1"}]


async def test_a_label_reported_before_it_is_booked_is_kept(desk: FrontDesk) -> None:
    """The carrier is faster than our own transaction."""
    known = await desk.take("carrier.reported", news("pre_transit"))
    assert known.messages == ()
    assert "not in our books yet" in known.remark


async def test_a_parcel_on_its_way_that_nobody_booked_is_refused_for_now(desk: FrontDesk) -> None:
    """Kept without a message, its delivery would never reach the process."""
    with pytest.raises(OrderRefused) as refused:
        await desk.take("carrier.reported", news("delivered"))
    assert refused.value.code == "UNKNOWN_SHIPMENT"
    await sent(desk)
    await desk.take("carrier.reported", news("delivered"))
    assert "parcel.delivered" in desk.names


@pytest.mark.parametrize("change", [{"status": "teleported"}, {"carrier": ""}, {"place": "x" * 201}])
async def test_a_bad_report_is_refused(desk: FrontDesk, change: dict[str, Any]) -> None:
    """Words nobody knows would move a parcel nowhere."""
    with pytest.raises(OrderRefused) as refused:
        await desk.take("carrier.reported", news("in_transit") | change)
    assert refused.value.code == "DATA_REFUSED"
