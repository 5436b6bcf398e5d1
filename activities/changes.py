"""What a channel or buyer changed after the order came in: name it, and take it over when that was decided."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.changes import NEEDS_AUDIT, Change
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.refusals import Refusal


class ChangedOrder(OfOrder):
    """A change as message order.changed tells of it."""

    changes: int = Field(description="Bit mask of what changed", ge=0)


class ChangeFacts(BaseModel):
    """What a decision table asks about a change."""

    kinds: list[str] = Field(description="What changed: address, goods, gift, price, service, remark, ...")
    needs_audit: bool = Field(description="True when the order has to be looked at again")
    stage: Literal["open", "at_warehouse", "shipped", "over"] = Field(
        description="open: nobody works on it; at_warehouse; shipped: something has left; over: cancelled or completed"
    )
    merged: bool = Field(description="True when it goes together with other orders")


class ChangeFound(BaseModel):
    """Facts for the table that judges a change."""

    change: ChangeFacts


class AcceptChange(OfOrder):
    """Which change is taken over."""

    revision: str = Field(description="Revision, such as 'taobao:2201.V1'")


class ChangeAccepted(BaseModel):
    """The order after the change."""

    service_level: str = Field(description="standard, express or vip")
    priority: int = Field(description="1 first, 5 last")


@node_activity(
    "changes.gather_facts",
    title="See what was changed",
    title_zh="识别变更内容",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def gather_facts(cmd: ChangedOrder, orders: Orders, merges: Merges) -> ChangeFound:
    """Name what changed and how far the order is. Changes nothing, so a second call may see another stage."""
    found = Change(cmd.changes)
    view = await orders.view(cmd.order_id)
    idle = (RequestStatus.UNSUBMITTED, RequestStatus.REJECTED)
    at_work = any(one.is_active and one.request_status not in idle for one in view.fulfilments)
    left = any(line.shipped or line.written_off for line in view.quantities.values())
    over = view.cancelled_at is not None or view.completed_at is not None
    stage: Literal["open", "at_warehouse", "shipped", "over"] = (
        "over" if over else "shipped" if left else "at_warehouse" if at_work else "open"
    )
    facts = ChangeFacts(
        kinds=[kind.name.lower() for kind in Change if kind in found and kind.name],
        needs_audit=bool(found & NEEDS_AUDIT),
        stage=stage,
        merged=len(await merges.group(cmd.order_id)) > 1,
    )
    return ChangeFound(change=facts)


@node_activity(
    "changes.accept",
    title="Take the change over",
    title_zh="接受变更",
    errors=may_refuse(
        Refusal.UNKNOWN_ORDER,
        Refusal.ORDER_CANCELLED,
        Refusal.GOODS_CHANGED,
        Refusal.STALE_VERSION,
        Refusal.ILLEGAL_MOVE,
    ),
)
async def accept(cmd: AcceptChange, orders: Orders, call: Call) -> ChangeAccepted:
    """Take a stored change over. A second call finds it taken over.

    Refused when it asks for other goods, when a newer change was taken over, or when it comes too late for an address.
    """
    order = await orders.accept_revision(cmd.order_id, cmd.revision, key=call.key, at=call.at)
    return ChangeAccepted(service_level=order.service_level.value, priority=order.priority)
