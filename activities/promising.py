"""Promises to buyers whose goods have yet to come: revised when those goods come later, sooner or not at all.

The notice is written with the revision it tells, in one transaction; sending is somebody else's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from activities.texts import language_of, notice_text
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.backorder_promise import PromiseRevision, parts_of, revise
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.notice import NoticeChannel
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.delivery_times import DeliveryTimes
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.promises import Promises, WaitingOrder
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused

KNOWN, LATER, SOONER, UNKNOWN = "promise_known", "promise_later", "promise_sooner", "promise_unknown"
TEMPLATES = frozenset({KNOWN, LATER, SOONER, UNKNOWN})
"""Texts that are chosen here, because a revision and its notice are written together; no diagram names them."""


class RevisePromises(BaseModel):
    """How many promises to revise in one go."""

    orders: int = Field(500, description="Most orders whose promise is revised; the next call does the others", ge=1)


class Revised(BaseModel):
    """One promise that is another one now."""

    order_id: str = Field(description="Order")
    number: int = Field(description="Number of the revision, from 1")
    reason: str = Field(description="Why: postponed, overdue, given_up, announced, sooner, overtaken, ...")
    day: str = Field(description="Day that is promised now, ISO 8601; empty: none can be said")
    told: bool = Field(description="Whether the buyer is told")


class RevisedPromises(BaseModel):
    """What changed."""

    waiting: int = Field(description="Orders that wait for goods")
    revised: list[Revised] = Field(description="Promises that are other ones now")


@node_activity("promise.revise", title="Revise promises of goods to come", title_zh="修订缺货到货承诺")
async def revise_promises(
    cmd: RevisePromises,
    promises: Promises,
    times: DeliveryTimes,
    customers: Customers,
    notices: Notices,
    checkpoint: Checkpoint,
    call: Call,
) -> RevisedPromises:
    """Compare promises to all who wait with when their goods come now; note each revision with its reason.

    A buyer who knows another day is told, once for each revision. Each order is committed by itself, so that nobody
    waits for all of them. A second call finds nothing new; with nobody waiting nothing happens.
    """
    waiting = await promises.waiting()
    revised: list[Revised] = []
    for one in waiting:
        if len(revised) >= cmd.orders:
            break
        made = await _revision(one, times, call.at)
        if made is None or not await promises.add(made):
            continue
        told = made.matters and await _tell(one, made, promises, customers, notices, call.at)
        await checkpoint.commit()
        day = made.day.isoformat() if made.day else ""
        revised.append(
            Revised(order_id=made.order_id, number=made.number, reason=made.reason.value, day=day, told=told)
        )
    return RevisedPromises(waiting=sum(bool(one.coverage) for one in waiting), revised=revised)


async def _revision(one: WaitingOrder, times: DeliveryTimes, at: datetime) -> PromiseRevision | None:
    order = one.order
    places = {receipt.warehouse for receipt in one.receipts.values()}
    routes = await times.routes(order.destination, order.service_level, places)
    return revise(one.history, order.id, parts_of(one.coverage, one.receipts, routes, at), one.receipts, at)


async def _tell(
    one: WaitingOrder, made: PromiseRevision, promises: Promises, customers: Customers, notices: Notices, at: datetime
) -> bool:
    """Put the notice of a revision into the outbox; False when the buyer left no way to be reached."""
    contact = await _contact(one.order.customer_ref, customers)
    if contact is None or not (contact.email or contact.phone):
        return False
    template, values = _text(one.history, made)
    values = {"order": one.order.number, **values}
    notice_text(template, language_of(contact.language, contact.address.country), {**values, "name": ""})
    notice = await notices.enqueue(
        made.order_id,
        template,
        channel=NoticeChannel.EMAIL if contact.email else NoticeChannel.SMS,
        values=values,
        key=f"promise/{made.order_id}/{made.number}",
        at=at,
    )
    await promises.told(made.order_id, made.number, notice.id)
    return True


def _text(history: Iterable[PromiseRevision], made: PromiseRevision) -> tuple[str, Mapping[str, str]]:
    """Choose what to say: a first day, a later or sooner one, or that there is none any more."""
    before = next((one.day for one in reversed(list(history)) if one.matters), None)
    if made.day is None:
        return UNKNOWN, {"before": before.isoformat() if before else ""}
    if before is None:
        return KNOWN, {"day": made.day.isoformat()}
    template = LATER if made.day > before else SOONER
    return template, {"day": made.day.isoformat(), "before": before.isoformat()}


async def _contact(customer_ref: str, customers: Customers) -> Contact | None:
    try:
        return await customers.contact(customer_ref)
    except OrderRefused as refused:
        if refused.code != Refusal.UNKNOWN_CUSTOMER:
            raise
        return None  # erased on request: nobody is left to tell
