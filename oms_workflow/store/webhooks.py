"""Deliveries of webhooks that were seen, so that each is worked off once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.statements import insert_or
from oms_workflow.store.tables.traffic import webhook_deliveries
from oms_workflow.store.unit_of_work import UnitOfWork


class Webhooks:
    """Seen deliveries in the database."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def first_seen(self, source: str, delivery_id: str, *, digest: str, at: datetime) -> bool:
        """Note a delivery; True the first time. Commit it together with what it leads to.

        Args:
            source: The sender, e.g. `shopify:shop-1`.
            delivery_id: Its own id of the delivery.
            digest: Of the raw body.

        Raises:
            OrderRefused: ORDER_MISMATCH, when the id was seen with another body: it is not the same delivery.
        """
        connection = await self.unit.writing()
        row = insert_or(connection, webhook_deliveries).values(
            source=source, delivery_id=delivery_id, digest=digest, received_at=at
        )
        new = row.on_conflict_do_nothing().returning(webhook_deliveries.c.digest)
        if (await connection.execute(new)).scalar_one_or_none() is not None:
            return True
        mine = (webhook_deliveries.c.source == source) & (webhook_deliveries.c.delivery_id == delivery_id)
        before = (await connection.execute(select(webhook_deliveries.c.digest).where(mine))).scalar_one()
        if before != digest:
            raise refuse(
                Refusal.ORDER_MISMATCH,
                f"Delivery {delivery_id!r} of {source!r} came before with another body. Fetch the order from the "
                f"channel instead of trusting either.",
            )
        return False

    async def forget(self, before: datetime) -> int:
        """Delete what was seen before a moment; gives how many. Senders repeat for days, not for months."""
        connection = await self.unit.writing()
        old = delete(webhook_deliveries).where(webhook_deliveries.c.received_at < before)
        return (await connection.execute(old)).rowcount
