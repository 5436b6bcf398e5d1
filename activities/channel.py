"""Telling the sales channels what became of their orders. After a merge every order gets its own news."""

from __future__ import annotations

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.shipping.contents import by_order
from activities.subjects import OfFulfilment, OfOrder
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.bundle import as_sold, broken_up
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import TransactionKind, TransactionStatus
from oms_workflow.domain.ports.channel_write_back import CancelledNews, ChannelWriteBack, RefundedNews, ShippedNews
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.shipments import Shipments
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.shipment import Package, Shipment


class CancelledGoods(OfOrder):
    """Why goods will not come."""

    reason: str = Field(description="Why, in a word or two; no personal data")


class Told(BaseModel):
    """What was told."""

    news: int = Field(description="Pieces of news that went out; 0 when there was nothing to tell")


@node_activity(
    "channel.tell_shipped",
    title="Tell the channel: shipped",
    title_zh="回传发货",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.ORDER_MISMATCH),
    queue=OUTSIDE_QUEUE,
)
async def tell_shipped(
    cmd: OfFulfilment, fulfilments: Fulfilments, shipments: Shipments, orders: Orders, channels: ChannelWriteBack
) -> Told:
    """Tell every channel the tracking numbers of its sub-orders, one piece of news for each order and parcel.

    A second call tells with the same keys, which count once. Nothing is told before the hand-over.
    """
    fulfilment = await fulfilments.get(cmd.fulfilment_id)
    told = 0
    for shipment in await shipments.of_fulfilment(fulfilment.id):
        if shipment.handed_over_at is None:
            continue
        for package in shipment.packages:
            for order_id, pieces in by_order(package.pieces).items():
                order = await orders.get(order_id)
                told_of = as_sold(order, pieces, await _sent_before(order, shipment, package, shipments))
                if not told_of:  # a part of a bundle: it counts when the parcel leaves that completes it
                    continue
                news = ShippedNews(
                    order_id=order.id,
                    channel=order.channel,
                    external_id=order.external_id,
                    package_id=package.id,
                    carrier=package.carrier,
                    tracking_number=package.tracking_number,
                    pieces=told_of,
                    at=shipment.handed_over_at,
                )
                await channels.shipped(news, key=f"{package.id}/{order.id}/shipped")
                told += 1
    return Told(news=told)


@node_activity(
    "channel.tell_cancelled",
    title="Tell the channel: cancelled",
    title_zh="回传取消",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
    queue=OUTSIDE_QUEUE,
)
async def tell_cancelled(cmd: CancelledGoods, orders: Orders, channels: ChannelWriteBack, call: Call) -> Told:
    """Tell the channel which pieces will not be sent. A second call tells with the same key, which counts once."""
    view = await orders.view(cmd.order_id)
    pieces = {name: ledger.cancelled for name, ledger in view.quantities.items() if ledger.cancelled}
    if not pieces:
        return Told(news=0)
    order = view.order
    news = CancelledNews(
        order_id=order.id,
        channel=order.channel,
        external_id=order.external_id,
        pieces=as_sold(order, broken_up(order, pieces)),
        reason=cmd.reason,
    )
    await channels.cancelled(news, key=call.key)
    return Told(news=1)


@node_activity(
    "channel.tell_refunded",
    title="Tell the channel: refunded",
    title_zh="回传退款",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
    queue=OUTSIDE_QUEUE,
)
async def tell_refunded(cmd: OfOrder, orders: Orders, ledger: PaymentLedger, channels: ChannelWriteBack) -> Told:
    """Tell the channel of every refund that went out. A second call tells with the same keys, which count once."""
    order = await orders.get(cmd.order_id)
    told = 0
    for one in await ledger.ledger(cmd.order_id):
        if one.kind is TransactionKind.REFUND and one.status is TransactionStatus.SUCCEEDED:
            news = RefundedNews(
                order_id=order.id,
                channel=order.channel,
                external_id=order.external_id,
                transaction_id=one.id,
                amount=one.amount,
            )
            await channels.refunded(news, key=f"{one.id}/refunded")
            told += 1
    return Told(news=told)


async def _sent_before(order: Order, shipment: Shipment, package: Package, shipments: Shipments) -> dict[str, int]:
    """Count the pieces of an order's bundles that left in earlier parcels; {} for an order without bundles."""
    if not any(line.per_bundle for line in order.lines):
        return {}
    mine = shipment.handed_over_at, package.id
    counted: dict[str, int] = {}
    for one in await shipments.of_order(order.id):
        for each in one.packages if one.handed_over_at is not None else ():
            if (one.handed_over_at, each.id) < mine:
                for line_id, quantity in each.pieces:
                    counted[line_id] = counted.get(line_id, 0) + quantity
    return counted
