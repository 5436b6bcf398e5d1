"""What suppliers and other warehouses bring: goods on a shelf, and the orders that have waited for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oms_workflow.connect.reception.body import Id, OptionalId, Pieces, SomePieces, Told, read, refused
from oms_workflow.connect.reception.message import Received, message
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.stock import Stock


class StockBody(Told):
    """Goods that were put on a shelf."""

    sku: Id
    warehouse: Id
    quantity: SomePieces
    reference: OptionalId = ""


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take goods in and tell the orders that wait for them, those with the highest priority first.

    Args:
        what: `received`.
        ports: Holds Stock.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_WAREHOUSE.
    """
    told = read(StockBody, body, at=at)
    stock: Stock = ports[Stock]
    key = f"stock/{told.event}"
    await stock.receive(told.sku, told.warehouse, told.quantity, reason=told.reference or "receipt", key=key, at=at)
    return await _tell_waiting(stock, told.sku, told.event)


class ArrivedBody(Told):
    """Announced goods that came."""

    receipt: Id
    quantity: SomePieces
    damaged: Pieces = 0


async def arrive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take announced goods in and tell the orders that wait for them, those with the highest priority first.

    Args:
        what: `arrived`.
        ports: Holds Arrivals and Stock.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_RECEIPT; QUANTITY_EXCEEDED.
    """
    told = read(ArrivedBody, body, at=at)
    if told.damaged > told.quantity:
        raise refused("damaged: more pieces than came.")
    arrivals: Arrivals = ports[Arrivals]
    key = f"stock/{told.event}"
    now = await arrivals.arrive(told.receipt, told.quantity, damaged=told.damaged, key=key, at=at)
    return await _tell_waiting(ports[Stock], now.sku, told.event)


async def _tell_waiting(stock: Stock, sku: str, event: str) -> Received:
    waiting = await stock.waiting_orders([sku])
    return Received(
        messages=tuple(message("stock.arrived", order, event, order_id=order) for order in waiting),
        remark="" if waiting else "No order waits for these goods.",
    )
