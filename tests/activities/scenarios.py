"""The register of refusals that were made to happen, and the shops they happen in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from activities.changes import accept
from activities.holds import place_holds
from activities.merging import join
from activities.returns.goods import receive
from oms_workflow.catalog.declaration import MARK
from oms_workflow.domain.fulfilment import FulfilmentOrder
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.returns import ReturnRequestLine, ReturnType
from oms_workflow.domain.shipment import Shipment
from oms_workflow.domain.tracking import ParcelStatus
from tests.domain.orders_for_tests import NOON, an_order, cny

from .bench import Bench

Scenario = Callable[[Bench], Awaitable[Any]]
SF = {"carrier": "sf", "service": "express"}
NAME, LINE = "shop:1", "shop:1/a"
SCENARIOS: dict[tuple[str, str], Scenario] = {}


def refuses(activity: Any, code: str) -> Callable[[Scenario], Scenario]:
    """Note that a scenario makes an activity refuse with a code."""

    def note(scenario: Scenario) -> Scenario:
        SCENARIOS[getattr(activity, MARK).name, code] = scenario
        return scenario

    return note


async def taken_in(bench: Bench, **more: Any) -> str:
    order = an_order(("a", "TEA", 2, "10.00"), **more)
    await bench.take_in(order)
    return order.id


async def planned(bench: Bench, **more: Any) -> FulfilmentOrder:
    await bench.warehouse("HZ", {"TEA": 9})
    order = an_order(("a", "TEA", 2, "10.00"), **more)
    order = replace(order, customer_ref=await bench.somebody(order))
    (fulfilment,) = await bench.ready(order)
    return fulfilment


async def shipped(bench: Bench) -> Shipment:
    return await bench.ship(await planned(bench))


async def on_hold(bench: Bench, kind: str = "audit") -> None:
    await bench.run(place_holds, order_id=NAME, findings=[{"kind": kind, "reason": "test"}])


async def merged(bench: Bench) -> tuple[str, str]:
    await bench.warehouse("HZ", {"TEA": 9})
    orders = [an_order((f"{number}", "TEA", 1), number=str(number)) for number in (1, 2)]
    for order in orders:
        await bench.take_in(order)
        await bench.pay(order.id)
    await bench.run(join, order_id=orders[0].id)
    return orders[0].id, orders[1].id


async def dearer_after_allocation(bench: Bench) -> FulfilmentOrder:
    """The price rose between allocation and plan, so the order is not paid any more."""
    await bench.warehouse("HZ", {"TEA": 9})
    order = an_order(("a", "TEA", 2, "10.00"))
    order = replace(order, customer_ref=await bench.somebody(order))
    await bench.take_in(order)
    await bench.pay(order.id)
    await bench.reserve(order.id)
    await bench.allocate(order.id)
    taken = await bench.take_in(replace(order, channel_version=1, freight=cny("9.00")))
    await bench.run(accept, order_id=order.id, revision=taken.revision)
    (fulfilment,) = await bench.plan(order.id)
    return fulfilment


async def a_return(bench: Bench, kind: ReturnType = ReturnType.RETURN) -> str:
    await bench.report(await shipped(bench), ParcelStatus.DELIVERED)
    wanted = [ReturnRequestLine(line_id=LINE, quantity=2)]
    opened = await bench.call(Returns, "open", NAME, kind, wanted, reason="test", key=bench.key(), at=NOON)
    return str(opened.id)


async def counted(bench: Bench, return_id: str) -> None:
    item = f"{return_id}.I1"
    await bench.run(receive, return_id=return_id, warehouse="HZ", counted=[{"item_id": item, "quantity": 2}])


def one_parcel(fulfilment: FulfilmentOrder) -> list[dict[str, Any]]:
    return [{"weight_grams": 9, "pieces": {line.line_id: line.quantity for line in fulfilment.lines}}]
