"""Everything outside the shop, as fakes: what was asked is kept by key, what is answered is set by the test."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from oms_workflow.domain.audit import AuditFacts, Factor, RiskScore
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind
from oms_workflow.domain.ports.carrier_gateway import CarrierGateway, Label, LabelRequest
from oms_workflow.domain.ports.channel_write_back import ChannelAbilities, ChannelWriteBack
from oms_workflow.domain.ports.notification_gateway import NotificationGateway, Outgoing
from oms_workflow.domain.ports.order_processes import OrderProcesses
from oms_workflow.domain.ports.payment_provider import (
    PaymentProvider,
    ProviderAnswer,
    ProviderRequest,
    ProviderVerdict,
)
from oms_workflow.domain.ports.rebalancing import BatchPlanner
from oms_workflow.domain.ports.risk_service import RiskService
from oms_workflow.domain.ports.warehouse_system import (
    AnnouncedReturn,
    WarehouseAnswer,
    WarehouseOrder,
    WarehouseSystem,
    WarehouseVerdict,
)
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.domain.tracking import TrackingEvent
from oms_workflow.errors import WorldUnavailable
from oms_workflow.optimise.planning import SolvedBatches


@dataclass
class Effects:
    """What happened outside: one effect for each key, however often it was asked for."""

    asked: list[tuple[str, str]] = field(default_factory=list)  # (operation, key), every call
    done: dict[str, Any] = field(default_factory=dict)  # key -> answer
    down: bool = False  # nothing answers
    lose_answers: int = 0  # so many calls act, and then do not answer

    def once(self, operation: str, key: str, act: Callable[[], Any]) -> Any:
        """Act once for a key; give the same answer again afterwards."""
        self.asked.append((operation, key))
        if self.down:
            raise WorldUnavailable(f"{operation} does not answer")
        if key not in self.done:
            self.done[key] = act()
        if self.lose_answers:
            self.lose_answers -= 1
            raise WorldUnavailable(f"the answer of {operation} was lost")
        return self.done[key]

    def keys(self, operation: str) -> list[str]:
        """Give the keys an operation was asked with, each once."""
        return list(dict.fromkeys(key for name, key in self.asked if name == operation))


class FakeProvider:
    """A payment provider that says yes unless told otherwise."""

    name = "fake"

    def __init__(self) -> None:
        self.effects = Effects()
        self.verdict = ProviderVerdict.SUCCEEDED
        self.requests: list[ProviderRequest] = []

    async def authorise(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        return self._answer("authorise", request, key)

    async def capture(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        return self._answer("capture", request, key)

    async def void(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        return self._answer("void", request, key)

    async def refund(self, request: ProviderRequest, *, key: str) -> ProviderAnswer:
        return self._answer("refund", request, key)

    async def look_up(self, kind: TransactionKind, *, key: str) -> ProviderAnswer | None:
        return self.effects.done.get(key)

    def _answer(self, operation: str, request: ProviderRequest, key: str) -> ProviderAnswer:
        def act() -> ProviderAnswer:
            self.requests.append(request)
            code = "insufficient_funds" if self.verdict is ProviderVerdict.DECLINED else ""
            return ProviderAnswer(verdict=self.verdict, provider_ref=f"{operation} {key}", code=code)

        answer: ProviderAnswer = self.effects.once(operation, key, act)
        return answer


class FakeCarrier:
    """Carriers that book everything unless told otherwise."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.refuses: set[int] = set()  # numbers of parcels
        self.has_already = False
        self.repeats_itself = False  # every parcel gets the same tracking number
        self.labels: list[LabelRequest] = []
        self.reports: list[TrackingEvent] = []
        self.costs: list[Money] = []  # of the next labels; without any the carrier bills later
        self._numbers = itertools.count(1)

    async def label(self, request: LabelRequest, *, key: str) -> Label:
        def act() -> Label:
            self.labels.append(request)
            number = 1 if self.repeats_itself else next(self._numbers)
            cost = self.costs.pop(0) if self.costs else None
            return Label(tracking_number=f"{request.carrier}-{number}", label_ref=f"label {key}", cost=cost)

        if request.parcel in self.refuses:
            raise refuse(Refusal.ADDRESS_REFUSED, "The carrier does not go there.")
        label: Label = self.effects.once("label", key, act)
        return label

    async def cancel_label(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        return bool(self.effects.once("cancel_label", key, lambda: not self.has_already))

    async def track(self, carrier: str, tracking_number: str) -> tuple[TrackingEvent, ...]:
        self.effects.asked.append(("track", tracking_number))
        return tuple(replace(one, carrier=carrier, tracking_number=tracking_number) for one in self.reports)

    async def intercept(self, carrier: str, tracking_number: str, *, key: str) -> bool:
        return True


class FakeWarehouse:
    """A warehouse system that accepts at once unless told otherwise."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.verdict = WarehouseVerdict.ACCEPTED
        self.orders: list[WarehouseOrder] = []
        self.returns: list[AnnouncedReturn] = []

    async def submit(self, order: WarehouseOrder, *, key: str) -> WarehouseAnswer:
        return self._answer("submit", key, lambda: self.orders.append(order))

    async def cancel(self, fulfilment_id: str, *, key: str) -> WarehouseAnswer:
        return self._answer("cancel", key, lambda: None)

    async def announce_return(self, announced: AnnouncedReturn, *, key: str) -> WarehouseAnswer:
        return self._answer("announce_return", key, lambda: self.returns.append(announced))

    def _answer(self, operation: str, key: str, note: Callable[[], Any]) -> WarehouseAnswer:
        def act() -> WarehouseAnswer:
            note()
            return WarehouseAnswer(verdict=self.verdict, code="no_capacity" if self.verdict == "rejected" else "")

        answer: WarehouseAnswer = self.effects.once(operation, key, act)
        return answer


class FakeGateway:
    """Sends everything unless told otherwise."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.sent: list[Outgoing] = []
        self.no_such_mailbox = False

    async def send(self, message: Outgoing, *, key: str) -> str:
        if self.no_such_mailbox:
            raise refuse(Refusal.ADDRESS_REFUSED, "There is no such mailbox.")
        return str(self.effects.once("send", key, lambda: self.sent.append(message)))


class FakeRisk:
    """Scores what it is told to."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.score_given = 7

    async def score(self, facts: AuditFacts, *, key: str) -> RiskScore:
        factors = (Factor(name="test", points=self.score_given, why="the test says so"),)
        return self.effects.once("score", key, lambda: RiskScore(score=self.score_given, factors=factors))


class FakeChannels:
    """Sales channels that keep what they are told, once for each key."""

    def __init__(self) -> None:
        self.effects = Effects()
        self.told: list[Any] = []
        self.knows_the_order = True
        self.can = ChannelAbilities(several_numbers_per_line=True, partial_shipment=True, cancel_lines=True)

    async def shipped(self, news: Any, *, key: str) -> None:
        if not self.knows_the_order:
            raise refuse(Refusal.ORDER_MISMATCH, "The channel does not know the order.")
        self.effects.once("shipped", key, lambda: self.told.append(news))

    async def cancelled(self, news: Any, *, key: str) -> None:
        self.effects.once("cancelled", key, lambda: self.told.append(news))

    async def refunded(self, news: Any, *, key: str) -> None:
        self.effects.once("refunded", key, lambda: self.told.append(news))

    async def stock(self, news: Any, *, key: str) -> None:
        self.effects.once("stock", key, lambda: self.told.append(news))

    def abilities(self, channel: str) -> ChannelAbilities:
        return self.can


class FakeProcesses:
    """Processes that were started, by order."""

    def __init__(self) -> None:
        self.started: dict[str, datetime] = {}

    async def start(self, order_id: str, at: datetime) -> bool:
        if order_id in self.started:
            return False
        self.started[order_id] = at
        return True


class Outside:
    """One fake for each port to the outside."""

    def __init__(self) -> None:
        self.provider = FakeProvider()
        self.carrier = FakeCarrier()
        self.warehouse = FakeWarehouse()
        self.gateway = FakeGateway()
        self.risk = FakeRisk()
        self.channels = FakeChannels()
        self.processes = FakeProcesses()

    def ports(self) -> dict[type, Any]:
        """Give the fakes by the port they stand for."""
        return {
            PaymentProvider: self.provider,
            CarrierGateway: self.carrier,
            WarehouseSystem: self.warehouse,
            NotificationGateway: self.gateway,
            RiskService: self.risk,
            ChannelWriteBack: self.channels,
            OrderProcesses: self.processes,
            BatchPlanner: SolvedBatches(),
        }
