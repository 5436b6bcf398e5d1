"""Pieces no warehouse holds: they wait, are looked for again, are counted when goods came. Promises nothing itself.

An order that leads others after a merge acts for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.stock import Claim, Stock, Warehouses
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.status import OrderView


class Waiting(BaseModel):
    """What waits for goods to arrive."""

    waiting: int = Field(description="Pieces that are on backorder now")


class TakenUp(BaseModel):
    """What is looked for again."""

    reopened: int = Field(description="Pieces that were on backorder and are open again")


class InStock(BaseModel):
    """What could be promised if it were asked for now."""

    wanted: int = Field(description="Pieces of the order that nobody promised yet, those on backorder included")
    available: int = Field(description="Of these, pieces that lie unpromised in some warehouse")
    lacking: list[str] = Field(description="Orders the wanted pieces belong to: this one, or orders that go with it")


@node_activity(
    "allocation.backorder",
    title="Put missing goods on backorder",
    title_zh="缺货转预订",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def backorder(cmd: OfOrder, orders: Orders, stock: Stock, merges: Merges, call: Call) -> Waiting:
    """Let every open piece without a reservation wait for goods to arrive.

    A second call finds none and changes nothing, and so does an order with nothing open.
    """
    waiting = 0
    for member in await merges.group(cmd.order_id):
        view = await orders.view(member)
        missing = _unpromised(view, await stock.claims(member))
        if missing:
            await orders.backorder(member, missing, key=f"{call.key}.{member}", at=call.at)
        waiting += sum(missing.values()) + sum(line.backordered for line in view.quantities.values())
    return Waiting(waiting=waiting)


@node_activity(
    "allocation.take_up",
    title="Take backorder up again",
    title_zh="重新处理预订缺货",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def take_up(cmd: OfOrder, orders: Orders, merges: Merges, call: Call) -> TakenUp:
    """Open backordered pieces again, so that stock is looked for anew. A second call finds none on backorder."""
    reopened = 0
    for member in await merges.group(cmd.order_id):
        view = await orders.view(member)
        pieces = {name: line.backordered for name, line in view.quantities.items() if line.backordered}
        if pieces:
            await orders.reopen(member, pieces, key=f"{call.key}.{member}", at=call.at)
        reopened += sum(pieces.values())
    return TakenUp(reopened=reopened)


@node_activity(
    "allocation.check_stock",
    title="Check stock again",
    title_zh="复查库存",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def check_stock(
    cmd: OfOrder, orders: Orders, stock: Stock, warehouses: Warehouses, merges: Merges, call: Call
) -> InStock:
    """Count how many waiting pieces are there now. Promises nothing, so a second call may count differently."""
    order = await orders.get(cmd.order_id)
    candidates = await warehouses.candidates(order.destination, currency=order.currency, at=call.at)
    wanted: dict[str, int] = {}
    lacking: list[str] = []
    for member in await merges.group(cmd.order_id):
        view = await orders.view(member)
        missing = _unpromised(view, await stock.claims(member))
        needed = {line.id: missing.get(line.id, 0) + view.quantities[line.id].backordered for line in view.order.lines}
        for line in view.order.lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + needed[line.id]
        lacking += [member] if any(needed.values()) else []
    there: dict[str, int] = {}
    for balance in await stock.balances(wanted, [one.warehouse for one in candidates]):
        there[balance.sku] = there.get(balance.sku, 0) + balance.available
    return InStock(
        wanted=sum(wanted.values()),
        available=sum(min(quantity, there.get(sku, 0)) for sku, quantity in wanted.items()),
        lacking=lacking,
    )


def _unpromised(view: OrderView, claims: Iterable[Claim]) -> dict[str, int]:
    """Open pieces of each line for which nothing is reserved; lines without any are left out."""
    reserved: dict[str, int] = {}
    for claim in claims:
        reserved[claim.line_id] = reserved.get(claim.line_id, 0) + claim.reserved
    missing = {name: line.open - reserved.get(name, 0) for name, line in view.quantities.items()}
    return {name: quantity for name, quantity in missing.items() if quantity > 0}
