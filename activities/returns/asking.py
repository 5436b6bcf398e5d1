"""A wish to give goods or money back: what decides about it, and the shop's first word. Books no goods."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.contents import goods_of, value_of
from activities.subjects import OfReturn
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.ports.customers import AuditFactsSource
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.ports.warehouse_system import AnnouncedReturn, WarehouseLine, WarehouseSystem
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.returns import NEEDS_GOODS, Acceptance, Reception, Return, ReturnRequestLine, ReturnType
from oms_workflow.domain.status import OrderView


class WishFacts(BaseModel):
    """What a decision table asks about a return."""

    kind: str = Field(description="return, exchange, refund_without_return, refund_before_shipping, price_protection")
    reason: str = Field(description="The buyer's reason in a word: does_not_fit, damaged, wrong_item, ...")
    pieces: int
    value: Decimal = Field(description="What the buyer paid for the pieces")
    currency: str
    days_since_delivery: int | None = Field(description="Whole days since the last parcel arrived; empty: none did")
    whole_order: bool = Field(description="True when nothing of the order stays with the buyer")
    service_level: str
    returns_of_buyer_90d: int = Field(description="Earlier returns of this buyer; 0 when the buyer is not known")


class WishFound(BaseModel):
    """Facts for the table that judges a return."""

    order_id: str = Field(description="Order the goods belong to")
    wish: WishFacts


class Announced(BaseModel):
    """What the warehouse said."""

    verdict: Literal["accepted", "rejected", "pending"] = Field(description="Whether it takes the goods in")
    warehouse: str = Field(description="Where the goods are to go")


class Refusing(OfReturn):
    """Why it is refused."""

    note: str = Field("", description="Why, for people; no personal data")


class Closed(BaseModel):
    """How a return stands after the shop's word."""

    return_id: str = Field(description="The return that counts from now on; a new one when the goods may be kept")
    pieces: int = Field(description="Pieces it settles; 0 when it is refused or expired")


@node_activity(
    "returns.gather_facts",
    title="Gather facts of the return",
    title_zh="汇总退货信息",
    errors=may_refuse(Refusal.UNKNOWN_RETURN),
)
async def gather_facts(
    cmd: OfReturn, returns: Returns, orders: Orders, shipments: Shipments, facts: AuditFactsSource, call: Call
) -> WishFound:
    """Say what the return is decided by. Changes nothing, so a second call may count differently."""
    wish = await returns.get(cmd.return_id)
    view = await orders.view(wish.order_id)
    buyer = await facts.of_order(wish.order_id, at=call.at)
    pieces = [(item.line_id, item.quantity) for item in wish.items]
    goods = await goods_of(pieces, orders)
    found = WishFacts(
        kind=wish.type.value,
        reason=wish.reason,
        pieces=sum(quantity for _, quantity in pieces),
        value=value_of(goods, view.order.currency).amount,
        currency=view.order.currency,
        days_since_delivery=_days(await _arrived(wish, shipments), call.at),
        whole_order=_nothing_stays(view),
        service_level=view.order.service_level.value,
        returns_of_buyer_90d=buyer.returns_of_buyer_90d or 0,
    )
    return WishFound(order_id=wish.order_id, wish=found)


async def _arrived(wish: Return, shipments: Shipments) -> datetime | None:
    wanted = {item.line_id for item in wish.items}
    moments = [
        package.delivered_at
        for shipment in await shipments.of_order(wish.order_id)
        for package in shipment.packages
        if package.delivered_at is not None and wanted & {line_id for line_id, _ in package.pieces}
    ]
    return max(moments, default=None)


def _days(since: datetime | None, at: datetime) -> int | None:
    return None if since is None else max(0, (at - since).days)


def _nothing_stays(view: OrderView) -> bool:
    return all(line.wanted == line.return_announced + line.written_off for line in view.quantities.values())


@node_activity(
    "returns.announce",
    title="Announce the return to the warehouse",
    title_zh="通知仓库收退货",
    errors=may_refuse(Refusal.UNKNOWN_RETURN),
    queue=OUTSIDE_QUEUE,
)
async def announce(
    cmd: OfReturn, returns: Returns, fulfilments: Fulfilments, orders: Orders, warehouse: WarehouseSystem, call: Call
) -> Announced:
    """Tell the warehouse the goods came from what will come back. A second call announces with the same key, once."""
    wish = await returns.get(cmd.return_id)
    order = await orders.get(wish.order_id)
    lines = tuple(
        WarehouseLine(line_id=item.line_id, sku=order.line(item.line_id).sku, quantity=item.quantity)
        for item in wish.items
    )
    place = await _came_from(wish, fulfilments)
    answer = await warehouse.announce_return(
        AnnouncedReturn(return_id=wish.id, warehouse=place, lines=lines), key=call.key
    )
    return Announced(verdict=answer.verdict.value, warehouse=place)


async def _came_from(wish: Return, fulfilments: Fulfilments) -> str:
    """The warehouse that sent most of the lines; by name when two sent as many."""
    wanted = {item.line_id for item in wish.items}
    sent: dict[str, int] = {}
    for one in await fulfilments.of_order(wish.order_id):
        if one.is_active:
            mine = sum(line.quantity for line in one.lines if line.line_id in wanted)
            sent[one.warehouse] = sent.get(one.warehouse, 0) + mine
    return min(sent, key=lambda name: (-sent[name], name))


@node_activity(
    "returns.refuse",
    title="Refuse the return",
    title_zh="拒绝退货",
    errors=may_refuse(Refusal.UNKNOWN_RETURN, Refusal.ILLEGAL_MOVE),
)
async def refuse_return(cmd: Refusing, returns: Returns, call: Call) -> Closed:
    """Say no: its pieces may be announced anew. A second call finds it refused.

    Goods that are on their way already are awaited all the same; what was accepted cannot be refused any more.
    """
    wish = await returns.get(cmd.return_id)
    pending = [item for item in wish.items if item.acceptance is not Acceptance.REJECTED]
    if pending:
        verdicts = {item.id: Acceptance.REJECTED for item in pending}
        wish = await returns.judge(wish.id, verdicts, note=cmd.note, key=call.key, at=call.at)
    if all(item.reception is Reception.AWAITING for item in wish.items):
        await returns.close_waiting(wish.id, Reception.CANCELLED, key=call.key, at=call.at)
    return Closed(return_id=wish.id, pieces=0)


@node_activity(
    "returns.expire",
    title="End the wait for the goods",
    title_zh="退货超时关闭",
    errors=may_refuse(Refusal.UNKNOWN_RETURN),
)
async def expire(cmd: OfReturn, returns: Returns, call: Call) -> Closed:
    """Stop waiting for what did not come. A second call, and a return that came in full, change nothing."""
    closed = await returns.close_waiting(cmd.return_id, Reception.EXPIRED, key=call.key, at=call.at)
    return Closed(return_id=closed.id, pieces=closed.received)


@node_activity(
    "returns.let_keep",
    title="Refund without the goods",
    title_zh="免退货退款",
    errors=may_refuse(Refusal.UNKNOWN_RETURN, Refusal.ILLEGAL_MOVE, Refusal.QUANTITY_EXCEEDED),
)
async def let_keep(cmd: OfReturn, returns: Returns, call: Call) -> Closed:
    """Accept a return whose goods the buyer keeps, or that never left; one that awaits goods is replaced by such a one.

    A second call gives the same return.
    """
    wish = await returns.get(cmd.return_id)
    if wish.type in NEEDS_GOODS:
        wish = await _replace(wish, returns, call)
    pending = [item for item in wish.items if item.acceptance is not Acceptance.ACCEPTED]
    if pending:
        verdicts = {item.id: Acceptance.ACCEPTED for item in pending}
        wish = await returns.judge(wish.id, verdicts, note="goods stay with the buyer", key=call.key, at=call.at)
    return Closed(return_id=wish.id, pieces=sum(item.quantity for item in wish.items))


async def _replace(wish: Return, returns: Returns, call: Call) -> Return:
    await returns.close_waiting(wish.id, Reception.CANCELLED, key=call.key, at=call.at)
    wanted = [ReturnRequestLine(line_id=item.line_id, quantity=item.quantity) for item in wish.items]
    return await returns.open(
        wish.order_id, ReturnType.REFUND_WITHOUT_RETURN, wanted, reason=wish.reason, key=call.key, at=call.at
    )
