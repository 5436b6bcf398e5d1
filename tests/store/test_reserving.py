"""Promising stock: reserved, firm, given back, lapsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from oms_workflow.domain.hold import HoldKind
from oms_workflow.domain.order import Order, PaymentTerms
from oms_workflow.domain.ports.holds import Holds
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.sourcing import ShortfallReason
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from oms_workflow.store.tables.stock import stock_claims
from tests.domain.orders_for_tests import NOON, an_order, cny

from .shop import Shop

LATER = NOON + timedelta(hours=1)


async def with_reserved_tea(database: Database) -> tuple[Shop, Order]:
    """Give a shop with five tins of tea in HZ, two of them reserved for an order that was not paid yet."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    await shop.take_in(order)
    await shop.reserve(order.id)
    return shop, order


async def test_reserving_twice_reserves_once(database: Database) -> None:
    """A second call with a key of its own finds everything reserved."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2))
    await shop.take_in(order)
    first = await shop.reserve(order.id)
    again = await shop.reserve(order.id)
    assert first.reserved == again.reserved
    assert again.choices == ()
    assert (await shop.balance("TEA", "HZ")).reserved == 2
    await shop.sound()


async def test_nothing_available_is_a_shortfall_and_no_error(database: Database) -> None:
    """The diagram decides what a shortage means."""
    shop = Shop(database)
    await shop.warehouse("HZ")
    order = an_order(("a", "TEA", 2))
    await shop.take_in(order)
    result = await shop.reserve(order.id)
    assert (result.reserved, result.missing) == ((), 2)
    assert result.shortfalls[0].reason is ShortfallReason.OUT_OF_STOCK
    await shop.pay(order.id)
    with pytest.raises(OrderRefused) as caught:
        await shop.allocate(order.id)
    assert caught.value.code == "OUT_OF_STOCK"
    await shop.sound()


async def test_without_a_warehouse_for_the_destination_there_is_a_reason(sqlite_database: Database) -> None:
    """No lane to the region is another problem than no stock."""
    shop = Shop(sqlite_database)
    order = an_order(("a", "TEA", 2))
    await shop.take_in(order)
    assert (await shop.reserve(order.id)).shortfalls[0].reason is ShortfallReason.NO_WAREHOUSE


async def test_what_is_missing_is_reserved_when_it_arrives(sqlite_database: Database) -> None:
    """Backordered pieces are found by the goods that arrived, and taken up again."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 1})
    order = an_order(("a", "TEA", 3))
    await shop.take_in(order)
    assert (await shop.reserve(order.id)).missing == 2
    await shop.call(Orders, "backorder", order.id, {"shop:1/a": 2}, key=shop.key(), at=NOON)
    await shop.receive("TEA", "HZ", 5)
    assert await shop.call(Stock, "waiting_orders", ["TEA"]) == (order.id,)
    await shop.call(Orders, "reopen", order.id, None, key=shop.key(), at=NOON)
    assert (await shop.reserve(order.id)).missing == 0
    assert (await shop.balance("TEA", "HZ")).reserved == 3
    await shop.sound()


async def test_reserved_pieces_cannot_be_backordered(sqlite_database: Database) -> None:
    """A piece of stock would be promised for a piece nobody wants to send."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 1})
    order = an_order(("a", "TEA", 3))
    await shop.take_in(order)
    await shop.reserve(order.id)
    with pytest.raises(OrderRefused, match="2 are open without a reservation"):
        await shop.call(Orders, "backorder", order.id, {"shop:1/a": 3}, key=shop.key(), at=NOON)


async def test_an_unpaid_reservation_lapses_with_all_of_its_stock(database: Database) -> None:
    """Invariant 13: an unpaid time-out frees everything."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    order = an_order(("a", "TEA", 2), ("b", "CUP", 1))
    await shop.take_in(order)
    await shop.reserve(order.id)
    assert await shop.call(Stock, "release_expired", NOON + timedelta(minutes=29)) == ()
    assert await shop.call(Stock, "release_expired", LATER) == (order.id,)
    assert await shop.call(Stock, "release_expired", LATER) == ()
    assert (await shop.balance("TEA", "HZ")).available == 5
    await shop.sound()


async def test_a_paid_reservation_never_lapses(database: Database) -> None:
    """Invariant 13: the payment makes it firm, whenever it arrives before the sweep."""
    shop, order = await with_reserved_tea(database)
    await shop.pay(order.id)
    await shop.sound()
    assert await shop.call(Stock, "release_expired", LATER) == ()
    assert (await shop.balance("TEA", "HZ")).reserved == 2
    await shop.sound()


async def test_nothing_gives_the_reservation_of_a_paid_order_an_end(database: Database) -> None:
    """The payment decides and not the clock: the database refuses an end, so the sweep cannot meet one."""
    shop, order = await with_reserved_tea(database)
    await shop.pay(order.id)
    with pytest.raises(IntegrityError, match="paid_reservations_stay"):
        async with shop.unit() as unit:
            await (await unit.writing()).execute(update(stock_claims).values(expires_at=NOON))
    assert await shop.call(Stock, "release_expired", LATER) == ()
    assert (await shop.balance("TEA", "HZ")).reserved == 2
    await shop.sound()


async def test_a_lower_price_may_make_a_reservation_firm(sqlite_database: Database) -> None:
    """The channel grants a discount after the deposit: what came is enough, so nothing lapses."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2, "10.00"))
    await shop.take_in(order)
    await shop.reserve(order.id)
    await shop.pay(order.id, cny("15.00"))
    cheaper = replace(order, lines=(replace(order.lines[0], discount=cny("5.00")),), channel_version=1)
    taken = await shop.take_in(cheaper)
    await shop.call(Orders, "accept_revision", order.id, taken.revision, key=shop.key(), at=NOON)
    await shop.sound()
    assert await shop.call(Stock, "release_expired", LATER) == ()


async def test_a_part_payment_does_not_make_it_firm(sqlite_database: Database) -> None:
    """A deposit holds nothing beyond its time."""
    shop, order = await with_reserved_tea(sqlite_database)
    await shop.pay(order.id, order.lines[0].unit_price)
    assert await shop.call(Stock, "release_expired", LATER) == (order.id,)


async def test_an_order_on_delivery_is_firm_from_the_start(sqlite_database: Database) -> None:
    """It will be paid at the door, so there is nothing to wait for."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2), terms=PaymentTerms.ON_DELIVERY)
    await shop.take_in(order)
    assert (await shop.reserve(order.id)).expires_at is None
    await shop.sound()


async def test_an_unpaid_or_held_order_is_not_allocated(sqlite_database: Database) -> None:
    """Firm promises are for orders that may go."""
    shop, order = await with_reserved_tea(sqlite_database)
    with pytest.raises(OrderRefused) as caught:
        await shop.allocate(order.id)
    assert caught.value.code == "NOT_PAID"
    await shop.pay(order.id)
    hold = await shop.call(Holds, "place", order.id, HoldKind.FRAUD, reason="", by="rule", key=shop.key(), at=NOON)
    with pytest.raises(OrderRefused, match="blocked by fraud hold") as caught:
        await shop.allocate(order.id)
    assert caught.value.code == "ON_HOLD"
    await shop.call(Holds, "resolve", hold.id, by="risk", key=shop.key(), at=NOON)
    await shop.allocate(order.id)
    await shop.sound()


async def test_released_stock_is_available_again(database: Database) -> None:
    """Reserved and allocated alike; the pieces are open on their lines."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 2})
    await shop.warehouse("SH", {"TEA": 2})
    order = an_order(("a", "TEA", 4))
    await shop.take_in(order)
    await shop.pay(order.id)
    await shop.reserve(order.id)
    await shop.allocate(order.id)
    kept = await shop.call(Stock, "release", order.id, allocated=False, key=shop.key(), at=NOON)
    assert (kept.reserved, kept.allocated) == ((), ())
    freed = await shop.call(Stock, "release", order.id, allocated=True, key=shop.key(), at=NOON)
    assert sum(one.quantity for one in freed.allocated) == 4
    assert (await shop.view(order.id)).quantities["shop:1/a"].open == 4
    assert (await shop.balance("TEA", "SH")).available == 2
    await shop.sound()


async def test_safety_stock_is_left_alone(sqlite_database: Database) -> None:
    """The cushion is never promised by itself."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    await shop.call(Stock, "set_safety", "TEA", "HZ", 4, key=shop.key(), at=NOON)
    order = an_order(("a", "TEA", 2))
    await shop.take_in(order)
    assert (await shop.reserve(order.id)).missing == 1


async def test_promised_stock_cannot_be_counted_away(sqlite_database: Database) -> None:
    """A count below what is promised is a decision about orders first."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 4))
    await shop.take_in(order)
    await shop.reserve(order.id)
    for method, quantity in (("count", 3), ("write_off", 2)):
        with pytest.raises(OrderRefused) as caught:
            await shop.call(Stock, method, "TEA", "HZ", quantity, reason="", key=shop.key(), at=NOON)
        assert caught.value.code == "STOCK_PROMISED"
    assert (await shop.call(Stock, "count", "TEA", "HZ", 4, reason="", key=shop.key(), at=NOON)).on_hand == 4
    await shop.sound()


async def test_an_unknown_warehouse_is_named(sqlite_database: Database) -> None:
    """Goods cannot arrive nowhere."""
    with pytest.raises(OrderRefused, match="no warehouse 'XX'"):
        await Shop(sqlite_database).receive("TEA", "XX", 1)
