"""Many connections at once, on both databases: nothing is oversold, refunded or merged twice, or shipped cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from oms_workflow.domain.cancellation import CancelResult
from oms_workflow.domain.changes import Arrival
from oms_workflow.domain.fulfilment import Fate
from oms_workflow.domain.merge import MergeWindow
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.returns import Acceptance, ReturnRequestLine, ReturnType
from oms_workflow.domain.shipment import PackedParcel
from oms_workflow.domain.status import OrderStatus
from oms_workflow.domain.tracking import ParcelStatus, TrackingEvent
from oms_workflow.errors import OrderRefused, WorldUnavailable
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.unit_of_work import UnitOfWork
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop

MANY = 12


async def at_once(*calls: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Run calls in parallel, each again while the database asks for it; gives answers and refusals' codes."""

    async def persist(call: Callable[[], Awaitable[Any]]) -> Any:
        for _ in range(50):
            try:
                return await call()
            except WorldUnavailable:
                await asyncio.sleep(0)
            except OrderRefused as refusal:
                return refusal.code
        raise AssertionError("the database never took the work")

    return list(await asyncio.gather(*(persist(call) for call in calls)))


async def test_the_last_piece_is_sold_once(database: Database) -> None:
    """medusa#16569: one unit, many buyers, one of them gets it."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 1})
    for number in range(MANY):
        await shop.take_in(an_order((str(number), "TEA", 1), number=str(number)))
    results = await at_once(*(lambda n=n: shop.reserve(f"shop:{n}") for n in range(MANY)))
    assert sorted(result.missing for result in results) == [0] + [1] * (MANY - 1)
    assert (await shop.balance("TEA", "HZ")).available == 0
    await shop.sound()


async def test_orders_that_cross_in_several_warehouses_do_not_oversell(database: Database) -> None:
    """Lines in opposite order, stock in two places: locks are taken in one order, so everybody gets through."""
    shop = Shop(database)
    await shop.warehouse("A", {"TEA": 7, "CUP": 5})
    await shop.warehouse("B", {"TEA": 4, "CUP": 6})
    for number in range(MANY):
        lines = [(f"{number}a", "TEA", 1), (f"{number}b", "CUP", 1)]
        await shop.take_in(an_order(*(lines if number % 2 else lines[::-1]), number=str(number)))
    results = await at_once(*(lambda n=n: shop.reserve(f"shop:{n}") for n in range(MANY)))
    assert sum(result.missing for result in results) == 2 * MANY - 22
    await shop.sound()


async def test_one_order_is_reserved_once_by_many(database: Database) -> None:
    """Two retries with different keys, and the people who pressed the button again."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    await shop.take_in(an_order(("a", "TEA", 3)))
    await at_once(*(lambda: shop.reserve("shop:1") for _ in range(MANY)))
    assert (await shop.balance("TEA", "HZ")).reserved == 3
    await shop.sound()


async def test_one_order_comes_in_once(database: Database) -> None:
    """Invariant 6: the webhook, its retries and the pull, all at the same moment."""
    shop = Shop(database)
    order = an_order(("a", "TEA", 1))
    results = await at_once(*(lambda: shop.take_in(order) for _ in range(MANY)))
    assert [one.arrival for one in results].count(Arrival.NEW) == 1
    assert {one.arrival for one in results} == {Arrival.NEW, Arrival.SAME}
    await shop.sound()


async def test_nothing_is_refunded_twice(database: Database) -> None:
    """Invariant 4: many refunds of the same pieces, and sums on top, stay within what is entitled and captured."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2, "10.00"))
    (fulfilment,) = await shop.ready(order)
    await shop.ship(fulfilment)
    lines = [ReturnRequestLine(line_id="shop:1/a", quantity=2)]
    one = await shop.call(Returns, "open", order.id, ReturnType.RETURN, lines, reason="", key="o", at=NOON)
    item = one.items[0].id
    counted = [ReceivedPieces(item_id=item, quantity=1)]
    await shop.call(Returns, "receive", one.id, "HZ", counted, key="r", at=NOON)
    await shop.call(Returns, "judge", one.id, {item: Acceptance.ACCEPTED}, note="", key="j", at=NOON)
    results = await at_once(
        *(lambda: shop.refund(order.id, pieces={"shop:1/a": 1}) for _ in range(MANY // 2)),
        *(lambda: shop.refund(order.id, amount=cny("4.00")) for _ in range(MANY // 2)),
    )
    done = [one for one in results if not isinstance(one, str)]
    assert sum(1 for one in done if one.lines) == 1
    assert (await shop.view(order.id)).money.refunded <= cny("20.00")
    assert {one for one in results if isinstance(one, str)} <= {"QUANTITY_EXCEEDED", "AMOUNT_EXCEEDED"}
    await shop.sound()


async def test_cancelling_and_shipping_have_one_winner(database: Database) -> None:
    """Invariant 8: whichever comes first; the other one is told."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    for number in range(6):
        order = an_order((f"{number}", "TEA", 2), number=str(number))
        (fulfilment,) = await shop.ready(order)
        shipment = await shop.packed(fulfilment)
        calls = [lambda o=order: shop.cancel(o.id), lambda s=shipment: shop.hand_over(s.id)]
        cancelled, shipped = await at_once(*(calls if number % 2 else calls[::-1]))
        if not number % 2:
            cancelled, shipped = shipped, cancelled
        if cancelled.result is CancelResult.CANCELLED:
            assert shipped == "ORDER_CANCELLED"
            assert (await shop.view(order.id)).status is OrderStatus.CANCELLED
        else:
            assert cancelled.result is CancelResult.TOO_LATE
            assert (await shop.view(order.id)).status is OrderStatus.SHIPPED
    await shop.sound()


async def test_many_who_decide_hear_one_fate(database: Database) -> None:
    """Half ask to ship, half to cancel."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    (fulfilment,) = await shop.ready(an_order(("a", "TEA", 1)))

    def ask(fate: Fate) -> Awaitable[Any]:
        return shop.call(Fulfilments, "decide", fulfilment.id, fate, key=shop.key(), at=NOON)

    told = await at_once(*(lambda n=n: ask(Fate.SHIP if n % 2 else Fate.CANCEL) for n in range(MANY)))
    assert len(set(told)) == 1
    await shop.sound()


async def test_orders_are_merged_once(database: Database) -> None:
    """Overlapping pairs at the same moment: no order follows two others, no leader follows anybody."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    for number in range(6):
        order = an_order((str(number), "TEA", 1), number=str(number))
        await shop.take_in(order)
        await shop.pay(order.id)

    def pair(one: int) -> Awaitable[Any]:
        both = [f"shop:{one}", f"shop:{(one + 1) % 6}"]
        return shop.call(Merges, "merge", both, MergeWindow(), key=shop.key(), at=NOON)

    results = await at_once(*(lambda n=n: pair(n % 6) for n in range(MANY)))
    assert any(not isinstance(one, str) for one in results)
    assert {one for one in results if isinstance(one, str)} <= {"CANNOT_MERGE"}
    await shop.sound()


async def test_a_merge_and_a_reservation_at_once_leave_nobody_out(database: Database) -> None:
    """The leader reserves while a follower joins: either it is reserved with it, or by itself afterwards."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    for number in range(2):
        order = an_order((str(number), "TEA", 1), number=str(number))
        await shop.take_in(order)
        await shop.pay(order.id)
    both = ["shop:0", "shop:1"]
    await at_once(
        lambda: shop.call(Merges, "merge", both, MergeWindow(), key=shop.key(), at=NOON),
        *(lambda n=n: shop.reserve(f"shop:{n % 2}") for n in range(6)),
    )
    group = await shop.call(Merges, "group", "shop:0")
    await shop.reserve(group[0])
    assert (await shop.balance("TEA", "HZ")).reserved == 2
    await shop.sound()


async def test_paying_while_the_reservation_lapses_keeps_a_paid_order_whole(database: Database) -> None:
    """Invariant 13: the sweep and the payment meet; a paid order is either still reserved, or open to reserve again."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    for number in range(6):
        order = an_order((str(number), "TEA", 1), number=str(number))
        await shop.take_in(order)
        await shop.reserve(order.id)
    sweep = NOON.replace(hour=23)
    await at_once(
        *(lambda n=n: shop.pay(f"shop:{n}") for n in range(6)),
        *(lambda: shop.call(Stock, "release_expired", sweep) for _ in range(4)),
    )
    assert await shop.call(Stock, "release_expired", sweep) == ()
    await shop.sound()


async def test_reports_at_once_count_a_delivery_once(database: Database) -> None:
    """A carrier's webhook comes twelve times, in any order."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    (fulfilment,) = await shop.ready(order)
    shipment = await shop.ship(fulfilment)
    statuses = [ParcelStatus.IN_TRANSIT, ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.DELIVERED]
    await at_once(*(lambda n=n: shop.report(shipment, statuses[n % 3], n % 3) for n in range(MANY)))
    assert (await shop.view(order.id)).quantities["shop:1/a"].delivered == 2
    await shop.sound()


async def test_a_report_and_its_package_at_once_find_each_other(database: Database) -> None:
    """The carrier scans the label while the warehouse stores it: whichever comes first, the state is the reports'."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 50})
    shipments = []
    for number in range(10):
        (fulfilment,) = await shop.ready(an_order((str(number), "TEA", 1), number=str(number)))
        plan = {"carrier": "sf", "service": "std", "key": shop.key(), "at": NOON}
        shipments.append(await shop.call(Shipments, "plan", fulfilment.id, **plan))

    def pack(number: int) -> Awaitable[Any]:
        parcel = PackedParcel(tracking_number=f"N{number}", weight_grams=1, pieces=((f"shop:{number}/{number}", 1),))
        return shop.call(Shipments, "pack", shipments[number].id, [parcel], key=shop.key(), at=NOON)

    def event(number: int) -> TrackingEvent:
        return TrackingEvent(
            carrier="sf", tracking_number=f"N{number}", status=ParcelStatus.IN_TRANSIT, occurred_at=NOON,
            received_at=NOON, event_id="1",
        )  # fmt: skip

    def scan(number: int) -> Awaitable[Any]:
        return shop.call(Tracking, "record", [event(number)], at=NOON)

    for number in range(2, 10):
        await at_once(lambda n=number: pack(n), lambda n=number: scan(n), lambda n=number: scan(n))
    async with UnitOfWork(database) as unit:  # the report is told, but not committed, when the package is stored
        await bind(Tracking, unit).record([event(0)], at=NOON)
        packing = asyncio.create_task(pack(0))
        await asyncio.sleep(0.1)
        await unit.commit()
    await packing
    await shop.sound()


async def test_goods_arrive_and_leave_a_shelf_at_once(database: Database) -> None:
    """Receipts, write-offs and reservations on one shelf, also on one that did not exist before."""
    shop = Shop(database)
    await shop.warehouse("HZ")
    for number in range(4):
        await shop.take_in(an_order((str(number), "TEA", 1), number=str(number)))

    def lose() -> Awaitable[Any]:
        return shop.call(Stock, "write_off", "TEA", "HZ", 1, reason="", key=shop.key(), at=NOON)

    results = await at_once(
        *(lambda: shop.receive("TEA", "HZ", 1) for _ in range(6)),
        *(lambda n=n: shop.reserve(f"shop:{n}") for n in range(4)),
        *(lose for _ in range(3)),
    )
    assert "STOCK_PROMISED" in results or all(not isinstance(one, str) for one in results)
    await shop.sound()
