"""Port to whatever sends e-mails, text messages and chat messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from oms_workflow.domain.notice import NoticeChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to go. Address and text are personal data and go nowhere but out."""

    notice_id: str
    channel: NoticeChannel
    to: str = field(repr=False)  # e-mail address, E.164 number or room
    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str = ""


class NotificationGateway(Protocol):
    """Sends messages."""

    async def send(self, message: Outgoing, *, key: str) -> str:
        """Send a message and give the sender's own id; the same `key` sends it once.

        Raises:
            OrderRefused: ADDRESS_REFUSED, when there is no such mailbox or number.
            WorldUnavailable: When it cannot be sent now.
        """
        ...
