"""The order as a whole: how it stands, where it goes, its end, and the start of an order the shop made itself."""

from __future__ import annotations

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.order_processes import OrderProcesses
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import Returns
from oms_workflow.domain.refusals import Refusal


class OrderNow(BaseModel):
    """How an order stands at this moment. Derived each time, never stored."""

    status: str = Field(description="One word for the whole order: open, on_hold, shipped, completed, ...")
    payment: str = Field(description="unpaid, authorised, paid, refunded, ...")
    fulfilment: str = Field(description="unfulfilled, backordered, allocated, shipped, delivered, ...")
    returning: str = Field(description="none, requested, partly_returned, returned")
    channel: str = Field(description="Sales channel")
    service_level: str = Field(description="standard, express or vip")
    priority: int = Field(description="1 first, 5 last")
    origin: str = Field(description="channel, manual, import, exchange, reissue")
    to_ship: int = Field(description="Pieces that have yet to leave the house")
    shipped: int = Field(description="Pieces that left")
    delivered: int = Field(description="Pieces that arrived")
    cancelled: int = Field(description="Pieces that will not be sent")
    written_off: int = Field(description="Pieces that were lost on the way")
    holds: list[str] = Field(description="Kinds of the holds that block something")


class SetAddress(OfOrder):
    """Where the order goes instead."""

    customer_ref: str | None = Field(
        None, description="Reference of the corrected contact in the vault; empty: it goes where it went before"
    )


class AddressSet(BaseModel):
    """Where the order goes now, as coarse as routing needs it."""

    country: str = Field(description="ISO 3166-1 alpha-2")
    region: str = Field(description="Province or state; '' when unknown")


class Completed(BaseModel):
    """How the order ended."""

    status: str = Field(description="Its derived status: completed, cancelled, returned, ...")
    exchange_for: str = Field(description="Return whose new goods these were; '' for any other order")
    followers: list[str] = Field(description="Orders that were merged into it and end with it")


class Started(BaseModel):
    """What came of starting an order's process."""

    started: bool = Field(description="False when it was under way already")


@node_activity(
    "orders.look", title="Look at the order", title_zh="查看订单状态", errors=may_refuse(Refusal.UNKNOWN_ORDER)
)
async def look(cmd: OfOrder, orders: Orders) -> OrderNow:
    """Say how an order stands. Changes nothing, so a second call may see another state."""
    view = await orders.view(cmd.order_id)
    ledgers = view.quantities.values()
    return OrderNow(
        status=view.status.value,
        payment=view.payment.value,
        fulfilment=view.fulfilment.value,
        returning=view.returning.value,
        channel=view.order.channel,
        service_level=view.order.service_level.value,
        priority=view.order.priority,
        origin=view.order.origin.value,
        to_ship=sum(line.to_ship for line in ledgers),
        shipped=sum(line.shipped for line in ledgers),
        delivered=sum(line.delivered for line in ledgers),
        cancelled=sum(line.cancelled for line in ledgers),
        written_off=sum(line.written_off for line in ledgers),
        holds=list(dict.fromkeys(hold.kind.value for hold in view.holds if hold.is_blocking)),
    )


@node_activity(
    "orders.set_address",
    title="Send the order elsewhere",
    title_zh="更新收货地址",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.UNKNOWN_CUSTOMER, Refusal.ILLEGAL_MOVE, Refusal.ORDER_CANCELLED),
)
async def set_address(cmd: SetAddress, orders: Orders, customers: Customers, call: Call) -> AddressSet:
    """Let the order go to a contact of the vault. A second call, or no reference, changes nothing more.

    Refused once a warehouse works on the order, or while it is merged with others.
    """
    if cmd.customer_ref is None:
        place = (await orders.get(cmd.order_id)).destination
        return AddressSet(country=place.country, region=place.region)
    record = await customers.record(cmd.customer_ref)
    order = await orders.set_address(
        cmd.order_id,
        cmd.customer_ref,
        record.address_digest,
        (record.country, record.region, record.city),
        key=call.key,
        at=call.at,
    )
    return AddressSet(country=order.destination.country, region=order.destination.region)


@node_activity(
    "orders.complete",
    title="Complete the order",
    title_zh="完成订单",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.ILLEGAL_MOVE),
)
async def complete(cmd: OfOrder, orders: Orders, merges: Merges, returns: Returns, call: Call) -> Completed:
    """Note that the order's process reached its end. A second call gives the same answer.

    Refused while pieces have yet to leave the house.
    """
    status = await orders.complete(cmd.order_id, key=call.key, at=call.at)
    order = await orders.get(cmd.order_id)
    made_for = [one.id for one in await returns.of_order(order.parent) if one.exchange_order == order.id]
    leader, *followers = await merges.group(cmd.order_id)
    return Completed(
        status=status.value,
        exchange_for=made_for[0] if made_for else "",
        followers=followers if leader == cmd.order_id else [],
    )


@node_activity("orders.start_process", title="Start an order the shop made", title_zh="启动新订单流程")
async def start_process(cmd: OfOrder, processes: OrderProcesses, call: Call) -> Started:
    """Set the process of an order going that the shop made itself. A second call finds it under way."""
    return Started(started=await processes.start(cmd.order_id, call.at))
