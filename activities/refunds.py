"""Giving money back: what a cancellation, a return or a lost parcel entitles the buyer to. Knows no policy."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, Field

from activities.provider_calls import ask_provider, declined
from activities.refusals import may_refuse
from activities.subjects import OfOrder
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionStatus
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal


class RefundMoney(OfOrder):
    """Which money is to go back."""

    return_id: str = Field("", description="Return it settles: only its accepted pieces are paid; '' means all pieces")
    amount: Decimal | None = Field(
        None, description="A sum without pieces (price protection, goodwill); empty: what the pieces cost", gt=0
    )
    with_freight: bool = Field(False, description="Give the freight back as well")
    reason: str = Field(description="Why, for finance; no personal data")


class Refunded(BaseModel):
    """What goes back."""

    amount: Decimal = Field(description="Sum of this refund; 0 when nobody is entitled to anything")
    currency: str = Field(description="ISO 4217 code of the amount")
    transactions: list[str] = Field(description="Refunds at the provider")
    pending: list[str] = Field(description="Those whose answer comes as message refund.settled")


@node_activity(
    "payment.refund",
    title="Refund the buyer",
    title_zh="退款",
    errors=may_refuse(
        Refusal.UNKNOWN_ORDER,
        Refusal.UNKNOWN_RETURN,
        Refusal.ON_HOLD,
        Refusal.AMOUNT_EXCEEDED,
        Refusal.PAYMENT_DECLINED,
    ),
    queue=OUTSIDE_QUEUE,
)
async def refund(
    cmd: RefundMoney,
    orders: Orders,
    ledger: PaymentLedger,
    provider: PaymentProvider,
    checkpoint: Checkpoint,
    call: Call,
) -> Refunded:
    """Send back what the buyer is entitled to and did not get yet, or the sum that is named.

    A second call asks the provider about the same refund and pays nothing twice. Nothing is sent when nobody is
    entitled: pieces count once they are cancelled, or returned and accepted.
    """
    order = await orders.get(cmd.order_id)
    begun = await ledger.begin_refund(
        cmd.order_id,
        amount=Money.of(cmd.amount, order.currency) if cmd.amount is not None else None,
        freight=order.freight if cmd.with_freight else None,
        return_id=cmd.return_id,
        reason=cmd.reason,
        key=call.key,
        at=call.at,
    )
    settled = await ask_provider(begun.transactions, ledger, provider, checkpoint, at=call.at)
    failed = [one for one in settled if one.status is TransactionStatus.FAILED]
    if failed:
        raise declined(failed[0])
    return Refunded(
        amount=begun.amount.amount,
        currency=order.currency,
        transactions=[one.id for one in settled],
        pending=[one.id for one in settled if one.status is TransactionStatus.PENDING],
    )
