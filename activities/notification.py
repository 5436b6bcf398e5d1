"""Telling buyers and staff. What is to be said goes into the outbox first, so that no failure to send loses it.

A notice that cannot be sent never stops an order: it waits, or is given up, and the answer says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from activities.texts import LANGUAGES, Text, language_of, notice_text
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.notice import Notice, NoticeChannel, NoticeStatus
from oms_workflow.domain.ports.customers import Customers
from oms_workflow.domain.ports.notices import Notices
from oms_workflow.domain.ports.notification_gateway import NotificationGateway, Outgoing
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused, WorldUnavailable

AGAIN_AFTER = timedelta(minutes=5)  # the first retry of a notice; each further one waits twice as long
GIVE_UP_AFTER = 6  # attempts: after about five hours a notice is old news

State = Literal["sent", "waiting", "failed", "dropped"]

_OVER: dict[NoticeStatus, State] = {
    NoticeStatus.SENT: "sent",
    NoticeStatus.FAILED: "failed",
    NoticeStatus.DROPPED: "dropped",
}


class NotifyBuyer(OfOrder):
    """What the buyer is told."""

    template: str = Field(description="Key of the text in processes/texts")
    values: dict[str, str] = Field(default_factory=dict, description="What the text fills in; no personal data")


class NotifyStaff(NotifyBuyer):
    """What people of the shop are told."""

    role: str = Field(description="Role whose chat gets it, such as 'warehouse-lead'")


class Notified(BaseModel):
    """What became of it."""

    state: State = Field(description="waiting: it is sent later; failed: given up; dropped: there is no way to reach")


class DropNotice(OfOrder):
    """What need not be said any more."""

    template: str = Field(description="Key of the text in processes/texts")


class Dropped(BaseModel):
    """What was dropped."""

    dropped: int = Field(description="Notices that waited and will not be sent")


class SendWaiting(BaseModel):
    """How many notices to send."""

    limit: int = Field(50, description="At most so many", ge=1, le=500)


class Sent(BaseModel):
    """What was sent."""

    sent: int = Field(description="Notices that went out")
    left: int = Field(description="Notices that could not be sent now")


@node_activity(
    "notification.notify_buyer",
    title="Tell the buyer",
    title_zh="通知买家",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
    queue=OUTSIDE_QUEUE,
)
async def notify_buyer(
    cmd: NotifyBuyer,
    orders: Orders,
    customers: Customers,
    notices: Notices,
    gateway: NotificationGateway,
    checkpoint: Checkpoint,
    call: Call,
) -> Notified:
    """Send the buyer a text by e-mail or, without an address, by text message, in the buyer's language.

    A second call sends nothing twice. A buyer who left neither address nor number, or was erased, gets nothing.
    """
    order = await orders.get(cmd.order_id)
    contact = await _contact(order.customer_ref, customers)
    way = _way(contact)
    if contact is None or way is None:
        return Notified(state="dropped")
    values = {"order": order.number, **cmd.values}
    notice_text(cmd.template, language_of(contact.language, contact.address.country), values | {"name": ""})
    notice = await notices.enqueue(cmd.order_id, cmd.template, channel=way, values=values, key=call.key, at=call.at)
    await checkpoint.commit()
    return Notified(state=await _send(notice, _to_buyer(notice, contact), notices, gateway, call.at))


@node_activity(
    "notification.notify_staff",
    title="Tell the people in charge",
    title_zh="通知负责人",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
    queue=OUTSIDE_QUEUE,
)
async def notify_staff(
    cmd: NotifyStaff, orders: Orders, notices: Notices, gateway: NotificationGateway, checkpoint: Checkpoint, call: Call
) -> Notified:
    """Write into the chat of a role, in both languages. A second call writes nothing twice."""
    order = await orders.get(cmd.order_id)
    values = {"order": order.number, **cmd.values, "role": cmd.role}
    for language in LANGUAGES:
        notice_text(cmd.template, language, values)
    notice = await notices.enqueue(
        cmd.order_id, cmd.template, channel=NoticeChannel.CHAT, values=values, key=call.key, at=call.at
    )
    await checkpoint.commit()
    return Notified(state=await _send(notice, _to_staff(notice), notices, gateway, call.at))


@node_activity("notification.drop", title="Drop a notice that is no longer true", title_zh="撤下过期通知")
async def drop(cmd: DropNotice, notices: Notices, call: Call) -> Dropped:
    """Take a waiting notice out of the outbox. A second call, or one that was sent already, drops nothing."""
    return Dropped(dropped=await notices.drop(cmd.order_id, cmd.template, at=call.at))


@node_activity("notification.send_waiting", title="Send waiting notices", title_zh="补发通知", queue=OUTSIDE_QUEUE)
async def send_waiting(
    cmd: SendWaiting,
    orders: Orders,
    customers: Customers,
    notices: Notices,
    gateway: NotificationGateway,
    checkpoint: Checkpoint,
    call: Call,
) -> Sent:
    """Send what is due in the outbox. A second call finds less to send; an empty outbox is no error."""
    sent = left = 0
    for notice in await notices.due(call.at, limit=cmd.limit):
        if notice.channel is NoticeChannel.CHAT:
            outgoing = _to_staff(notice)
        else:
            contact = await _contact((await orders.get(notice.order_id)).customer_ref, customers)
            if contact is None:
                await notices.failed(notice.id, error="UNKNOWN_CUSTOMER", retry_at=None, at=call.at)
                await checkpoint.commit()
                continue
            outgoing = _to_buyer(notice, contact)
        if await _send(notice, outgoing, notices, gateway, call.at) == "sent":
            sent += 1
        else:
            left += 1
        await checkpoint.commit()
    return Sent(sent=sent, left=left)


async def _send(
    notice: Notice, outgoing: Outgoing, notices: Notices, gateway: NotificationGateway, at: datetime
) -> State:
    if notice.status in _OVER:
        return _OVER[notice.status]
    try:
        await gateway.send(outgoing, key=notice.id)
    except OrderRefused as refused:
        await notices.failed(notice.id, error=refused.code or "REFUSED", retry_at=None, at=at)
        return "failed"
    except WorldUnavailable:
        again = at + AGAIN_AFTER * 2**notice.attempts if notice.attempts + 1 < GIVE_UP_AFTER else None
        await notices.failed(notice.id, error="UNAVAILABLE", retry_at=again, at=at)
        return "waiting" if again else "failed"
    await notices.sent(notice.id, at=at)
    return "sent"


async def _contact(customer_ref: str, customers: Customers) -> Contact | None:
    try:
        return await customers.contact(customer_ref)
    except OrderRefused as refused:
        if refused.code != Refusal.UNKNOWN_CUSTOMER:
            raise
        return None  # erased on request: nobody is left to tell


def _way(contact: Contact | None) -> NoticeChannel | None:
    if contact is None or not (contact.email or contact.phone):
        return None
    return NoticeChannel.EMAIL if contact.email else NoticeChannel.SMS


def _to_buyer(notice: Notice, contact: Contact) -> Outgoing:
    language = language_of(contact.language, contact.address.country)
    text = notice_text(notice.template, language, {**notice.values, "name": contact.name})
    to = contact.email if notice.channel is NoticeChannel.EMAIL else contact.phone
    return _outgoing(notice, to, text, language)


def _to_staff(notice: Notice) -> Outgoing:
    english, chinese = (notice_text(notice.template, language, notice.values) for language in LANGUAGES)
    both = Text(
        subject=f"{english.subject} / {chinese.subject}",
        body=f"{english.body}\n{chinese.body}",
    )
    return _outgoing(notice, notice.values["role"], both, "en, zh")


def _outgoing(notice: Notice, to: str, text: Text, language: str) -> Outgoing:
    return Outgoing(
        notice_id=notice.id, channel=notice.channel, to=to, subject=text.subject, body=text.body, language=language
    )
