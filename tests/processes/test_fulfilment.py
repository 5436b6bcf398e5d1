"""One fulfilment order: carriers that refuse, warehouses that reject or miss goods, parcels that get lost."""

from __future__ import annotations

from typing import Any

from .test_order_to_cash import PACKED
from .walking import FULFILMENT, ORDER, PACKAGE, PARCEL, Walk

START = {"fulfilment_id": FULFILMENT, "order_id": ORDER, "service_level": "standard", "tried": []}
ON_ITS_WAY = {"open": 1, "delivered": 0, "lost": [], "returned": []}
ARRIVED = {"open": 0, "delivered": 1, "lost": [], "returned": []}


def begun(**more: Any) -> Walk:
    return Walk.of_process("fulfilment", variables=START, **more)


def packed(**more: Any) -> Walk:
    walk = begun(**more)
    walk.message("warehouse.packed", FULFILMENT, **PACKED)
    return walk


def under_way(**more: Any) -> Walk:
    walk = packed(**more)
    walk.message("warehouse.handed_over", FULFILMENT, fulfilment_id=FULFILMENT)
    return walk


def carriers(walk: Walk) -> list[str]:
    return [inputs["carrier"] for inputs in walk.asked("BookCarrier")]


def test_a_fulfilment_order_goes_from_carrier_to_door() -> None:
    """Chosen, submitted, packed, booked, handed over, told, delivered."""
    walk = under_way()
    walk.message("parcel.delivered", FULFILMENT, fulfilment_id=FULFILMENT, package_id=PACKAGE, all=True)
    assert walk.trace == [
        "GatherParcelFacts",
        "ChooseCarrier",
        "ComparePrices",
        "PlanShipment",
        "SubmitToWarehouse",
        "AwaitPacked",
        "BookCarrier",
        "AwaitHandedOver",
        "RecordHandOver",
        "TellChannel",
        "TellShipped",
        "CheckParcels",
        "CheckParcels",
        "TellDelivered",
    ]
    assert walk.status == "completed"


# -- the warehouse


def test_a_warehouse_that_answers_later_is_waited_for() -> None:
    """Its word comes as a message."""
    walk = begun(SubmitToWarehouse={"verdict": "pending", "code": ""})
    assert walk.open == ["AwaitAccepted"]
    walk.message("warehouse.accepted", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.open == ["AwaitPacked"]


def test_a_rejected_order_goes_back_to_allocation() -> None:
    """At once, later, or while picking: the goods are open again and the order hears of it."""
    at_once = begun(SubmitToWarehouse={"verdict": "rejected", "code": "no_capacity"})
    later = begun(SubmitToWarehouse={"verdict": "pending", "code": ""})
    later.message("warehouse.rejected", FULFILMENT, fulfilment_id=FULFILMENT, code="no_capacity")
    picking = begun()
    picking.message("warehouse.rejected", FULFILMENT, fulfilment_id=FULFILMENT, code="fire")
    for walk in (at_once, later, picking):
        walk.answer()
        assert walk.asked("GiveBack") == [{"fulfilment_id": FULFILMENT, "free_stock": True}]
        assert walk.result.escalations == ["GOODS_OPEN"]


def test_after_a_rejection_another_warehouse_is_found() -> None:
    """The order reserves again, plans again, and a second process sends the goods."""
    plans = [{"fulfilments": [FULFILMENT], "reasons": []}, {"fulfilments": [f"{ORDER}.F2"], "reasons": []}]
    walk = Walk.of_order(
        PlanFulfilments=plans,
        SubmitToWarehouse=[{"verdict": "rejected", "code": "no_capacity"}, {"verdict": "accepted", "code": ""}],
        LookAtRest={"status": "cancelled", "request": "rejected", "pieces": 2, "warehouse": "HZ"},
    )
    assert walk.asked("ReserveAgain") != []
    assert walk.open == ["AwaitPacked"]
    assert walk.asked("SubmitToWarehouse")[1]["fulfilment_id"] == f"{ORDER}.F2"


def test_pieces_that_were_not_found_are_sourced_again_while_the_others_go() -> None:
    """Short picking is no reason to keep the rest of the parcel."""
    walk = begun()
    walk.message("warehouse.short", FULFILMENT, fulfilment_id=FULFILMENT, pieces=1)
    assert walk.result.escalations == ["GOODS_OPEN"]
    assert walk.open == ["AwaitPacked"]


def test_when_nothing_was_found_there_is_nothing_to_pack() -> None:
    """The fulfilment order is over."""
    walk = begun(LookAtRest={"status": "cancelled", "request": "accepted", "pieces": 0, "warehouse": "HZ"})
    walk.message("warehouse.short", FULFILMENT, fulfilment_id=FULFILMENT, pieces=2)
    assert walk.status == "completed"


def test_nothing_is_submitted_while_a_hold_blocks_the_release() -> None:
    """Closing the hold lets it go on; several processes may wait, so each looks again by itself."""
    walk = begun(SubmitToWarehouse=["ON_HOLD", "ON_HOLD", {"verdict": "accepted", "code": ""}])
    assert walk.open == ["SubmitToWarehouseAwaitHold"]
    walk.message("hold.closed", ORDER, order_id=ORDER, hold_id=f"{ORDER}.H1", kind="manual", status="resolved")
    walk.advance("PT10M")
    assert walk.open == ["AwaitPacked"]


def test_a_fulfilment_order_nobody_wants_any_more_is_given_back() -> None:
    """It was cancelled before it could be submitted."""
    walk = begun(
        SubmitToWarehouse="ILLEGAL_MOVE",
        LookAtRest={"status": "cancelled", "request": "unsubmitted", "pieces": 2, "warehouse": "HZ"},
    )
    assert walk.result.escalations == ["GOODS_OPEN"]
    assert walk.status == "completed"


# -- the carrier


def test_a_carrier_that_refuses_is_followed_by_the_next() -> None:
    """The parcel is packed already, so the warehouse is not asked again."""
    walk = packed(BookCarrier=["ADDRESS_REFUSED", "ADDRESS_REFUSED", {"shipment_id": "s", "tracking_numbers": ["n"]}])
    assert carriers(walk) == ["zto", "yto", "sf"]
    assert len(walk.asked("SubmitToWarehouse")) == 1
    assert walk.open == ["AwaitHandedOver"]


def test_when_all_carriers_refused_a_person_sorts_it_out() -> None:
    """They are tried again from the first, or the goods go back."""
    walk = packed(BookCarrier="ADDRESS_REFUSED")
    assert carriers(walk) == ["zto", "yto", "sf", "deppon", "ems"]
    assert walk.open == ["SortOutDelivery"]
    walk.answer(BookCarrier={"shipment_id": "s", "tracking_numbers": ["n"]})
    walk.done("SortOutDelivery", decision="approve")
    assert carriers(walk)[-1] == "zto"
    assert walk.open == ["AwaitHandedOver"]


def test_goods_no_carrier_takes_may_go_back() -> None:
    """From another warehouse another carrier may come."""
    walk = begun(shipping__gather_facts={"parcel": PARCEL | {"country": "GB", "weight_grams": 90_000}})
    assert walk.open == ["SortOutDelivery"]
    walk.done("SortOutDelivery", decision="give_back")
    assert walk.result.escalations == ["GOODS_OPEN"]


def test_a_carrier_that_is_down_becomes_an_incident_not_a_lost_order() -> None:
    """Staff retries when it is up again; the parcel is booked then."""
    walk = begun(held=("BookCarrier",))
    walk.message("warehouse.packed", FULFILMENT, **PACKED)
    walk.fail("BookCarrier")
    assert walk.status == "incident"
    walk.held.clear()
    walk.retry("BookCarrier")
    assert walk.open == ["AwaitHandedOver"]


def test_a_hand_over_during_a_hold_is_booked_when_the_hold_is_closed() -> None:
    """The goods are gone whatever the books say; the books follow."""
    walk = under_way(RecordHandOver=["ON_HOLD", {"parcels": 1}])
    assert walk.open == ["RecordHandOverAwaitHold"]
    walk.message("hold.closed", ORDER, order_id=ORDER, hold_id=f"{ORDER}.H1", kind="manual", status="resolved")
    assert "TellShipped" in walk.trace


# -- on the way


def news(walk: Walk, name: str, **more: Any) -> None:
    walk.message(f"parcel.{name}", FULFILMENT, fulfilment_id=FULFILMENT, package_id=PACKAGE, **more)


def test_every_report_only_wakes_the_process_up() -> None:
    """Where the parcels are is read from all reports, so late and doubled ones do no harm."""
    walk = under_way(CheckParcels=[ON_ITS_WAY, ON_ITS_WAY, ON_ITS_WAY, ARRIVED])
    news(walk, "moved", status="in_transit")
    news(walk, "moved", status="in_transit")
    news(walk, "delivered", all=True)
    assert walk.status == "completed"


def test_a_failed_attempt_is_told_and_waited_for() -> None:
    """The carrier comes again tomorrow."""
    walk = under_way(CheckParcels=[ON_ITS_WAY, ON_ITS_WAY, ARRIVED])
    news(walk, "failed", failures=1)
    assert walk.told() == ["shipped", "delivery_failed"]
    news(walk, "delivered", all=True)
    assert walk.status == "completed"


def test_a_silent_carrier_is_asked_after_three_days() -> None:
    """The webhook was lost; the parcel was not."""
    walk = under_way(CheckParcels=[ON_ITS_WAY, ARRIVED])
    walk.advance("P3D")
    assert walk.asked("AskCarrier") != []
    assert walk.status == "completed"


def test_a_parcel_nobody_can_find_is_given_up_by_a_person() -> None:
    """Or waited for, when the carrier has found it after all."""
    quiet = ON_ITS_WAY | {"moved": 0, "quiet": [PACKAGE]}
    walk = under_way(AskCarrier=quiet, CheckParcels=[ON_ITS_WAY, ON_ITS_WAY, ARRIVED])
    walk.advance("P3D")
    assert walk.open == ["FindParcel"]
    walk.done("FindParcel", decision="wait")
    assert "ParcelDelivered" in walk.waiting
    walk.advance("P3D")
    walk.done("FindParcel", decision="approve")
    assert walk.asked("WriteOffParcel") == [{"package_id": PACKAGE}]
    assert walk.asked("CheckParcels")[-1]["dealt_with"] == [PACKAGE]
    assert walk.open == ["ClaimFromCarrier"]


def lost(**more: Any) -> Walk:
    gone = {"open": 0, "delivered": 0, "lost": [PACKAGE], "returned": []}
    walk = under_way(CheckParcels=[ON_ITS_WAY, gone, {"open": 0, "delivered": 0, "lost": [], "returned": []}], **more)
    news(walk, "lost")
    return walk


def test_a_lost_parcel_is_written_off_sent_again_and_claimed() -> None:
    """The buyer is served at once; the claim against the carrier lives on by itself."""
    walk = lost()
    assert [one for one in walk.told() if one != "staff_claim"] == ["shipped", "sent_again"]
    assert "staff_claim" in walk.told()
    assert walk.result.escalations == ["GOODS_OPEN"]
    assert ("claim.opened", PACKAGE) in walk.stage.sent
    assert walk.open == ["ClaimFromCarrier"]
    walk.done("ClaimFromCarrier", decision="approve", amount=100)
    assert walk.status == "completed"


def test_a_lost_parcel_that_cannot_be_sent_again_is_refunded() -> None:
    """For exactly the pieces that were in it."""
    walk = lost(CheckStock={"wanted": 2, "available": 0, "lost_before": 0})
    assert walk.asked("RefundBuyer")[0]["return_id"] == "shop:1.R1"
    assert [one for one in walk.told() if one != "staff_claim"] == ["shipped", "refunded", "refund_for_lost"]


def test_a_parcel_that_turned_up_needs_nothing() -> None:
    """It was delivered while somebody gave it up."""
    walk = lost(WriteOffParcel="ILLEGAL_MOVE")
    assert walk.told() == ["shipped"]
    assert walk.status == "completed"


def test_a_parcel_that_came_back_is_taken_in_and_refunded() -> None:
    """Nobody took it; the goods are on the shelf again."""
    back = {"open": 0, "delivered": 0, "lost": [], "returned": [PACKAGE]}
    walk = under_way(CheckParcels=[ON_ITS_WAY, back, {"open": 0, "delivered": 0, "lost": [], "returned": []}])
    news(walk, "returned")
    assert walk.asked("TakeBack") == [{"package_id": PACKAGE}]
    assert walk.told() == ["shipped", "refunded", "came_back"]
    assert walk.status == "completed"


def test_one_lost_parcel_does_not_stop_the_other() -> None:
    """Two parcels: one is lost and dealt with, the other arrives."""
    other = {"open": 1, "delivered": 0, "lost": [PACKAGE], "returned": []}
    walk = under_way(CheckParcels=[ON_ITS_WAY, other, ON_ITS_WAY, ARRIVED])
    news(walk, "lost")
    assert "ParcelDelivered" in walk.waiting
    news(walk, "delivered", all=False)
    assert "TellDelivered" in walk.trace


# -- waves

IN_WAVES = {"shipping__gather_facts": {"parcel": PARCEL | {"in_waves": True}}}


def test_a_warehouse_with_waves_is_asked_when_the_wave_goes() -> None:
    """Together with the others of its carrier, so that pickers walk once."""
    walk = begun(**IN_WAVES)
    assert walk.open == ["AwaitWave"]
    assert walk.asked("SubmitToWarehouse") == []
    walk.message("wave.released", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.open == ["AwaitPacked"]


def test_a_release_nobody_told_of_is_found_by_looking_again() -> None:
    """A person released it, or the message was lost."""
    walk = begun(**IN_WAVES, JoinWave=[{"waits": True, "wave": ""}, {"waits": False, "wave": "HZ.W1"}])
    walk.advance("PT30M")
    assert walk.open == ["AwaitPacked"]


def test_an_order_stopped_while_it_waits_goes_with_no_wave() -> None:
    walk = begun(**IN_WAVES)
    walk.message("fulfilment.stopped", FULFILMENT, fulfilment_id=FULFILMENT)
    assert walk.asked("SubmitToWarehouse") == []
    assert walk.open == []


def test_released_waves_are_told_to_each_of_their_orders() -> None:
    walk = Walk.of_process(
        "waves",
        variables={},
        start="WavesDue",
        waves__release_due={"waves": ["HZ.W1"], "released": [FULFILMENT, "shop:2.F1"]},
    )
    assert [one for one in walk.stage.sent if one[0] == "wave.released"] == [
        ("wave.released", FULFILMENT), ("wave.released", "shop:2.F1"),
    ]  # fmt: skip
