"""Port to the log of audits and changes: what was looked at when, and what was wanted otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.changes import Change
from oms_workflow.domain.differences import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBegun:
    """One audit, as it began."""

    id: str
    order_id: str
    changes: Change  # what was taken over since the audit before; 0 for the first one, which looks at everything
    is_first: bool
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionSeen:
    """One change that came in."""

    id: str
    changes: Change
    differences: tuple[Difference, ...]
    at: datetime
    accepted_at: datetime | None  # None: not taken over, or not yet


class Audits(Protocol):
    """Audits and revisions of orders. Nothing in here is ever changed or deleted."""

    async def begin(self, order_id: str, *, key: str, at: datetime) -> AuditBegun:
        """Note that an order is looked at from now on, with what was changed since it was looked at before.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def of_order(self, order_id: str) -> tuple[AuditBegun, ...]:
        """Give all audits of an order, oldest first."""
        ...

    async def revisions(self, order_id: str) -> tuple[RevisionSeen, ...]:
        """Give all changes of an order that came in, oldest first."""
        ...
