"""Messages to buyers and staff, as they wait to be sent. Holds references, never names or numbers of persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeChannel(StrEnum):
    """By what way a notice goes out."""

    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"  # staff channel


class NoticeStatus(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # given up
    DROPPED = "dropped"  # no longer true, or the buyer does not want it


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message that has to go out."""

    id: str
    order_id: str
    customer_ref: str  # '' for staff
    channel: NoticeChannel
    template: str  # key of the text
    values: Mapping[str, str]  # what the text fills in; no personal data
    status: NoticeStatus
    attempts: int
    due: datetime  # UTC; not before this
    at: datetime  # UTC
    last_error: str = ""
