"""Cancelling is decided once against shipping: exactly one of the two wins."""

from __future__ import annotations

import pytest

from oms_workflow.domain.cancellation import CancelResult, CancelScope
from oms_workflow.domain.fulfilment import Fate, FulfilmentStatus, RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Stock
from oms_workflow.domain.status import OrderStatus
from oms_workflow.errors import OrderRefused
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import NOON, an_order

from .shop import Shop

ORDER = an_order(("a", "TEA", 2), ("b", "CUP", 2))


@pytest.mark.parametrize("stage", ["taken in", "reserved", "allocated", "planned", "picked"])
async def test_an_order_can_be_cancelled_until_it_ships(database: Database, stage: str) -> None:
    """Wherever its pieces are, all stock is free afterwards and nothing can be done for it any more."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 1})
    await shop.take_in(ORDER)
    await shop.pay(ORDER.id)
    steps = ["taken in", "reserved", "allocated", "planned", "picked"]
    reached = steps.index(stage)
    fulfilment = None
    if reached >= 1:
        await shop.reserve(ORDER.id)
    if reached >= 2:
        await shop.allocate(ORDER.id)
    if reached >= 3:
        (fulfilment,) = await shop.plan(ORDER.id)
    if reached >= 4:
        await shop.request(fulfilment.id, RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)
        await shop.call(Fulfilments, "pick", fulfilment.id, key=shop.key(), at=NOON)
    decision = await shop.cancel(ORDER.id)
    assert decision.result is CancelResult.CANCELLED
    assert sum(line.quantity for line in decision.cancelled) == 4
    view = await shop.view(ORDER.id)
    assert view.status is OrderStatus.CANCELLED
    balance = await shop.balance("TEA", "HZ")
    assert (balance.on_hand, balance.reserved, balance.allocated, balance.picked) == (5, 0, 0, 0)
    with pytest.raises(OrderRefused) as caught:
        await shop.reserve(ORDER.id)
    assert caught.value.code == "ORDER_CANCELLED"
    assert (await shop.cancel(ORDER.id)).id == decision.id
    await shop.sound()


async def test_a_shipped_order_is_not_cancelled(database: Database) -> None:
    """The goods are gone; a return is the way back. Nothing changes."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    (fulfilment,) = await shop.ready(ORDER)
    await shop.ship(fulfilment)
    for scope in CancelScope:
        decision = await shop.cancel(ORDER.id, scope)
        assert (decision.result, decision.cancelled) == (CancelResult.TOO_LATE, ())
    assert (await shop.view(ORDER.id)).status is OrderStatus.SHIPPED
    await shop.sound()


async def test_a_decided_shipment_wins(database: Database) -> None:
    """Once the fate is to ship, cancelling the whole comes too late, before the parcel has left."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    (fulfilment,) = await shop.ready(ORDER)
    shipment = await shop.packed(fulfilment)
    assert await shop.call(Fulfilments, "decide", fulfilment.id, Fate.SHIP, key=shop.key(), at=NOON) is Fate.SHIP
    decision = await shop.cancel(ORDER.id)
    assert (decision.result, decision.shipping_fulfilments) == (CancelResult.TOO_LATE, (fulfilment.id,))
    await shop.hand_over(shipment.id)
    await shop.sound()


async def test_a_decided_cancellation_wins(database: Database) -> None:
    """The parcel at the dock stays, whoever scans it."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    (fulfilment,) = await shop.ready(ORDER)
    shipment = await shop.packed(fulfilment)
    decision = await shop.cancel(ORDER.id)
    assert decision.cancelled_fulfilments == (fulfilment.id,)
    with pytest.raises(OrderRefused, match="cancelled before it was handed over") as caught:
        await shop.hand_over(shipment.id)
    assert caught.value.code == "ORDER_CANCELLED"
    assert await shop.call(Fulfilments, "decide", fulfilment.id, Fate.SHIP, key=shop.key(), at=NOON) is Fate.CANCEL
    assert (await shop.balance("TEA", "HZ")).on_hand == 5
    await shop.sound()


async def test_the_rest_of_a_partly_shipped_order_is_cancelled(database: Database) -> None:
    """One warehouse has sent its part, the other one stops."""
    shop = Shop(database)
    await shop.warehouse("A", {"TEA": 5}, priority=1)
    await shop.warehouse("B", {"CUP": 5}, priority=2)
    first, second = await shop.ready(ORDER)
    await shop.ship(first)
    assert (await shop.cancel(ORDER.id)).result is CancelResult.TOO_LATE
    decision = await shop.cancel(ORDER.id, CancelScope.REST)
    assert decision.result is CancelResult.PARTLY
    assert [(line.line_id, line.quantity) for line in decision.cancelled] == [("shop:1/b", 2)]
    assert decision.cancelled_fulfilments == (second.id,)
    view = await shop.view(ORDER.id)
    assert (view.status, view.cancelled_at) == (OrderStatus.SHIPPED, None)
    assert (await shop.balance("CUP", "B")).available == 5
    await shop.sound()


async def test_the_warehouse_that_stops_in_time_frees_the_part(sqlite_database: Database) -> None:
    """Its word decides the fate: stopped, or on its way."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    (fulfilment,) = await shop.ready(ORDER)
    asked = (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED, RequestStatus.CANCEL_REQUESTED)
    stopped = await shop.request(fulfilment.id, *asked, RequestStatus.CANCEL_ACCEPTED)
    assert (stopped.fate, stopped.status) == (Fate.CANCEL, FulfilmentStatus.CANCELLED)
    (again,) = await shop.plan(ORDER.id)
    went = await shop.request(again.id, *asked, RequestStatus.CANCEL_REJECTED)
    assert went.fate is Fate.SHIP
    assert (await shop.cancel(ORDER.id)).result is CancelResult.TOO_LATE
    with pytest.raises(OrderRefused) as caught:
        await shop.call(Fulfilments, "cancel", again.id, free_stock=True, key=shop.key(), at=NOON)
    assert caught.value.code == "TOO_LATE_TO_CANCEL"
    await shop.sound()


async def test_backordered_pieces_are_cancelled_too(sqlite_database: Database) -> None:
    """Nobody has to wait for goods nobody wants."""
    shop = Shop(sqlite_database)
    await shop.warehouse("HZ", {"TEA": 1})
    await shop.take_in(ORDER)
    await shop.call(Orders, "backorder", ORDER.id, {"shop:1/b": 2}, key=shop.key(), at=NOON)
    assert (await shop.cancel(ORDER.id)).result is CancelResult.CANCELLED
    assert await shop.call(Stock, "waiting_orders", ["CUP"]) == ()
    await shop.sound()


async def test_only_what_waits_for_goods_is_given_up(database: Database) -> None:
    """The parcel a warehouse works on must not be stopped because other goods never come."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5})
    order = an_order(("a", "TEA", 2, "10.00"), ("b", "CUP", 1, "5.00"))
    (fulfilment,) = await shop.ready(order)
    await shop.request(fulfilment.id, RequestStatus.SUBMITTED)
    await shop.call(Orders, "backorder", order.id, {f"{order.id}/b": 1}, key=shop.key(), at=NOON)
    decision = await shop.cancel(order.id, CancelScope.WAITING)
    assert decision.result is CancelResult.PARTLY
    assert [(line.line_id, line.quantity) for line in decision.cancelled] == [(f"{order.id}/b", 1)]
    assert decision.cancelled_fulfilments == ()
    assert (await shop.view(order.id)).fulfilments[0].is_active
    assert (await shop.cancel(order.id, CancelScope.WAITING)).result is CancelResult.TOO_LATE
    await shop.sound()


async def test_an_order_that_only_waits_is_cancelled_as_a_whole(database: Database) -> None:
    """Nothing of it will ever go out, so it is over."""
    shop = Shop(database)
    await shop.take_in(ORDER)
    await shop.call(
        Orders, "backorder", ORDER.id, {line.id: line.ordered for line in ORDER.lines}, key=shop.key(), at=NOON
    )
    assert (await shop.cancel(ORDER.id, CancelScope.WAITING)).result is CancelResult.CANCELLED
    assert (await shop.view(ORDER.id)).status is OrderStatus.CANCELLED
    await shop.sound()
