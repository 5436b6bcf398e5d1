"""What an audit looks at: a tidied contact, facts about order and buyer, the risk in them. Decision tables decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.bpmn.work import RetryPolicy
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.audit import AuditFacts, risk_score
from oms_workflow.domain.contact_check import contact_problems, tidy
from oms_workflow.domain.customer import Contact
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.ports.customers import AuditFactsSource, Customers
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.risk_service import RiskService
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused, WorldUnavailable


class OrderFacts(BaseModel):
    """Facts a decision table may ask about. Counts are empty where the buyer is not known."""

    channel: str
    service_level: str
    terms: str = Field(description="prepaid or on_delivery")
    origin: str
    total: Decimal
    currency: str
    paid: bool
    paid_difference: Decimal = Field(description="Paid less due: a voucher or a cent")
    lines: int
    pieces: int
    highest_unit_price: Decimal
    discount_percent: int
    gifts: int
    sellers: int
    country: str
    region: str
    address_known: bool
    remarks: int
    remark_intents: list[str]
    orders_of_buyer: int | None = Field(description="Ever, this one not counted")
    orders_of_buyer_1h: int | None
    orders_of_buyer_24h: int | None
    orders_to_address_1h: int | None
    orders_to_address_24h: int | None
    buyers_at_address_30d: int | None
    orders_of_phone_24h: int | None
    cancelled_of_buyer_90d: int | None
    returns_of_buyer_90d: int | None
    spent_of_buyer_24h: Decimal | None = Field(description="Totals of the buyer's orders of a day, in this currency")
    spent_to_address_24h: Decimal | None = Field(description="The same for all orders to the address")
    undelivered_at_address_180d: int | None = Field(description="Parcels to the address that came back or were lost")
    blocked: list[str] = Field(description="What the blocklist knows the order by: address, buyer, email, phone")
    blocked_reasons: list[str] = Field(description="Why, as the blocklist says")


class Cleaned(BaseModel):
    """What could be tidied, and what could not."""

    problems: list[str] = Field(description="What a person should look at: phone.missing, street.unreadable, ...")
    blocking: int = Field(description="How many of them keep the goods from being delivered")
    tidied: bool = Field(description="True when the contact was brought into one spelling by this call")


class FactsFound(BaseModel):
    """Facts for the table that audits orders."""

    facts: OrderFacts
    holds: list[str] = Field(description="Kinds of the holds that are on the order already")


class Scored(BaseModel):
    """The risk in an order."""

    risk: int = Field(description="0 nothing suspicious, 100 the most")
    risk_reasons: list[str] = Field(description="What added to it, the heaviest first")
    scored_by: Literal["risk service", "own rules"] = Field(
        description="own rules: the service did not answer, so its stand-in did"
    )


@node_activity(
    "audit.clean_order",
    title="Clean the order's data",
    title_zh="清洗订单数据",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def clean_order(cmd: OfOrder, orders: Orders, customers: Customers, call: Call) -> Cleaned:
    """Bring phone number and address into one spelling and list what is wrong with them, in codes without the text.

    A second call finds them tidy. Without a contact in the vault that is the one problem.
    """
    order = await orders.get(cmd.order_id)
    try:
        contact = await customers.contact(order.customer_ref)
    except OrderRefused as refused:
        if refused.code != Refusal.UNKNOWN_CUSTOMER:
            raise
        return Cleaned(problems=["contact.missing"], blocking=1, tidied=False)
    neat = tidy(contact)
    tidied = neat != contact and await _send_there(order, neat, orders, customers, call)
    problems = contact_problems(neat)
    return Cleaned(
        problems=[one.code for one in problems], blocking=sum(1 for one in problems if one.blocks), tidied=tidied
    )


async def _send_there(order: Order, contact: Contact, orders: Orders, customers: Customers, call: Call) -> bool:
    """Let the order go to the tidied contact; False when it is too far along for that."""
    record = await customers.keep(contact, channel=order.channel, buyer_id="", key=call.key, at=call.at)
    place = (record.country, record.region, record.city)
    try:
        await orders.set_address(order.id, record.customer_ref, record.address_digest, place, key=call.key, at=call.at)
    except OrderRefused as refused:
        if refused.code not in (Refusal.ILLEGAL_MOVE, Refusal.ORDER_CANCELLED):
            raise
        return False
    return True


@node_activity(
    "audit.gather_facts",
    title="Gather facts about the order",
    title_zh="汇总审核信息",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
)
async def gather_facts(cmd: OfOrder, source: AuditFactsSource, call: Call) -> FactsFound:
    """Count what an audit asks about. Changes nothing, so a second call may count differently."""
    found = await source.of_order(cmd.order_id, at=call.at)
    return FactsFound(facts=_shown(found), holds=list(found.open_holds))


@node_activity(
    "audit.score_risk",
    title="Score the risk",
    title_zh="风险评分",
    errors=may_refuse(Refusal.UNKNOWN_ORDER),
    retry=RetryPolicy(attempts=3),
    queue=OUTSIDE_QUEUE,
)
async def score_risk(cmd: OfOrder, source: AuditFactsSource, service: RiskService, call: Call) -> Scored:
    """Ask the risk service; while it does not answer, score by the rules of the house, so that no order waits for it.

    A second call asks with the same key.
    """
    facts = await source.of_order(cmd.order_id, at=call.at)
    scored_by: Literal["risk service", "own rules"] = "risk service"
    try:
        score = await service.score(facts, key=call.key)
    except WorldUnavailable:
        score, scored_by = risk_score(facts), "own rules"
    factors = sorted(score.factors, key=lambda factor: -factor.points)
    return Scored(risk=score.score, risk_reasons=[factor.why for factor in factors], scored_by=scored_by)


def _shown(found: AuditFacts) -> OrderFacts:
    values = {name: getattr(found, name) for name in OrderFacts.model_fields if name != "currency"}
    plain = {
        name: value.amount if isinstance(value, Money) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
    return OrderFacts(**plain, currency=found.total.currency)
