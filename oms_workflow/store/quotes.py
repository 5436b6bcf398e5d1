"""What could be promised now, read from the database: of a SKU to somebody new, and of an order's own lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oms_workflow.domain.keeping import safest_of
from oms_workflow.domain.order import Destination
from oms_workflow.domain.quoting import Quote, Source, quote
from oms_workflow.domain.service_level import ServiceLevel
from oms_workflow.domain.status import OrderView
from oms_workflow.store.arrivals import StoredArrivals
from oms_workflow.store.delivery_times import StoredDeliveryTimes
from oms_workflow.store.orders import StoredOrders
from oms_workflow.store.outlooks import outlook_of, waiting_for
from oms_workflow.store.stock import StoredStock
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.store.warehouses import StoredWarehouses


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuote:
    """Where the pieces of one line come from that are not on their way yet."""

    line_id: str
    sku: str
    quote: Quote


async def quote_sku(
    unit: UnitOfWork, sku: str, pieces: int, destination: Destination, level: ServiceLevel, currency: str, at: datetime
) -> Quote:
    """Say when pieces of a SKU would arrive that are ordered now."""
    places = await StoredWarehouses(unit).candidates(destination, currency=currency, at=at)
    routes = await StoredDeliveryTimes(unit).routes(destination, level, [one.warehouse for one in places])
    return quote(
        pieces,
        await StoredStock(unit).balances([sku], list(routes)),
        await StoredArrivals(unit).expected([sku], list(routes)),
        await waiting_for(unit, sku),
        routes,
        at,
    )


async def quote_order(unit: UnitOfWork, order_id: str, at: datetime) -> tuple[OrderView, tuple[LineQuote, ...]]:
    """Say when the pieces of an order arrive that did not leave yet, from where they are reserved or announced."""
    view = await StoredOrders(unit).view(order_id)
    found = []
    for line in view.order.lines:
        places = view.quantities[line.id]
        wanted = places.open + places.allocated + places.backordered
        if wanted:
            sources = await _sources(unit, view, line.id, at)
            found.append(LineQuote(line_id=line.id, sku=line.sku, quote=Quote(asked=wanted, sources=sources)))
    return view, tuple(found)


async def _sources(unit: UnitOfWork, view: OrderView, line_id: str, at: datetime) -> tuple[Source, ...]:
    order = view.order
    claims = [one for one in await StoredStock(unit).claims(order.id) if one.line_id == line_id]
    coverage = [one for one in (await outlook_of(unit, order.line(line_id).sku)).coverage if one.line_id == line_id]
    arrivals = StoredArrivals(unit)
    coming = {one.receipt: await arrivals.get(one.receipt) for one in coverage if one.receipt}
    names = {one.warehouse for one in claims} | {one.warehouse for one in coming.values()}
    routes = await StoredDeliveryTimes(unit).routes(order.destination, order.service_level, names)
    found = [
        Source(warehouse=one.warehouse, quantity=held, estimate=safest_of(routes[one.warehouse], at))
        for one in claims
        if (held := one.reserved + one.allocated)
    ]
    for one in coverage:
        if one.receipt:
            receipt = coming[one.receipt]
            ways = routes[receipt.warehouse]
            estimate = safest_of(ways, at, receipt=receipt.id, expected_at=receipt.expected_at)
            found.append(
                Source(warehouse=receipt.warehouse, quantity=one.quantity, receipt=receipt.id, estimate=estimate)
            )
    return tuple(found)
