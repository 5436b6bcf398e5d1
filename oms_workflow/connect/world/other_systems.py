"""The simulated senders of messages, the risk service and the sales channels."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from oms_workflow.connect.world.calls import Act, Answer, Asked, deed, perform
from oms_workflow.connect.world.database import WorldDatabase, insert_new
from oms_workflow.connect.world.naming import order_of
from oms_workflow.connect.world.script.model import Channel
from oms_workflow.connect.world.tables import told
from oms_workflow.connect.world.visit import Laws, Visit
from oms_workflow.domain.audit import AuditFacts, Factor, RiskScore, risk_score
from oms_workflow.domain.ports.channel_write_back import (
    CancelledNews,
    ChannelAbilities,
    RefundedNews,
    ShippedNews,
    StockNews,
)
from oms_workflow.domain.ports.notification_gateway import Outgoing
from oms_workflow.domain.refusals import Refusal, refuse

ONE_NUMBER_A_LINE = Channel(several_numbers_per_line=False)
"""What Taobao and its kin can be told: a sub-order takes one tracking number (旺店通, getSyncListExt)."""

USUAL_CHANNELS: dict[str, Channel] = {"taobao": ONE_NUMBER_A_LINE, "tmall": ONE_NUMBER_A_LINE, "jd": ONE_NUMBER_A_LINE}


class SimulatedSenders:
    """`NotificationGateway` of the world."""

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def send(self, message: Outgoing, *, key: str) -> str:
        """See `NotificationGateway`."""
        asked = Asked(
            system="notification", operation="send", key=key, subject=order_of(message.notice_id),
            request=asdict(message),
        )  # fmt: skip

        def act(visit: Visit) -> Answer:
            sent = visit.name("msg_", key)
            deed(visit, asked, message.notice_id)
            return {"id": sent}

        return str((await perform(self._database, self._laws, asked, self._at, act))["id"])


class SimulatedRisk:
    """`RiskService` of the world: the house's own score, unless the script has another."""

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def score(self, facts: AuditFacts, *, key: str) -> RiskScore:
        """See `RiskService`. What was answered for a key stays the answer, even if the facts have changed since."""
        request = {"order": facts.order_id}
        asked = Asked(system="risk", operation="score", key=key, subject=facts.order_id, request=request)

        def act(visit: Visit) -> Answer:
            said = visit.said("risk")
            if said is None:
                return asdict(risk_score(facts))
            return {"score": said.score, "factors": [{"name": "script", "points": said.score, "why": said.why}]}

        found = await perform(self._database, self._laws, asked, self._at, act)
        return RiskScore(score=found["score"], factors=tuple(Factor(**one) for one in found["factors"]))


class SimulatedChannels:
    """`ChannelWriteBack` of the world."""

    def __init__(self, database: WorldDatabase, laws: Laws, at: datetime) -> None:
        self._database, self._laws, self._at = database, laws, at

    async def shipped(self, news: ShippedNews, *, key: str) -> None:
        """See `ChannelWriteBack`. A channel that takes one number for a sub-order refuses a second one."""
        await self._tell(
            "shipped", news.order_id, news, key, f"shipped {news.package_id} {news.order_id}", _note(self, news, key)
        )

    async def cancelled(self, news: CancelledNews, *, key: str) -> None:
        """See `ChannelWriteBack`."""
        await self._tell("cancelled", news.order_id, news, key, f"cancelled {news.order_id}")

    async def refunded(self, news: RefundedNews, *, key: str) -> None:
        """See `ChannelWriteBack`."""
        await self._tell("refunded", news.order_id, news, key, f"refunded {news.transaction_id}")

    async def stock(self, news: StockNews, *, key: str) -> None:
        """See `ChannelWriteBack`."""
        await self._tell("stock", "", news, key, f"stock {news.channel} {news.sku}")

    def abilities(self, channel: str) -> ChannelAbilities:
        """See `ChannelWriteBack`."""
        usual = USUAL_CHANNELS.get(channel, Channel())
        return ChannelAbilities(**self._laws.script.channels.get(channel, usual).model_dump())

    async def _tell(
        self, operation: str, subject: str, news: Any, key: str, thing: str, first: Act | None = None
    ) -> None:
        asked = Asked(system="channel", operation=operation, key=key, subject=subject, request=asdict(news))

        def act(visit: Visit) -> Answer:
            if first is not None:
                first(visit)
            deed(visit, asked, thing)
            return {}

        await perform(self._database, self._laws, asked, self._at, act)


def _note(channels: SimulatedChannels, news: ShippedNews, key: str) -> Act:
    several = channels.abilities(news.channel).several_numbers_per_line

    def note(visit: Visit) -> Answer:
        oids = [oid for oid, _ in news.pieces]
        known = select(told).where(
            told.c.order == news.order_id, told.c.oid.in_(oids), told.c.tracking_number != news.tracking_number
        )
        if not several and visit.connection.execute(known).first() is not None:
            raise refuse(
                Refusal.ORDER_MISMATCH,
                f"{news.channel} takes one tracking number for a sub-order, and one of order {news.order_id!r} has "
                f"another number already. Ask for the channel's abilities before a line is divided.",
            )
        rows = [
            {
                "order": news.order_id,
                "oid": oid,
                "tracking_number": news.tracking_number,
                "package": news.package_id,
                "key": key,
            }
            for oid in oids
        ]
        if rows:
            insert_new(visit.connection, told, rows)
        return {}

    return note
