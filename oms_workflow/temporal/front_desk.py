"""What comes in from outside: written down first, then told to the processes; staff's answers go to them directly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from oms_workflow import feel
from oms_workflow.connect.reception import staff
from oms_workflow.connect.reception.door import ports_for, receive
from oms_workflow.errors import OrderRefused
from oms_workflow.store.bindings import bind
from oms_workflow.store.database import Database
from oms_workflow.store.messages import Delivery
from oms_workflow.store.unit_of_work import UnitOfWork
from oms_workflow.temporal.dispatch import Dispatcher
from oms_workflow.temporal.hold_news import HoldNews
from oms_workflow.temporal.operating import Operator

log = structlog.get_logger("oms.front_desk")

NEVER_TAKEN = "DATA_REFUSED"  # the code of news that will not become right by being told again
STAFF = "simulated staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that is told from outside."""

    id: str
    kind: str  # `<system>.<what>`
    body: Mapping[str, Any]
    at: datetime  # UTC; the order's time
    private: Mapping[str, Any] = field(default_factory=dict, repr=False)  # personal data that belongs to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of news."""

    done: bool  # False: it has to be told again later
    remark: str = ""  # why nothing came of it, for people


class FrontDesk:
    """Takes news and staff's answers."""

    def __init__(self, database: Database, dispatcher: Dispatcher, operator: Operator) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._operator = operator
        self._hold_news = HoldNews(database, operator)

    async def take(self, news: News) -> Taken:
        """Take one piece of news; telling it again changes nothing.

        Raises:
            WorldUnavailable: When database or Temporal do not answer; it has to be told again.
        """
        try:
            return await self.hear(news)
        except OrderRefused as refused:
            final = refused.code == NEVER_TAKEN or news.kind.startswith("staff.")
            log.info("news not taken", kind=news.kind, code=refused.code, final=final)
            return Taken(done=final, remark=str(refused))

    async def hear(self, news: News) -> Taken:
        """Take one piece of news from somebody who waits for the answer.

        Raises:
            OrderRefused: When it cannot be taken.
            WorldUnavailable: When database or Temporal do not answer.
        """
        if news.kind.startswith("staff."):
            await self._answer(news)
            return Taken(done=True)
        taken, orders = await self._write_down(news)
        for order_id in orders if news.kind.startswith("hold.") else ():
            await self._hold_news.tell(order_id, by=str(news.body.get("by", "")), at=news.at)
        return taken

    async def _write_down(self, news: News) -> tuple[Taken, list[str]]:
        """Store it and carry its messages; gives the orders they are about, too."""
        deliveries: list[Delivery] = []
        async with UnitOfWork(self._database) as unit:
            ports = {port: bind(port, unit) for port in ports_for(news.kind)}
            received = await receive(news.kind, news.body, ports, private=news.private, at=news.at)
            for message in received.messages:
                variables = {name: feel.encode(feel.normalise(value)) for name, value in message.variables.items()}
                _, matched = await self._dispatcher.store(
                    unit, message.id, message.name, message.key, variables, at=news.at
                )
                deliveries += matched
            await unit.commit()
        await self._dispatcher.deliver(deliveries, at=news.at)
        about = dict.fromkeys(str(message.variables.get("order_id", "")) for message in received.messages)
        return Taken(done=True, remark=received.remark), list(about)

    async def _answer(self, news: News) -> None:
        if news.kind != "staff.task_answered":
            told = news.body
            await self._operator.resolve(
                told["instance"],
                told["incident"],
                told["action"],
                by=STAFF,
                variables=told.get("variables"),
                at=news.at,
            )
            return
        async with UnitOfWork(self._database) as unit:
            ports = {port: bind(port, unit) for port in staff.PORTS}
            answer = await staff.task_answered(news.body, ports, private=news.private, at=news.at)
            await unit.commit()
        await self._operator.complete(answer.instance, answer.token, answer.variables, by=STAFF, at=news.at)
