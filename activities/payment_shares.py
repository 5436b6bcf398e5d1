"""Taking promised money as goods leave: each shipment's share, of every order that has goods in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from activities.provider_calls import ask_provider
from activities.refusals import may_refuse
from activities.subjects import OfFulfilment
from oms_workflow.catalog.declaration import OUTSIDE_QUEUE, Call, node_activity
from oms_workflow.domain.identity import order_of_line
from oms_workflow.domain.money import total
from oms_workflow.domain.payment import Transaction, TransactionKind, TransactionStatus
from oms_workflow.domain.ports.fulfilments import Fulfilments
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payment_provider import PaymentProvider
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal
from oms_workflow.errors import OrderRefused

_NO_PROMISE = (Refusal.AMOUNT_EXCEEDED, Refusal.ORDER_CANCELLED)
"""What the ledger says when no promise holds the share any more."""


class ShareTaken(BaseModel):
    """What came of taking a shipment's share."""

    state: Literal["taken", "pending", "declined"] = Field(
        description="taken: nothing is open; pending: the provider's word is to come; declined: somebody has to look"
    )
    amount: Decimal = Field(description="Sum that was taken by this call, or is about to be")
    currency: str = Field(description="ISO 4217 code of the amount")
    declined: list[str] = Field(description="Orders whose share the provider refused, or no promise holds any more")


@node_activity(
    "payment.capture_share",
    title="Take the shipment's share",
    title_zh="按发货收款",
    errors=may_refuse(Refusal.UNKNOWN_FULFILMENT),
    queue=OUTSIDE_QUEUE,
)
async def capture_share(
    cmd: OfFulfilment,
    orders: Orders,
    fulfilments: Fulfilments,
    ledger: PaymentLedger,
    provider: PaymentProvider,
    checkpoint: Checkpoint,
    call: Call,
) -> ShareTaken:
    """Take, of every order with goods in it, what its goods that have left are worth and nobody took yet.

    Orders whose money was taken at once are left alone. A second call asks about the same transactions; shares that
    were declined are begun anew by the next step that asks for them, and never taken twice. One order's trouble keeps
    no other order's share back.
    """
    one = await fulfilments.get(cmd.fulfilment_id)
    owners = [await orders.get(name) for name in sorted({order_of_line(line.line_id) for line in one.lines})]
    by_shipment = [order.id for order in owners if order.per_shipment]
    moved: list[Transaction] = []
    declined: list[str] = []
    for order_id in by_shipment:
        begun = await _begin(order_id, one.id, ledger, call)
        settled = await ask_provider(begun or (), ledger, provider, checkpoint, at=call.at)
        moved += settled
        if begun is None or any(each.status is TransactionStatus.FAILED for each in settled):
            declined.append(order_id)
    currency = owners[0].currency
    return ShareTaken(
        state="declined" if declined else await _state(by_shipment, ledger),
        amount=total((each.amount for each in moved if each.counts), currency).amount,
        currency=currency,
        declined=declined,
    )


async def _begin(
    order_id: str, fulfilment_id: str, ledger: PaymentLedger, call: Call
) -> tuple[Transaction, ...] | None:
    """Begin to take what is due of an order now; None when no promise holds it any more."""
    key = f"{call.key}/{order_id}"
    try:
        return await ledger.begin_capture(order_id, None, reason=fulfilment_id, key=key, at=call.at)
    except OrderRefused as refused:
        if refused.code not in _NO_PROMISE:
            raise
        return None


async def _state(order_ids: list[str], ledger: PaymentLedger) -> Literal["taken", "pending"]:
    """Look for captures without an answer, of this call and of earlier ones."""
    for order_id in order_ids:
        for known in await ledger.ledger(order_id):
            if known.kind is TransactionKind.CAPTURE and known.status is TransactionStatus.PENDING:
                return "pending"
    return "taken"
