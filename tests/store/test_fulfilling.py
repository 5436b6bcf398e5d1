"""Fulfilment orders: split with exact money, asked of warehouses, picked, short, shipped."""

from __future__ import annotations

import pytest

from oms_workflow.domain.fulfilment import Fate, FulfilmentStatus, RequestStatus, SplitReason
from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.money import total
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.shipment import PackedParcel, ShipmentStatus
from oms_workflow.domain.tracking import ParcelStatus, TrackingEvent
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, a_line, an_order, cny

from .shop import Shop

SUBMITTED, ACCEPTED = RequestStatus.SUBMITTED, RequestStatus.ACCEPTED


async def refused(awaitable: object) -> str:
    with pytest.raises(OrderRefused) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value.code


async def test_parts_carry_exactly_the_money_of_the_order(database: Database) -> None:
    """Three warehouses, 10.00 of freight and 1.00 of discount: no cent is lost or made."""
    shop = Shop(database)
    for name in ("A", "B", "C"):
        await shop.warehouse(name, {"TEA": 1})
    line = a_line("shop:1", "a", "TEA", 3, "9.99", discount=cny("1.00"), tax=cny("0.50"))
    parts = await shop.ready(an_order(line, freight=cny("10.00")))
    assert len(parts) == 3
    assert {reason for part in parts for reason in part.reasons} == {SplitReason.STOCK}
    assert total((part.shares.freight for part in parts), "CNY") == cny("10.00")
    assert total((part.shares.discount for part in parts), "CNY") == cny("1.00")
    assert total((part.shares.tax for part in parts), "CNY") == cny("0.50")
    await shop.sound()


async def test_a_later_part_finds_its_share(database: Database) -> None:
    """What was backordered goes later; the two plans together carry the order's money exactly."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 1})
    line = a_line("shop:1", "a", "TEA", 3, "3.33", discount=cny("0.10"))
    order = an_order(line, freight=cny("1.00"))
    await shop.ready(order)
    await shop.receive("TEA", "HZ", 5)
    await shop.reserve(order.id)
    await shop.allocate(order.id)
    await shop.plan(order.id)
    parts = await shop.call(Fulfilments, "of_order", order.id)
    assert [part.pieces for part in parts] == [1, 2]
    assert total((part.shares.freight for part in parts), "CNY") == cny("1.00")
    assert total((part.shares.discount for part in parts), "CNY") == cny("0.10")
    assert await shop.plan(order.id) == ()
    await shop.sound()


async def test_heavy_goods_and_other_sellers_go_apart(sqlite_database: Database) -> None:
    """Each part says why it is one."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"ROCK": 9, "TEA": 9})
    rock = a_line("shop:1", "a", "ROCK", 3, weight_grams=8000)
    tea = a_line("shop:1", "b", "TEA", 1, seller="other", weight_grams=10)
    parts = await shop.ready(an_order(rock, tea), weight_grams=20000)
    assert [(part.seller, part.pieces) for part in parts] == [("", 2), ("", 1), ("other", 1)]
    assert SplitReason.WEIGHT in parts[0].reasons
    assert SplitReason.SELLER in parts[2].reasons


async def test_a_sealed_order_is_not_split(sqlite_database: Database) -> None:
    """The channel takes one parcel only."""
    shop = Shop(sqlite_database)
    for name in ("A", "B"):
        await shop.warehouse(name, {"TEA": 1})
    assert await refused(shop.ready(an_order(("a", "TEA", 2), sealed=True))) == "ORDER_SEALED"
    assert await shop.call(Fulfilments, "of_order", "shop:1") == ()
    await shop.sound()


async def test_dividing_keeps_pieces_and_money(database: Database) -> None:
    """A large order is cut by hand; the parts are exactly it."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    (whole,) = await shop.ready(an_order(("a", "TEA", 3), ("b", "CUP", 1), freight=cny("1.00")))
    cut = [{"shop:1/a": 1}, {"shop:1/a": 2, "shop:1/b": 1}]
    about = {"reason": SplitReason.MANUAL, "key": shop.key(), "at": NOON}
    parts = await shop.call(Fulfilments, "divide", whole.id, cut, **about)
    assert [part.pieces for part in parts] == [1, 3]
    assert parts[1].parent == whole.id
    assert total((part.shares.freight for part in parts), "CNY") == whole.shares.freight
    for wrong in ([{"shop:1/a": 1}, {}], [{"shop:1/a": 2}, {"shop:1/b": 1}], [{"shop:1/a": 1}]):
        about["key"] = shop.key()
        assert await refused(shop.call(Fulfilments, "divide", parts[0].id, wrong, **about)) == "CANNOT_SPLIT"
    await shop.sound()


async def test_the_warehouse_is_not_asked_while_a_hold_is_open(sqlite_database: Database) -> None:
    """Planning goes on, handing it to the warehouse does not."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 1)))
    hold = await shop.call(Holds, "place", "shop:1", HoldKind.REMARK, reason="", by="x", key=shop.key(), at=NOON)
    assert await refused(shop.request(fulfilment.id, SUBMITTED)) == "ON_HOLD"
    await shop.call(Holds, "resolve", hold.id, by="cs", key=shop.key(), at=NOON)
    assert (await shop.request(fulfilment.id, SUBMITTED)).request_status is SUBMITTED


async def test_only_listed_answers_follow(sqlite_database: Database) -> None:
    """A warehouse cannot accept what it was never asked."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 1)))
    assert await refused(shop.request(fulfilment.id, ACCEPTED)) == "ILLEGAL_MOVE"
    assert (await shop.request(fulfilment.id, SUBMITTED, ACCEPTED)).status is FulfilmentStatus.IN_PROGRESS
    rejected = await shop.request(fulfilment.id, RequestStatus.REJECTED)
    assert (rejected.status, rejected.fate) == (FulfilmentStatus.OPEN, None)
    await shop.sound()


async def test_pieces_that_were_not_found_are_sourced_elsewhere(database: Database) -> None:
    """The shelf count is corrected, the rest ships, the missing pieces are open again."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 3}, priority=1)
    order = an_order(("a", "TEA", 3))
    (fulfilment,) = await shop.ready(order)
    await shop.request(fulfilment.id, SUBMITTED, ACCEPTED)
    await shop.call(Fulfilments, "pick", fulfilment.id, key=shop.key(), at=NOON)
    short = await shop.call(Fulfilments, "short", fulfilment.id, {"shop:1/a": 2}, key=shop.key(), at=NOON)
    assert short.pieces == 1
    balance = await shop.balance("TEA", "HZ")
    assert (balance.on_hand, balance.allocated, balance.picked) == (1, 1, 1)
    await shop.sound()
    await shop.warehouse("SH", {"TEA": 5}, priority=9)
    assert (await shop.reserve(order.id)).missing == 0
    await shop.ship(fulfilment, {"shop:1/a": 1})
    assert (await shop.call(Fulfilments, "get", fulfilment.id)).status is FulfilmentStatus.INCOMPLETE
    await shop.sound()


async def test_when_nothing_is_found_the_part_is_cancelled(sqlite_database: Database) -> None:
    """An empty fulfilment order would wait for ever."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 2})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    short = await shop.call(Fulfilments, "short", fulfilment.id, {"shop:1/a": 2}, key=shop.key(), at=NOON)
    assert (short.status, short.fate) == (FulfilmentStatus.CANCELLED, Fate.CANCEL)
    assert (await shop.balance("TEA", "HZ")).on_hand == 0
    await shop.sound()


async def test_a_cancelled_part_frees_its_stock_or_keeps_it(database: Database) -> None:
    """Both are wanted: give up, or plan anew."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 4})
    order = an_order(("a", "TEA", 4))
    (whole,) = await shop.ready(order)
    await shop.call(Fulfilments, "cancel", whole.id, free_stock=False, key=shop.key(), at=NOON)
    (again,) = await shop.plan(order.id)
    assert again.pieces == 4
    await shop.call(Fulfilments, "cancel", again.id, free_stock=True, key=shop.key(), at=NOON)
    assert (await shop.balance("TEA", "HZ")).available == 4
    assert (await shop.view(order.id)).quantities["shop:1/a"].open == 4
    await shop.sound()


async def test_parcels_hold_only_what_is_left_to_send(sqlite_database: Database) -> None:
    """A packing list with a piece too many is a mistake in the warehouse."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    assert await refused(shop.packed(fulfilment, {"shop:1/a": 3})) == "QUANTITY_EXCEEDED"
    assert await refused(shop.packed(fulfilment, {})) == "QUANTITY_EXCEEDED"
    assert await refused(shop.packed(fulfilment, {"shop:1/x": 1})) == "QUANTITY_EXCEEDED"
    await shop.packed(fulfilment, {"shop:1/a": 1})
    assert await refused(shop.packed(fulfilment, {"shop:1/a": 2})) == "QUANTITY_EXCEEDED"


async def test_an_order_ships_in_several_parcels(database: Database) -> None:
    """Two shipments of one fulfilment order; delivered only when both are."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    (fulfilment,) = await shop.ready(order)
    one = await shop.ship(fulfilment, {"shop:1/a": 1})
    (news,) = await shop.report(one, ParcelStatus.DELIVERED)
    assert not news.all_delivered
    two = await shop.ship(fulfilment, {"shop:1/a": 1})
    (news,) = await shop.report(two, ParcelStatus.DELIVERED)
    assert news.all_delivered
    assert (await shop.view(order.id)).quantities["shop:1/a"].delivered == 2
    await shop.sound()


async def test_nothing_is_handed_over_on_hold(sqlite_database: Database) -> None:
    """Invariant 8: the last gate is at the dock."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    shipment = await shop.packed(fulfilment)
    await shop.call(Holds, "place", "shop:1", HoldKind.CHANNEL, reason="", by="x", key=shop.key(), at=NOON)
    assert await refused(shop.hand_over(shipment.id)) == "ON_HOLD"
    assert (await shop.balance("TEA", "HZ")).on_hand == 5
    await shop.sound()


async def test_a_cancelled_shipment_is_packed_anew(sqlite_database: Database) -> None:
    """Another carrier takes it, under another number."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    first = await shop.packed(fulfilment)
    await shop.call(Shipments, "cancel", first.id, key=shop.key(), at=NOON)
    assert await refused(shop.hand_over(first.id)) == "ILLEGAL_MOVE"
    second = await shop.ship(fulfilment)
    assert second.status is ShipmentStatus.HANDED_OVER
    assert {one.id for one in await shop.call(Shipments, "of_order", "shop:1")} == {first.id, second.id}
    await shop.sound()


async def test_a_tracking_number_belongs_to_one_package(sqlite_database: Database) -> None:
    """Two parcels with one number would both be delivered by one scan."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    plan = {"carrier": "sf", "service": "std", "key": shop.key(), "at": NOON}
    shipment = await shop.call(Shipments, "plan", fulfilment.id, **plan)
    parcel = PackedParcel(tracking_number="1", weight_grams=1, pieces=(("shop:1/a", 1),))
    twice = shop.call(Shipments, "pack", shipment.id, [parcel, parcel], key=shop.key(), at=NOON)
    assert await refused(twice) == "ORDER_MISMATCH"


async def test_reports_before_the_package_are_not_lost(database: Database) -> None:
    """A carrier may scan a parcel before the warehouse has told us its number, and deliver before the hand-over."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    (fulfilment,) = await shop.ready(order)
    first = await shop.packed(fulfilment, {"shop:1/a": 1})
    second = await shop.packed(fulfilment, {"shop:1/a": 1})
    assert await shop.report(first, ParcelStatus.DELIVERED)
    assert (await shop.view(order.id)).quantities["shop:1/a"].delivered == 0
    await shop.hand_over(first.id)
    await shop.hand_over(second.id)
    assert (await shop.view(order.id)).quantities["shop:1/a"].delivered == 1
    known = await shop.call(Tracking, "package", "sf", first.packages[0].tracking_number)
    assert known is not None and known.status is ParcelStatus.DELIVERED
    await shop.sound()


async def test_a_report_about_an_unknown_number_counts_later(database: Database) -> None:
    """The set of reports decides, also those from before the package was stored."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 1)))
    ghost = await shop.packed(fulfilment)
    await shop.call(Shipments, "cancel", ghost.id, key=shop.key(), at=NOON)
    assert await shop.call(Tracking, "record", [], at=NOON) == ()
    early = TrackingEvent(
        carrier="sf",
        tracking_number="SF2",
        status=ParcelStatus.IN_TRANSIT,
        occurred_at=NOON,
        received_at=NOON,
        event_id="1",
    )
    assert await shop.call(Tracking, "record", [early], at=NOON) == ()
    later = await shop.packed(fulfilment)
    assert later.packages[0].tracking_number == "SF2"
    assert later.packages[0].status is ParcelStatus.IN_TRANSIT
    assert (await shop.call(Tracking, "state", later.packages[0].id)).status is ParcelStatus.IN_TRANSIT
    assert len(await shop.call(Tracking, "events", later.packages[0].id)) == 1
    await shop.sound()


async def test_a_delivery_that_is_taken_back_is_counted_back(database: Database) -> None:
    """Delivered, then returned: the buyer does not have it."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    (fulfilment,) = await shop.ready(order)
    shipment = await shop.ship(fulfilment)
    await shop.report(shipment, ParcelStatus.DELIVERED, 1)
    assert (await shop.report(shipment, ParcelStatus.DELIVERED, 1)) == ()
    await shop.report(shipment, ParcelStatus.RETURNED, 9)
    assert (await shop.view(order.id)).quantities["shop:1/a"].delivered == 0
    await shop.sound()


async def test_a_lost_parcel_is_sent_again_under_the_same_line(database: Database) -> None:
    """Written off, taken up again, sourced, planned and shipped; its money is carried once."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 9})
    order = an_order(("a", "TEA", 2), freight=cny("6.00"))
    (fulfilment,) = await shop.ready(order)
    shipment = await shop.ship(fulfilment)
    await shop.report(shipment, ParcelStatus.LOST, 99)
    package = shipment.packages[0].id
    await shop.call(Shipments, "write_off", package, key=shop.key(), at=NOON)
    await shop.call(Shipments, "write_off", package, key=shop.key(), at=NOON)
    assert (await shop.view(order.id)).quantities["shop:1/a"].written_off == 2
    await shop.call(Orders, "send_again", order.id, {"shop:1/a": 2}, key=shop.key(), at=NOON)
    await shop.reserve(order.id)
    await shop.allocate(order.id)
    (second,) = await shop.plan(order.id)
    assert second.shares.freight.is_zero
    again = await shop.ship(second)
    await shop.report(again, ParcelStatus.DELIVERED)
    line = (await shop.view(order.id)).quantities["shop:1/a"]
    assert (line.shipped, line.delivered, line.written_off) == (2, 2, 0)
    assert (await shop.balance("TEA", "HZ")).on_hand == 5
    await shop.sound()


async def test_pieces_sent_again_and_pieces_sent_late_share_the_money_once(sqlite_database: Database) -> None:
    """Found by a random life: one of two lines was lost and sent again before the other was ever planned."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 9, "CUP": 1})
    order = an_order(("a", "TEA", 1, "3.33"), ("b", "CUP", 2, "3.33"), freight=cny("1.00"))
    (first,) = await shop.ready(order)
    for _ in range(2):
        shipment = await shop.ship(first, {"shop:1/a": 1})
        await shop.call(Shipments, "write_off", shipment.packages[0].id, key=shop.key(), at=NOON)
        await shop.call(Orders, "send_again", order.id, {"shop:1/a": 1}, key=shop.key(), at=NOON)
        await shop.reserve(order.id)
        await shop.allocate(order.id)
        (first,) = await shop.plan(order.id)
    await shop.receive("CUP", "HZ", 1)
    await shop.reserve(order.id)
    await shop.allocate(order.id)
    await shop.plan(order.id)
    parts = await shop.call(Fulfilments, "of_order", order.id)
    assert total((part.shares.freight for part in parts), "CNY") == cny("1.00")
    await shop.sound()


async def test_a_delivered_parcel_is_not_written_off(sqlite_database: Database) -> None:
    """Nor one that never left."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 9})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 2)))
    shipment = await shop.packed(fulfilment)
    write_off = (Shipments, "write_off", shipment.packages[0].id)
    assert await refused(shop.call(*write_off, key=shop.key(), at=NOON)) == "ILLEGAL_MOVE"
    await shop.hand_over(shipment.id)
    await shop.report(shipment, ParcelStatus.DELIVERED)
    assert await refused(shop.call(*write_off, key=shop.key(), at=NOON)) == "ILLEGAL_MOVE"


@pytest.mark.parametrize(
    ("port", "method", "args"),
    [
        (Fulfilments, "get", ("shop:1.F9",)),
        (Shipments, "get", ("shop:1.F1.S9",)),
        (Tracking, "state", ("nope",)),
    ],
)
async def test_unknown_ids_are_named(sqlite_database: Database, port: type, method: str, args: tuple[str]) -> None:
    """The person sees which id was wrong."""
    with pytest.raises(OrderRefused, match=args[0]) as caught:
        await Shop(sqlite_database).call(port, method, *args)
    assert caught.value.code.startswith("UNKNOWN_")
