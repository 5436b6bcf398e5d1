"""Port to the outbox of notices: written with the change they tell of, sent by somebody else later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.notice import Notice, NoticeChannel


class Notices(Protocol):
    """Notices that wait to be sent."""

    async def enqueue(
        self,
        order_id: str,
        template: str,
        *,
        channel: NoticeChannel,
        values: Mapping[str, str],
        due: datetime | None = None,
        key: str,
        at: datetime,
    ) -> Notice:
        """Put a notice into the outbox; once per `key`.

        `values` hold no personal data: the sender takes names and numbers from the vault. `due` None means at once.
        """
        ...

    async def due(self, at: datetime, *, limit: int = 50) -> tuple[Notice, ...]:
        """Give waiting notices that are due, oldest first."""
        ...

    async def sent(self, notice_id: str, *, at: datetime) -> Notice:
        """Note that it went out."""
        ...

    async def failed(self, notice_id: str, *, error: str, retry_at: datetime | None, at: datetime) -> Notice:
        """Note a failed attempt; None gives it up."""
        ...

    async def drop(self, order_id: str, template: str, *, at: datetime) -> int:
        """Drop waiting notices that are no longer true; gives how many."""
        ...

    async def of_order(self, order_id: str) -> tuple[Notice, ...]:
        """Give all notices of an order, oldest first."""
        ...
