"""What a channel or buyer changed after the order came in: name it, and take it over when that was decided."""

from __future__ import annotations

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.changes import NEEDS_AUDIT, Change, Stage, matters_of, too_late
from oms_workflow.domain.fulfilment import RequestStatus
from oms_workflow.domain.ports.audits import Audits
from oms_workflow.domain.ports.merges import Merges
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.refusals import Refusal


class ChangedOrder(OfOrder):
    """A change as message order.changed tells of it."""

    changes: int = Field(description="Bit mask of what changed", ge=0)


class FieldChange(BaseModel):
    """One field of a change."""

    field: str
    before: str
    after: str


class ChangeFacts(BaseModel):
    """What a decision table asks about a change."""

    kinds: list[str] = Field(description="What changed: address, goods, gift, price, service, remark, ...")
    needs_audit: bool = Field(description="True when the order has to be looked at again")
    audited: bool = Field(
        description="True when an audit of the order has begun; before, the audit to come sees it all"
    )
    matters: list[str] = Field(description="What is audited again: risk, contact, address, amount, ...; [] is nothing")
    fields: list[FieldChange] = Field(description="Each field before and after; addresses as regions and digests")
    too_late: list[str] = Field(description="Fields that are past their point of no return")
    stage: Stage = Field(
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
async def gather_facts(cmd: ChangedOrder, orders: Orders, merges: Merges, audits: Audits) -> ChangeFound:
    """Name what changed and how far the order is. Changes nothing, so a second call may see another stage."""
    found = Change(cmd.changes)
    view = await orders.view(cmd.order_id)
    idle = (RequestStatus.UNSUBMITTED, RequestStatus.REJECTED)
    at_work = any(one.is_active and one.request_status not in idle for one in view.fulfilments)
    left = any(line.shipped or line.written_off for line in view.quantities.values())
    over = view.cancelled_at is not None or view.completed_at is not None
    stage = Stage.OVER if over else Stage.SHIPPED if left else Stage.AT_WAREHOUSE if at_work else Stage.OPEN
    audited = bool(await audits.of_order(cmd.order_id))
    facts = ChangeFacts(
        kinds=_named(found),
        needs_audit=audited and bool(found & NEEDS_AUDIT),
        audited=audited,
        matters=list(matters_of(found)),
        fields=await _fields(audits, cmd.order_id, found),
        too_late=_named(too_late(found, stage)),
        stage=stage,
        merged=len(await merges.group(cmd.order_id)) > 1,
    )
    return ChangeFound(change=facts)


def _named(changed: Change) -> list[str]:
    return [kind.name.lower() for kind in Change if kind in changed and kind.name]


async def _fields(audits: Audits, order_id: str, changed: Change) -> list[FieldChange]:
    """Give the newest revision that asks for this, field by field."""
    asking = [one for one in await audits.revisions(order_id) if one.changes == changed and one.accepted_at is None]
    shown = asking[-1].differences if asking else ()
    return [FieldChange(field=one.field, before=one.before, after=one.after) for one in shown]


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
