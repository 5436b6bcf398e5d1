"""The outbox of notices in the database. Implements `ports.notices.Notices`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from oms_workflow.domain.identity import part_id
from oms_workflow.domain.notice import Notice, NoticeChannel, NoticeStatus
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_order
from oms_workflow.store.tables.people import notices
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredNotices:
    """Notices that wait to be sent."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    @once_per_key("notices.enqueue", Notice, agree="order_id template channel")
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
        """Put a notice into the outbox."""
        connection = await self.unit.writing()
        order = await lock_order(connection, order_id)
        taken = select(func.max(notices.c.number)).where(notices.c.order_id == order_id)
        number = ((await connection.execute(taken)).scalar_one() or 0) + 1
        row = {
            "id": part_id(order_id, "O", number),
            "order_id": order_id,
            "number": number,
            "customer_ref": "" if channel is NoticeChannel.CHAT else order["customer_ref"],
            "channel": channel.value,
            "template": template,
            "values": dict(values),
            "status": NoticeStatus.WAITING.value,
            "due": due or at,
            "at": at,
        }
        await connection.execute(insert(notices).values(**row))
        return await self._get(str(row["id"]))

    async def due(self, at: datetime, *, limit: int = 50) -> tuple[Notice, ...]:
        """Give waiting notices that are due, oldest first."""
        waiting = select(notices).where(notices.c.status == NoticeStatus.WAITING.value, notices.c.due <= at)
        return await self._all(waiting.order_by(notices.c.due, notices.c.id).limit(limit))

    async def sent(self, notice_id: str, *, at: datetime) -> Notice:
        """Note that it went out."""
        return await self._close(notice_id, status=NoticeStatus.SENT.value, last_error="")

    async def failed(self, notice_id: str, *, error: str, retry_at: datetime | None, at: datetime) -> Notice:
        """Note a failed attempt; None gives it up."""
        if retry_at is None:
            return await self._close(notice_id, status=NoticeStatus.FAILED.value, last_error=error)
        return await self._close(notice_id, due=retry_at, last_error=error)

    async def drop(self, order_id: str, template: str, *, at: datetime) -> int:
        """Drop waiting notices that are no longer true; gives how many."""
        connection = await self.unit.writing()
        mine = (notices.c.order_id == order_id) & (notices.c.template == template)
        waiting = update(notices).where(mine, notices.c.status == NoticeStatus.WAITING.value)
        return (await connection.execute(waiting.values(status=NoticeStatus.DROPPED.value))).rowcount

    async def of_order(self, order_id: str) -> tuple[Notice, ...]:
        """Give all notices of an order, oldest first."""
        return await self._all(select(notices).where(notices.c.order_id == order_id).order_by(notices.c.number))

    async def _all(self, statement: Any) -> tuple[Notice, ...]:
        async with self.unit.reading() as connection:
            return tuple(_notice(row) for row in (await connection.execute(statement)).mappings())

    async def _get(self, notice_id: str) -> Notice:
        found = await self._all(select(notices).where(notices.c.id == notice_id))
        if not found:
            raise refuse(Refusal.ILLEGAL_MOVE, f"There is no notice {notice_id!r}. Check the id.")
        return found[0]

    async def _close(self, notice_id: str, **values: Any) -> Notice:
        connection = await self.unit.writing()
        waiting = update(notices).where(notices.c.id == notice_id, notices.c.status == NoticeStatus.WAITING.value)
        await connection.execute(waiting.values(attempts=notices.c.attempts + 1, **values))
        return await self._get(notice_id)


def _notice(row: RowMapping) -> Notice:
    plain = ("id", "order_id", "customer_ref", "template", "values", "attempts", "due", "at", "last_error")
    return Notice(
        **{name: row[name] for name in plain},
        channel=NoticeChannel(row["channel"]),
        status=NoticeStatus(row["status"]),
    )
