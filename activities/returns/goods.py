"""Goods that came back: count them, judge them, and make the order with new goods for an exchange. Pays nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.refusals import may_refuse
from activities.subjects import OfReturn
from oms_workflow.catalog.declaration import Call, node_activity
from oms_workflow.domain.exchange import NewGoods
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Line, Order
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.returns import ReceivedPieces, Returns
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.returns import Acceptance, Condition, Reception, Return, ReturnItem, is_entitled


class Counted(BaseModel):
    """What was counted of one item."""

    item_id: str = Field(description="Item of the return")
    quantity: int = Field(description="Pieces that were there; 0 when nothing of it was", ge=0)
    condition: Condition = Field(Condition.SELLABLE, description="sellable pieces go back on the shelf")


class ReceiveGoods(OfReturn):
    """What a person counted, where no warehouse system does."""

    warehouse: str = Field(description="Where the goods are")
    counted: list[Counted] = Field(description="One entry for each item that was looked at")


class Inspect(OfReturn):
    """How damaged goods are judged."""

    accept_damaged: bool = Field(False, description="True when the shop answers for the damage, by its return policy")


class Judge(OfReturn):
    """What a person says about goods that need a judgement."""

    verdict: Literal["accept", "reject"] = Field(description="For everything that is not judged yet")
    note: str = Field("", description="What was found, for people; no personal data")


class Judged(BaseModel):
    """How the pieces of a return stand."""

    received: int = Field(description="Pieces that came back")
    accepted: int = Field(description="Pieces that may be refunded or exchanged")
    rejected: int = Field(description="Pieces that may not")
    to_judge: int = Field(description="Pieces a person has to look at")


class WantedGoods(BaseModel):
    """Goods the buyer wants instead."""

    sku: str
    quantity: int = Field(ge=1)
    unit_price: Decimal = Field(ge=0)


class MakeExchange(OfReturn):
    """What the buyer gets."""

    goods: list[WantedGoods] = Field(
        default_factory=list, description="New goods; empty: the same goods again, for what was paid for them"
    )


class ExchangeMade(BaseModel):
    """The order with the new goods."""

    exchange_order: str = Field(description="Order with the new goods; its process has to be started")
    to_pay: Decimal = Field(description="What the buyer still owes for it")
    to_refund: Decimal = Field(description="What the shop still owes for the goods that came back")
    currency: str = Field(description="ISO 4217 code of both amounts")


@node_activity(
    "returns.receive",
    title="Count what came back",
    title_zh="清点退货",
    errors=may_refuse(
        Refusal.UNKNOWN_RETURN, Refusal.UNKNOWN_WAREHOUSE, Refusal.QUANTITY_EXCEEDED, Refusal.ILLEGAL_MOVE
    ),
)
async def receive(cmd: ReceiveGoods, returns: Returns, call: Call) -> Judged:
    """Book what was counted; sellable pieces are on the shelf at once. A second call books nothing twice."""
    counted = [
        ReceivedPieces(item_id=one.item_id, quantity=one.quantity, condition=one.condition) for one in cmd.counted
    ]
    return _judged(await returns.receive(cmd.return_id, cmd.warehouse, counted, key=call.key, at=call.at))


@node_activity(
    "returns.inspect",
    title="Judge by condition",
    title_zh="按品相初判",
    errors=may_refuse(Refusal.UNKNOWN_RETURN),
)
async def inspect(cmd: Inspect, returns: Returns, call: Call) -> Judged:
    """Accept received pieces in sound condition; leave the others to a person, unless the shop answers for the damage.

    A second call finds them judged. Without received pieces there is nothing to judge.
    """
    wish = await returns.get(cmd.return_id)
    verdicts = {
        item.id: Acceptance.ACCEPTED
        if cmd.accept_damaged or item.condition is Condition.SELLABLE
        else Acceptance.MANUAL_INTERVENTION_REQUIRED
        for item in wish.items
        if item.reception is Reception.RECEIVED and item.acceptance is Acceptance.PENDING
    }
    if verdicts:
        wish = await returns.judge(wish.id, verdicts, note="judged by condition", key=call.key, at=call.at)
    return _judged(wish)


@node_activity(
    "returns.judge",
    title="Note the judgement",
    title_zh="登记判定结果",
    errors=may_refuse(Refusal.UNKNOWN_RETURN),
)
async def judge(cmd: Judge, returns: Returns, call: Call) -> Judged:
    """Note what a person says about all pieces that need a judgement. A second call finds none that do."""
    wish = await returns.get(cmd.return_id)
    verdict = Acceptance.ACCEPTED if cmd.verdict == "accept" else Acceptance.REJECTED
    verdicts = {item.id: verdict for item in wish.items if _needs_judgement(item)}
    if verdicts:
        wish = await returns.judge(wish.id, verdicts, note=cmd.note, key=call.key, at=call.at)
    return _judged(wish)


@node_activity(
    "returns.make_exchange",
    title="Make the order with the new goods",
    title_zh="生成换货单",
    errors=may_refuse(Refusal.UNKNOWN_RETURN, Refusal.ILLEGAL_MOVE),
)
async def make_exchange(cmd: MakeExchange, returns: Returns, orders: Orders, call: Call) -> ExchangeMade:
    """Store the order with the new goods; the accepted pieces pay for it. A second call gives the same order.

    Refused when nothing is received and accepted.
    """
    wish = await returns.get(cmd.return_id)
    order = await orders.get(wish.order_id)
    new = tuple(_new(order, one) for one in cmd.goods) or _same_again(order, wish)
    made = await returns.exchange(cmd.return_id, new, key=call.key, at=call.at)
    return ExchangeMade(
        exchange_order=made.order.id,
        to_pay=made.to_pay.amount,
        to_refund=made.to_refund.amount,
        currency=made.order.currency,
    )


def _judged(wish: Return) -> Judged:
    def pieces(*verdicts: Acceptance) -> int:
        return sum(item.quantity for item in wish.items if item.acceptance in verdicts)

    return Judged(
        received=wish.received,
        accepted=sum(item.quantity for item in wish.items if is_entitled(wish.type, item)),
        rejected=pieces(Acceptance.REJECTED),
        to_judge=sum(item.quantity for item in wish.items if _needs_judgement(item)),
    )


def _needs_judgement(item: ReturnItem) -> bool:
    open_verdict = item.acceptance in (Acceptance.PENDING, Acceptance.MANUAL_INTERVENTION_REQUIRED)
    return open_verdict and item.reception is Reception.RECEIVED


def _new(order: Order, wanted: WantedGoods) -> NewGoods:
    price = Money.of(wanted.unit_price, order.currency)
    known = next((line for line in order.lines if line.sku == wanted.sku), None)
    return _goods(wanted.sku, wanted.quantity, price, known)


def _same_again(order: Order, wish: Return) -> tuple[NewGoods, ...]:
    """The accepted goods once more, at what was paid for a piece, rounded down: the buyer has nothing to pay."""
    return tuple(
        _goods(line.sku, item.quantity, line.amount.share(1, line.ordered), line)
        for item in wish.items
        if is_entitled(wish.type, item)
        for line in [order.line(item.line_id)]
    )


def _goods(sku: str, quantity: int, price: Money, known: Line | None) -> NewGoods:
    return NewGoods(
        sku=sku,
        quantity=quantity,
        unit_price=price,
        tax=Money.zero(price.currency),
        title=known.title if known else "",
        seller=known.seller if known else "",
        weight_grams=known.weight_grams if known else 0,
        volume_cm3=known.volume_cm3 if known else 0,
        temperature=known.temperature if known else "",
        hazard=known.hazard if known else "",
    )
