"""The one door for everything that is told from outside: finds who takes it. Stores and publishes nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from oms_workflow.connect.reception import buyer, carrier, goods_back, holding, payment, stock, warehouse
from oms_workflow.connect.reception.body import refused
from oms_workflow.connect.reception.message import Received
from oms_workflow.domain.ports.arrivals import Arrivals
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.ports.shipments import Shipments, Tracking
from oms_workflow.domain.ports.stock import Stock

NOTHING: Mapping[str, Any] = MappingProxyType({})


Take = Callable[..., Awaitable[Received]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who takes a kind of news, and what it needs for that."""

    take: Take  # (what, body, ports, at=), and private= where it takes personal data
    ports: tuple[type, ...]
    takes_private: bool = False


_PAYMENT = Desk(payment.receive, (PaymentLedger, Orders))
_WAREHOUSE = Desk(warehouse.receive, (Fulfilments, Shipments))
_BUYER = Desk(buyer.receive, (Orders, Customers, Returns), takes_private=True)

KINDS: dict[str, Desk] = {
    **{f"payment.{what}": _PAYMENT for what in (*payment.KIND, "failed")},
    **{f"warehouse.{what}": _WAREHOUSE for what in warehouse.NEWS},
    "warehouse.return_received": Desk(goods_back.receive, (Returns,)),
    "carrier.reported": Desk(carrier.receive, (Tracking, Shipments)),
    **{f"buyer.{what}": _BUYER for what in buyer.WISHES},
    **{f"hold.{what}": Desk(holding.receive, holding.PORTS) for what in holding.DEEDS},
    "stock.received": Desk(stock.receive, (Stock,)),
    "stock.arrived": Desk(stock.arrive, (Arrivals, Stock)),
}
"""Everything that can be told, by kind. Staff's answers are no news about the shop: they go to the process itself."""


def ports_for(kind: str) -> tuple[type, ...]:
    """Give the domain ports that taking this kind needs.

    Raises:
        OrderRefused: DATA_REFUSED, when nobody takes it.
    """
    return _desk(kind).ports


async def receive(
    kind: str,
    body: Mapping[str, Any],
    ports: Mapping[type, Any],
    *,
    private: Mapping[str, Any] = NOTHING,
    at: datetime,
) -> Received:
    """Check what was told, write it down through the domain's ports, and give the messages to publish.

    Call it in one unit of work that also stores the messages. When it raises, undo the unit of work: keep the body
    aside when the code is DATA_REFUSED; for every other code have it told again later, since what it builds on may
    not have come in yet; give it to a person when that does not help.

    Args:
        kind: `<system>.<what>`, as in `Callback.kind`.
        body: In the wire shape of its system; not trusted.
        ports: Implementations by port; `ports_for` says which are needed.
        private: Personal data that belongs to the body; it goes to the vault and nowhere else.
        at: The time of the order, UTC.

    Raises:
        OrderRefused: The news cannot be taken, with code and reason.
    """
    desk = _desk(kind)
    what = kind.partition(".")[2]
    more = {"private": private} if desk.takes_private else {}
    return await desk.take(what, body, ports, at=at, **more)


def _desk(kind: str) -> Desk:
    desk = KINDS.get(kind)
    if desk is None:
        raise refused("Nobody here takes news of this kind.")
    return desk
