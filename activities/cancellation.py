"""Cancelling against shipping: ask the warehouses to stop, then decide once. Gives no money back."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfFulfilment, OfOrder
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.cancellation import CancelScope
from oms_workflow.domain.fulfilment import Fate, FulfilmentOrder, FulfilmentStatus, RequestStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.ports.warehouse_system import WarehouseSystem, WarehouseVerdict
from oms_workflow.domain.refusals import Refusal

AT_WORK = frozenset({RequestStatus.SUBMITTED, RequestStatus.ACCEPTED, RequestStatus.CANCEL_REQUESTED})


class AskedWarehouses(BaseModel):
    """What the warehouses said."""

    waiting: list[str] = Field(description="Fulfilment orders whose warehouse answers with a message")
    asked: int = Field(description="Fulfilment orders a warehouse worked on; 0 when nobody had to be asked")


class RequestNow(BaseModel):
    """What is known of a request to a warehouse."""

    stopped: bool = Field(description="True when the warehouse stopped in time")


class DecideCancellation(OfOrder):
    """A request to cancel."""

    scope: CancelScope = Field(
        CancelScope.WHOLE, description="whole: all or nothing; rest: what has not left; waiting: what is on backorder"
    )
    reason: str = Field(description="Why, in a word or two; no personal data")
    by: str = Field("buyer", description="Role that asked, never a person's name")


class Decided(BaseModel):
    """Who won, cancelling or shipping."""

    result: str = Field(
        description="cancelled: nothing goes out; partly: some does, or what others sent with it; too_late: all"
    )
    nothing_goes: bool = Field(description="True when no piece of this very order goes out, whatever it carries")
    pieces: int = Field(description="Pieces that were cancelled by this decision")
    stopped: list[str] = Field(description="Fulfilment orders that are not sent; their processes have to be told")
    shipping: list[str] = Field(description="Fulfilment orders that go out all the same")


@node_activity(
    "cancellation.ask_warehouses",
    title="Ask the warehouses to stop",
    title_zh="通知仓库拦截",
    queue=OUTSIDE_QUEUE,
)
async def ask_warehouses(
    cmd: OfOrder, fulfilments: Fulfilments, warehouse: WarehouseSystem, checkpoint: Checkpoint, call: Call
) -> AskedWarehouses:
    """Ask every warehouse that works on the order to stop, and note what it says at once.

    A second call asks with the same keys. Nobody is asked when no warehouse works on the order.
    """
    waiting, asked = [], 0
    for one in await fulfilments.of_order(cmd.order_id):
        if one.fate is not None or one.request_status not in AT_WORK:
            continue
        asked += 1
        key = f"{call.key}.{one.id}"
        await fulfilments.request(one.id, RequestStatus.CANCEL_REQUESTED, key=key, at=call.at)
        await checkpoint.commit()
        answer = await warehouse.cancel(one.id, key=key)
        if answer.verdict is WarehouseVerdict.PENDING:
            waiting.append(one.id)
            continue
        stops = answer.verdict is WarehouseVerdict.ACCEPTED
        said = RequestStatus.CANCEL_ACCEPTED if stops else RequestStatus.CANCEL_REJECTED
        await fulfilments.request(one.id, said, key=f"{key}.answer", at=call.at)
        await checkpoint.commit()
    return AskedWarehouses(waiting=waiting, asked=asked)


@node_activity(
    "cancellation.assume_shipping",
    title="Assume the warehouse ships",
    title_zh="仓库未回复按已发货处理",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT, Refusal.ILLEGAL_MOVE),
)
async def assume_shipping(cmd: OfFulfilment, fulfilments: Fulfilments, call: Call) -> RequestNow:
    """Count a warehouse's silence as a no. A second call, and an answer that came after all, change nothing."""
    now = await fulfilments.get(cmd.fulfilment_id)
    if now.fate is None:
        now = await fulfilments.request(cmd.fulfilment_id, RequestStatus.CANCEL_REJECTED, key=call.key, at=call.at)
    return RequestNow(stopped=now.fate is Fate.CANCEL)


@node_activity(
    "cancellation.decide",
    title="Decide the cancellation",
    title_zh="裁定取消",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def decide(cmd: DecideCancellation, orders: Orders, fulfilments: Fulfilments, call: Call) -> Decided:
    """Decide between cancelling and shipping, once: what is cancelled frees its stock in the same moment.

    A second call gives the same decision. When everything goes out already, it is too late: no error.
    """
    decision = await orders.cancel(
        cmd.order_id, scope=cmd.scope, reason=cmd.reason, by=cmd.by, key=call.key, at=call.at
    )
    lines = (await orders.view(cmd.order_id)).quantities.values()
    return Decided(
        result=decision.result.value,
        nothing_goes=not any(line.wanted for line in lines),
        pieces=sum(line.quantity for line in decision.cancelled),
        stopped=_cancelled(await fulfilments.of_order(cmd.order_id)),
        shipping=list(decision.shipping_fulfilments),
    )


def _cancelled(fulfilments: Iterable[FulfilmentOrder]) -> list[str]:
    return [one.id for one in fulfilments if one.status is FulfilmentStatus.CANCELLED]
