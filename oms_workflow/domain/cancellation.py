"""Cancelling: decided once against shipping. Whatever has the fate to ship goes out; all else can be cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CancelScope(StrEnum):
    """How much has to be cancellable."""

    WHOLE = "whole"  # all pieces, or none
    REST = "rest"  # whatever has not left
    WAITING = "waiting"  # what is on backorder; everything else goes on


class CancelResult(StrEnum):
    """Who won."""

    CANCELLED = "cancelled"  # nothing of the order goes out
    PARTLY = "partly"  # some of it goes out, the rest is cancelled
    TOO_LATE = "too_late"  # all of it goes out; a return is the way back


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledLine:
    """Pieces of a line that will not be sent."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelDecision:
    """The answer to one request to cancel; it stays what it is."""

    id: str
    order_id: str
    result: CancelResult
    cancelled: tuple[CancelledLine, ...]
    cancelled_fulfilments: tuple[str, ...]
    shipping_fulfilments: tuple[str, ...]  # these won against the cancellation
    reason: str
    by: str
    at: datetime  # UTC
