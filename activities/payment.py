"""Getting paid: look at the money of an order, have it promised, take it, give a promise up. Refunds are elsewhere.

Every call to a provider lies between begin and settle of the ledger, with the transaction's id as idempotency key, and
what was begun is committed before the provider is asked: a second call finds the transaction and asks about the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.provider_calls import ask_provider, declined
from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import PaymentTerms
from oms_workflow.domain.payment import Transaction, TransactionKind, TransactionStatus
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal
from oms_workflow.domain.status import OrderView


class MoneyOfOrder(BaseModel):
    """How the money of an order stands."""

    state: Literal["paid", "promised", "on_delivery", "open"] = Field(
        description="paid: nothing is due; promised: it can be taken; on_delivery: the carrier collects; open: wait"
    )
    due: Decimal = Field(description="Order total; taken by shipment: without what was cancelled before it left")
    outstanding: Decimal = Field(description="Part of what is due that was not taken yet")
    refundable: Decimal = Field(description="Taken and not given back")
    promised: Decimal = Field(description="Promised, and neither taken nor about to be nor given up")
    under_way: Decimal = Field(description="About to be taken: the provider's word is still to come")
    currency: str = Field(description="ISO 4217 code of all amounts")


class Asked(BaseModel):
    """What came of asking for a payment."""

    state: Literal["promised", "pending"] = Field(description="pending: the answer comes as a message")
    transaction_id: str = Field(description="Transaction that was begun; '' when nothing was left to ask for")


class Taken(BaseModel):
    """What came of taking promised money."""

    paid: bool = Field(description="True when the money lets the goods leave: all taken, or promised for shipments")
    pending: list[str] = Field(description="Transactions whose answer comes as a message")
    outstanding: Decimal = Field(description="Part of what is due that was not taken yet")


class GiveUp(OfOrder):
    """Which promised money is given up."""

    everything: bool = Field(True, description="False keeps what goods that may still leave will need")
    reason: str = Field("", description="Why, for finance; no personal data")


class GivenUp(BaseModel):
    """What came of giving promised money up."""

    transactions: int = Field(description="Promises that were given up")


@node_activity(
    "payment.look_up", title="Look at the payment", title_zh="查看付款", errors=may_refuse(Refusal.UNKNOWN_ORDER)
)
async def look_up(cmd: OfOrder, orders: Orders) -> MoneyOfOrder:
    """Say how the money of an order stands. Changes nothing, so a second call may see more."""
    view = await orders.view(cmd.order_id)
    money, nothing = view.money, Money.zero(view.order.currency)
    return MoneyOfOrder(
        state=_state(view),
        due=money.due.amount,
        outstanding=max(nothing, money.due - money.captured).amount,
        refundable=money.refundable.amount,
        promised=money.promised.amount,
        under_way=money.capturing.amount,
        currency=view.order.currency,
    )


def _state(view: OrderView) -> Literal["paid", "promised", "on_delivery", "open"]:
    money = view.money
    if money.is_paid:
        return "paid"
    if view.order.terms is PaymentTerms.ON_DELIVERY:
        return "on_delivery"
    promised = money.authorised - money.voided
    return "promised" if promised >= money.due else "open"


@node_activity(
    "payment.request",
    title="Ask for the payment",
    title_zh="请求付款授权",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.ORDER_CANCELLED, Refusal.PAYMENT_DECLINED),
    queue=OUTSIDE_QUEUE,
)
async def request_payment(
    cmd: OfOrder, ledger: PaymentLedger, provider: PaymentProvider, checkpoint: Checkpoint, call: Call
) -> Asked:
    """Ask the buyer's bank to promise what is not promised yet.

    A second call, and a call while an answer is still to come, ask about the same transaction and never for a second
    promise. Nobody is asked when all is promised.
    """
    begun = await _pending(ledger, cmd.order_id, TransactionKind.AUTHORISE)
    if not begun:
        totals = await ledger.totals(cmd.order_id)
        amount = totals.due - (totals.authorised - totals.voided)
        if amount <= Money.zero(amount.currency):
            return Asked(state="promised", transaction_id="")
        begun = [await ledger.begin_authorise(cmd.order_id, amount, provider=provider.name, key=call.key, at=call.at)]
    settled = (await ask_provider(begun, ledger, provider, checkpoint, at=call.at))[-1]
    if settled.status is TransactionStatus.FAILED:
        raise declined(settled)
    pending = settled.status is TransactionStatus.PENDING
    return Asked(state="pending" if pending else "promised", transaction_id=settled.id)


@node_activity(
    "payment.capture",
    title="Take the promised money",
    title_zh="收取已授权款项",
    errors=may_refuse(
        Refusal.UNKNOWN_ORDER, Refusal.ORDER_CANCELLED, Refusal.AMOUNT_EXCEEDED, Refusal.PAYMENT_DECLINED
    ),
    queue=OUTSIDE_QUEUE,
)
async def capture(
    cmd: OfOrder,
    orders: Orders,
    ledger: PaymentLedger,
    provider: PaymentProvider,
    checkpoint: Checkpoint,
    call: Call,
) -> Taken:
    """Take what is due now and was promised; of money that is taken by shipment, the shares of what has left.

    A second call asks about the same transactions. Nothing is taken when nothing is due.
    """
    begun = await ledger.begin_capture(cmd.order_id, None, key=call.key, at=call.at)
    settled = await ask_provider(begun, ledger, provider, checkpoint, at=call.at)
    failed = [one for one in settled if one.status is TransactionStatus.FAILED]
    if failed:
        raise declined(failed[0])
    view = await orders.view(cmd.order_id)
    totals = view.money
    return Taken(
        paid=view.may_ship,
        pending=[one.id for one in await _pending(ledger, cmd.order_id, TransactionKind.CAPTURE)],
        outstanding=max(Money.zero(totals.due.currency), totals.due - totals.captured).amount,
    )


@node_activity(
    "payment.void",
    title="Give the promised money up",
    title_zh="撤销付款授权",
    errors=may_refuse(Refusal.UNKNOWN_ORDER, Refusal.PAYMENT_DECLINED),
    queue=OUTSIDE_QUEUE,
)
async def void(
    cmd: GiveUp, ledger: PaymentLedger, provider: PaymentProvider, checkpoint: Checkpoint, call: Call
) -> GivenUp:
    """Give up promised money that was not taken: all of it, or what no goods need any more.

    A second call asks about the same transactions. Nothing happens when nothing is promised.
    """
    begun = await ledger.begin_void(
        cmd.order_id, everything=cmd.everything, reason=cmd.reason, key=call.key, at=call.at
    )
    settled = await ask_provider(begun, ledger, provider, checkpoint, at=call.at)
    failed = [one for one in settled if one.status is TransactionStatus.FAILED]
    if failed:
        raise declined(failed[0])
    return GivenUp(transactions=len(settled))


async def _pending(ledger: PaymentLedger, order_id: str, kind: TransactionKind) -> list[Transaction]:
    """Transactions of a kind that have no answer yet, of this call and of earlier ones."""
    return [
        one for one in await ledger.ledger(order_id) if one.kind is kind and one.status is TransactionStatus.PENDING
    ]
