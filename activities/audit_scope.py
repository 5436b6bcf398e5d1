"""When an order is audited, and how much of it: how it came in, and what was changed since it was looked at."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.changes import MATTERS, matters_of
from oms_workflow.domain.ports.audits import Audits
from oms_workflow.domain.ports.customers import AuditFactsSource
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.refusals import Refusal


class Arrival(BaseModel):
    """How an order came in: what a table asks that decides whether its audit waits for late news."""

    channel: str
    service_level: str
    terms: str = Field(description="prepaid or on_delivery")
    origin: str
    paid: bool
    placed_at: datetime
    audited: bool = Field(description="True when it was audited before")


class ArrivalSeen(BaseModel):
    """Facts for the table that delays audits."""

    arrival: Arrival


class Scope(BaseModel):
    """What this audit looks at."""

    matters: list[str] = Field(description="risk, contact, address, blocklist, amount, velocity, remark; all at first")
    first: bool = Field(description="True for the first audit of the order")


@node_activity(
    "audit.see_arrival",
    title="See how the order came in",
    title_zh="查看来单情况",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def see_arrival(
    cmd: OfOrder, orders: Orders, source: AuditFactsSource, audits: Audits, call: Call
) -> ArrivalSeen:
    """See what decides whether the audit waits. Changes nothing, so a second call may see it paid."""
    order = await orders.get(cmd.order_id)
    facts = await source.of_order(cmd.order_id, at=call.at)
    arrival = Arrival(
        channel=order.channel,
        service_level=order.service_level.value,
        terms=order.terms.value,
        origin=order.origin.value,
        paid=facts.paid,
        placed_at=order.placed_at,
        audited=bool(await audits.of_order(cmd.order_id)),
    )
    return ArrivalSeen(arrival=arrival)


@node_activity(
    "audit.begin",
    title="Begin the audit",
    title_zh="确定审核范围",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def begin(cmd: OfOrder, audits: Audits, call: Call) -> Scope:
    """Note that the order is looked at from now on, and give what has to be looked at.

    The first audit looks at everything, a later one at what was changed since; without a change at everything again.
    A second call gives the same.
    """
    begun = await audits.begin(cmd.order_id, key=call.key, at=call.at)
    matters = matters_of(begun.changes) or MATTERS
    return Scope(matters=list(MATTERS if begun.is_first else matters), first=begun.is_first)
