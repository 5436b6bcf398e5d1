"""One order from intake to delivery on both databases, and what stands in the ledgers afterwards."""

from __future__ import annotations

from oms_workflow.domain.fulfilment import FulfilmentStatus, RequestStatus
from oms_workflow.domain.status import OrderStatus
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.store.database import Database
from tests.domain.orders_for_tests import an_order, cny

from .shop import Shop


async def test_an_order_goes_from_intake_to_delivery(database: Database) -> None:
    """The derived status follows the ledgers at every step, and nobody sets it."""
    shop = Shop(database)
    await shop.warehouse("HZ", {"TEA": 5, "CUP": 5})
    order = an_order(("a", "TEA", 2, "10.00"), ("b", "CUP", 1, "5.00"), freight=cny("6.00"))
    await shop.take_in(order)
    seen = [(await shop.view(order.id)).status]

    async def look() -> None:
        seen.append((await shop.view(order.id)).status)

    await shop.pay(order.id)
    await look()
    assert (await shop.reserve(order.id)).missing == 0
    await shop.allocate(order.id)
    await look()
    (fulfilment,) = await shop.plan(order.id)
    assert fulfilment.shares.freight == cny("6.00")
    await shop.request(fulfilment.id, RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)
    await look()
    shipment = await shop.ship(fulfilment)
    await look()
    (news,) = await shop.report(shipment, ParcelStatus.DELIVERED)
    assert news.all_delivered
    await look()
    assert seen == [
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.OPEN,
        OrderStatus.ALLOCATED,
        OrderStatus.IN_FULFILMENT,
        OrderStatus.SHIPPED,
        OrderStatus.DELIVERED,
    ]
    assert (await shop.view(order.id)).fulfilments[0].status is FulfilmentStatus.CLOSED
    balance = await shop.balance("TEA", "HZ")
    assert (balance.on_hand, balance.reserved, balance.allocated) == (3, 0, 0)
    await shop.sound()
