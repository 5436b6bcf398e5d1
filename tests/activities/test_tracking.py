"""Parcels on their way: counted by where they are, asked for when the carrier is silent, given up when lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from activities.refunds import refund
from activities.shipping.lost import check_replacement, claim_lost, send_again, take_back, write_off
from activities.shipping.tracking import check_parcels, look_for_news
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.shipment import Shipment
from oms_workflow.domain.tracking import ParcelStatus, TrackingEvent
from tests.domain.orders_for_tests import NOON, an_order

from .bench import Bench


async def shipped(bench: Bench) -> Shipment:
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 2, "10.00")))
    return await bench.ship(fulfilment)


async def lost(bench: Bench) -> str:
    shipment = await shipped(bench)
    await bench.report(shipment, ParcelStatus.LOST)
    package = shipment.packages[0].id
    await bench.run(write_off, package_id=package)
    return package


def a_report(status: ParcelStatus) -> TrackingEvent:
    moment = NOON + timedelta(hours=2)
    return TrackingEvent(
        carrier="sf", tracking_number="", status=status, occurred_at=moment, received_at=moment, event_id="e1"
    )


async def test_parcels_are_counted_by_where_they_are(bench: Bench) -> None:
    """The diagram waits while one is open."""
    shipment = await shipped(bench)
    assert (await bench.twice(check_parcels, fulfilment_id=shipment.fulfilment_id)).open == 1
    await bench.report(shipment, ParcelStatus.DELIVERED)
    after = await bench.run(check_parcels, fulfilment_id=shipment.fulfilment_id)
    assert (after.open, after.delivered) == (0, 1)


async def test_a_lost_or_returned_parcel_is_named_until_somebody_dealt_with_it(bench: Bench) -> None:
    """Each is handled once."""
    shipment = await shipped(bench)
    package = shipment.packages[0].id
    for status, name in ((ParcelStatus.LOST, "lost"), (ParcelStatus.RETURNED, "returned")):
        await bench.report(shipment, status, hours=1 if name == "lost" else 2)
        found = await bench.run(check_parcels, fulfilment_id=shipment.fulfilment_id)
        assert (getattr(found, name), found.open) == ([package], 0)
    dealt = await bench.run(check_parcels, fulfilment_id=shipment.fulfilment_id, dealt_with=[package])
    assert (dealt.lost, dealt.returned, dealt.open) == ([], [], 0)


async def test_without_parcels_none_is_open(bench: Bench) -> None:
    """Nothing was handed over, so nothing is waited for."""
    await bench.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await bench.ready(an_order(("a", "TEA", 2)))
    assert (await bench.run(check_parcels, fulfilment_id=fulfilment.id)).open == 0
    news = await bench.run(look_for_news, fulfilment_id=fulfilment.id)
    assert (news.open, news.moved, bench.outside.carrier.effects.asked) == (0, 0, [])


async def test_a_silent_carrier_is_asked(bench: Bench) -> None:
    """A webhook that never came must not leave a parcel open for ever."""
    shipment = await shipped(bench)
    silent = await bench.run(look_for_news, fulfilment_id=shipment.fulfilment_id)
    assert (silent.moved, silent.quiet) == (0, [shipment.packages[0].id])
    bench.outside.carrier.reports = [a_report(ParcelStatus.DELIVERED)]
    key = bench.key()
    news = await bench.run(look_for_news, key=key, fulfilment_id=shipment.fulfilment_id)
    assert (news.moved, news.quiet, news.open, news.delivered) == (1, [], 0, 1)
    again = await bench.run(look_for_news, key=key, forgetful=True, fulfilment_id=shipment.fulfilment_id)
    assert (again.moved, again.delivered) == (0, 1)


async def test_the_same_report_again_is_no_news(bench: Bench) -> None:
    """The carrier repeats itself; the parcel has not moved."""
    shipment = await shipped(bench)
    bench.outside.carrier.reports = [a_report(ParcelStatus.IN_TRANSIT)]
    assert (await bench.run(look_for_news, fulfilment_id=shipment.fulfilment_id)).moved == 1
    bench.outside.carrier.reports = [replace(a_report(ParcelStatus.IN_TRANSIT), place="Hangzhou")]
    assert (await bench.run(look_for_news, fulfilment_id=shipment.fulfilment_id)).moved == 0


async def test_a_lost_parcel_is_written_off_once(bench: Bench) -> None:
    """Its value is known for the claim against the carrier."""
    shipment = await shipped(bench)
    answer = await bench.twice(write_off, package_id=shipment.packages[0].id)
    assert (answer.pieces, answer.value, answer.currency) == (2, Decimal("20.00"), "CNY")
    ledger = (await bench.view("shop:1")).quantities["shop:1/a"]
    assert (ledger.written_off, ledger.shipped) == (2, 0)


async def test_lost_goods_are_sent_again_once(bench: Bench) -> None:
    """They need stock like any open piece."""
    package = await lost(bench)
    assert (await bench.twice(send_again, package_id=package)).pieces == 2
    assert (await bench.view("shop:1")).quantities["shop:1/a"].open == 2
    assert (await bench.reserve("shop:1")).missing == 0


async def test_a_replacement_is_looked_for_where_it_may_be_sent_from(bench: Bench) -> None:
    """Pieces of a lost parcel are neither open nor on backorder; a seller's own shelf serves nobody else."""
    package = await lost(bench)
    there = (await bench.balance("TEA", "HZ")).available
    await bench.call(Stock, "write_off", "TEA", "HZ", there, reason="", key=bench.key(), at=NOON)
    await bench.warehouse("KM", {"TEA": 9}, sellers=frozenset({"somebody else"}))
    assert (await bench.twice(check_replacement, package_id=package)).model_dump() == {
        "wanted": 2, "available": 0, "lost_before": 0,
    }  # fmt: skip
    await bench.receive("TEA", "HZ", 1)
    assert (await bench.run(check_replacement, package_id=package)).available == 1


async def test_goods_that_were_lost_before_are_counted(bench: Bench) -> None:
    """Whoever decides about a second replacement should know that the first one did not arrive either."""
    first = await lost(bench)
    await bench.run(send_again, package_id=first)
    await bench.reserve("shop:1")
    await bench.allocate("shop:1")
    (fulfilment,) = await bench.plan("shop:1")
    second = (await bench.ship(fulfilment)).packages[0].id
    await bench.run(write_off, package_id=second)
    assert (await bench.run(check_replacement, package_id=second)).lost_before == 1
    assert (await bench.run(check_replacement, package_id=first)).lost_before == 1


async def test_lost_goods_are_refunded_once(bench: Bench) -> None:
    """The claim entitles to exactly the lost pieces."""
    package = await lost(bench)
    (claim,) = (await bench.twice(claim_lost, package_id=package)).claims
    answer = await bench.run(refund, order_id=claim.order_id, return_id=claim.return_id, reason="lost_parcel")
    assert answer.amount == 20


async def test_a_parcel_nobody_took_is_on_the_shelf_again(bench: Bench) -> None:
    """And its money can go back."""
    shipment = await shipped(bench)
    (claim,) = (await bench.twice(take_back, package_id=shipment.packages[0].id)).claims
    assert (await bench.balance("TEA", "HZ")).on_hand == 9
    answer = await bench.run(refund, order_id=claim.order_id, return_id=claim.return_id, reason="undeliverable")
    assert answer.amount == 20
