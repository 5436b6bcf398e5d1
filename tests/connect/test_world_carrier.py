"""The carrier stories: delivered, late, lost, refused, brought back; labels booked once and cancelled in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from oms_workflow.connect.world.callbacks import Callback
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway
from oms_workflow.domain.tracking import ParcelStatus, parcel_state
from oms_workflow.errors import OrderRefused, WorldUnavailable

from .conftest import OpenWorld
from .outside import DAY, HOUR, MORNING, Outside


async def sent(outside: Outside, service: str = "standard") -> str:
    """Let an order be packed and labelled, and give the tracking number."""
    await outside.submit()
    return (await outside.label(service=service)).tracking_number


def statuses(told: list[Callback]) -> list[str]:
    return [one.body["status"] for one in told]


def happened(one: Callback) -> datetime:
    return datetime.fromisoformat(one.body["occurred_at"])


async def test_a_parcel_is_delivered_within_days_after_its_hand_over(open_world: OpenWorld) -> None:
    """Several reports tell of it on the way, and none before the carrier has the parcel."""
    outside = await open_world()
    await sent(outside)
    told = await outside.told("carrier")
    handed_over = await outside.hand_over_at()

    assert statuses(told) == ["pre_transit", *["in_transit"] * 3, "out_for_delivery", "delivered"]
    assert happened(told[1]) > handed_over
    assert 2 * DAY <= happened(told[-1]) - handed_over <= 5 * DAY


async def test_an_express_parcel_is_faster(open_world: OpenWorld) -> None:
    """The name of the service says so."""
    outside = await open_world()
    await sent(outside, "Express")
    [*_, delivered] = await outside.told("carrier")
    assert happened(delivered) - await outside.hand_over_at() <= 2 * DAY


async def test_a_carrier_refuses_an_address_once(open_world: OpenWorld) -> None:
    """After the address was corrected, the same call goes through: a refusal is no effect."""
    outside = await open_world({"fails": [{"system": "carrier", "operation": "label", "how": "refused", "times": 1}]})
    with pytest.raises(OrderRefused) as refused:
        await outside.label(key="L")
    assert refused.value.code == "ADDRESS_REFUSED"
    assert (await outside.label(key="L")).tracking_number
    assert [(one.calls, one.effects) for one in (await outside.world.audit()).keys] == [(2, 1)]


async def test_one_carrier_refuses_and_another_takes_the_parcel(open_world: OpenWorld) -> None:
    """The decision table has to choose again."""
    outside = await open_world(
        {
            "when": {"carrier": "sf", "service": ["standard", "cold"]},
            "fails": [{"system": "carrier", "how": "refused"}],
        }
    )
    with pytest.raises(OrderRefused):
        await outside.label(carrier="sf", key="1")
    with pytest.raises(OrderRefused):
        await outside.label(carrier="sf", service="cold", key="2")
    assert (await outside.label(carrier="sf", service="air", shipment="shop:1.F2.S1", key="3")).tracking_number
    assert (await outside.label(carrier="zto", key="4")).tracking_number.startswith("ZTO")


async def test_a_carrier_that_is_down_for_some_calls_comes_back(open_world: OpenWorld) -> None:
    """Retrying with one key books one parcel."""
    outside = await open_world({"fails": [{"system": "carrier", "operation": "label", "times": 2}]})
    for _ in range(2):
        with pytest.raises(WorldUnavailable):
            await outside.label()
    assert (await outside.label()).tracking_number
    assert [(one.calls, one.effects) for one in (await outside.world.audit()).keys] == [(3, 1)]


@pytest.mark.parametrize(
    "window",
    [
        {"since": "PT1H", "until": "PT3H"},
        {"since": "2026-11-11T10:00:00+08:00", "until": "2026-11-11T12:00:00+08:00"},
    ],
)
async def test_a_carrier_is_down_between_two_times(open_world: OpenWorld, window: dict[str, str]) -> None:
    """By the clock, or counted from the world's beginning."""
    outside = await open_world({"when": {"carrier": "sf"}, "fails": [{"system": "carrier"} | window]})
    await outside.world.start(MORNING)

    async def works(hours: float) -> bool:
        try:
            await outside.label(key=f"at {hours}", shipment=f"shop:{int(hours * 10)}.F1.S1", at=MORNING + hours * HOUR)
        except WorldUnavailable:
            return False
        return True

    assert [await works(hours) for hours in (0.9, 1, 2.9, 3)] == [True, False, False, True]


async def test_a_lost_answer_hides_a_booked_parcel(open_world: OpenWorld) -> None:
    """The dearest failure there is: asked again with the same key, the carrier tells of the label it made."""
    outside = await open_world({"fails": [{"system": "carrier", "operation": "label", "how": "answer_lost"}]})
    with pytest.raises(WorldUnavailable):
        await outside.label()
    [told] = await outside.told("carrier")
    found = await outside.label()
    assert found.tracking_number == told.body["tracking_number"]
    assert len(await outside.told("carrier")) == 1
    assert (await outside.world.audit()).is_clean


async def test_a_lost_parcel_is_heard_of_no_more(open_world: OpenWorld) -> None:
    """Most carriers never admit it; only the silence tells."""
    outside = await open_world({"carrier": {"journey": {"ends": "lost"}}})
    await sent(outside)
    assert statuses(await outside.told("carrier")) == ["pre_transit", "in_transit", "in_transit"]


async def test_a_carrier_may_admit_that_a_parcel_is_lost(open_world: OpenWorld) -> None:
    """Some do after a week or two."""
    outside = await open_world({"carrier": {"journey": {"ends": "lost", "declared_after": "P10D"}}})
    await sent(outside)
    [*_, last] = await outside.told("carrier")
    assert last.body["status"] == "lost"
    assert happened(last) == await outside.hand_over_at() + 10 * DAY


async def test_a_parcel_is_brought_again_the_next_day(open_world: OpenWorld) -> None:
    """Nobody was there: each attempt is a report, and one a day is made."""
    outside = await open_world({"carrier": {"journey": {"failed_attempts": 2, "transit": "P2D"}}})
    await sent(outside)
    told = await outside.told("carrier")
    assert statuses(told)[-6:] == ["out_for_delivery", "failure"] * 2 + ["out_for_delivery", "delivered"]
    assert happened(told[-1]) == await outside.hand_over_at() + 4 * DAY


async def test_a_refused_parcel_comes_back(open_world: OpenWorld) -> None:
    """The buyer does not take it, and the house gets it again."""
    outside = await open_world({"carrier": {"journey": {"ends": "returned"}}})
    await sent(outside)
    assert statuses(await outside.told("carrier"))[-2:] == ["return_to_sender", "returned"]


async def test_reports_come_late_twice_and_out_of_order(open_world: OpenWorld) -> None:
    """Whatever the wires do, the set of reports says where the parcel is."""
    webhooks = {"copies": 2, "late": "P1D", "shuffled": True}
    outside = await open_world({"when": {"carrier": "sf"}, "carrier": {"webhooks": webhooks}})
    number = await sent(outside)
    told = await outside.told("carrier")

    assert len(told) == 12
    assert len({one.body["event"] for one in told}) == 6
    assert [happened(one) for one in told] != sorted(happened(one) for one in told)
    reports = await outside.port(CarrierGateway, MORNING + 30 * DAY).track("sf", number)
    assert {one.event_id for one in reports} == {one.body["event"] for one in told}
    assert parcel_state(reports).status is ParcelStatus.DELIVERED


async def test_tracking_tells_what_has_happened_by_then(open_world: OpenWorld) -> None:
    """A poll is ahead of late webhooks, and never ahead of time."""
    outside = await open_world({"carrier": {"webhooks": {"late": "P9D"}}})
    number = await sent(outside)

    async def status(days: float) -> ParcelStatus:
        return parcel_state(await outside.port(CarrierGateway, MORNING + days * DAY).track("sf", number)).status

    assert [await status(0), await status(1.5), await status(6)] == [
        ParcelStatus.PRE_TRANSIT,
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.DELIVERED,
    ]
    assert await outside.port(CarrierGateway).track("sf", "nobody's number") == ()


async def test_a_label_can_be_cancelled_until_the_carrier_has_the_parcel(open_world: OpenWorld) -> None:
    """A cancelled label travels nowhere; a new one takes its place."""
    outside = await open_world()
    number = await sent(outside)
    handed_over = await outside.hand_over_at()

    assert await outside.port(CarrierGateway).cancel_label("sf", number, key="c1")
    assert statuses(await outside.told("carrier")) == ["pre_transit"]
    assert await outside.kinds("warehouse.handed_over") == []

    second = await outside.label(key="again")
    assert not await outside.port(CarrierGateway, handed_over + 5 * HOUR).cancel_label(
        "sf", second.tracking_number, key="c2"
    )
    assert await outside.kinds("warehouse.handed_over") == ["warehouse.handed_over"]
    assert not await outside.port(CarrierGateway).cancel_label("sf", "nobody's number", key="c3")
    assert (await outside.world.audit()).is_clean


async def test_a_parcel_under_way_can_be_brought_back(open_world: OpenWorld) -> None:
    """Until it has arrived, and not before the carrier has it."""
    outside = await open_world({"buyer": {"wants_back": [{"after_delivery": "P1D"}]}})
    number = await sent(outside)
    handed_over = await outside.hand_over_at()

    assert not await outside.port(CarrierGateway, MORNING).intercept("sf", number, key="too early")
    assert await outside.port(CarrierGateway, handed_over + 8 * HOUR).intercept("sf", number, key="in time")
    assert statuses(await outside.told("carrier"))[-2:] == ["return_to_sender", "returned"]
    assert await outside.told("buyer") == []
    assert not await outside.port(CarrierGateway, handed_over + 20 * DAY).intercept("sf", number, key="too late")


async def test_a_request_to_bring_a_parcel_back_may_be_refused(open_world: OpenWorld) -> None:
    """Then it is delivered."""
    outside = await open_world({"carrier": {"intercept": {"works": False}}})
    number = await sent(outside)
    under_way = await outside.hand_over_at() + timedelta(hours=8)
    assert not await outside.port(CarrierGateway, under_way).intercept("sf", number, key="i")
    assert statuses(await outside.told("carrier"))[-1] == "delivered"


async def test_two_labels_of_one_order_have_two_numbers(open_world: OpenWorld) -> None:
    """A tracking number belongs to one parcel."""
    outside = await open_world()
    first = await outside.label(parcel=1)
    second = await outside.label(parcel=2)
    assert first.tracking_number != second.tracking_number
