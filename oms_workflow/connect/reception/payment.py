"""What a payment provider tells: promised, taken, failed, given up, sent back. Writes our ledger of payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from oms_workflow.connect.reception.body import Amount, Id, OptionalId, Told, Word, money, read
from oms_workflow.connect.reception.message import Received, message
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import Transaction, TransactionKind
from oms_workflow.domain.ports.orders import Orders
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.errors import OrderRefused


class PaymentBody(Told):
    """Something that happened at the provider."""

    provider: Id
    order: Id
    reference: Id  # the provider's id of the transaction
    transaction: OptionalId = ""  # ours, when we asked for it; '' when the buyer or somebody at the provider acted
    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    code: Word = ""
    status: Literal["succeeded", "failed"] = "succeeded"


KIND: dict[str, TransactionKind] = {
    "authorised": TransactionKind.AUTHORISE,
    "captured": TransactionKind.CAPTURE,
    "voided": TransactionKind.VOID,
    "refund_settled": TransactionKind.REFUND,
}
"""What each kind of news but a failure is about."""


async def receive(what: str, body: Mapping[str, Any], ports: Mapping[type, Any], *, at: datetime) -> Received:
    """Take what a payment provider tells.

    Args:
        what: A key of KIND, or `failed`.
        ports: Holds PaymentLedger and Orders.
        at: UTC.

    Raises:
        OrderRefused: DATA_REFUSED, for a bad body; UNKNOWN_ORDER, when the news precedes its order;
            UNKNOWN_TRANSACTION and ORDER_MISMATCH, when it names a transaction the order does not have, or another
            amount; AMOUNT_EXCEEDED, when the provider moved more than our ledger allows.
    """
    told = read(PaymentBody, body, at=at)
    ledger: PaymentLedger = ports[PaymentLedger]
    amount = money(told.amount, told.currency)
    succeeded = what != "failed" and told.status == "succeeded"
    try:
        transaction = await _note(ledger, told, KIND.get(what), amount, succeeded=succeeded, at=at)
    except OrderRefused as stale:
        if stale.code != Refusal.ILLEGAL_MOVE:
            raise
        return Received(remark=f"Late news of {told.reference!r}: the ledger has its final word already.")
    name = transaction.id if transaction else ""
    if what == "refund_settled":
        if not name:
            return Received(remark=f"A refund the shop did not ask for failed at the provider: {told.reference!r}.")
        return Received(messages=(message("refund.settled", name, transaction_id=name, status=told.status),))
    about = name or told.reference
    if what == "failed":
        failed = message("payment.failed", told.order, about, order_id=told.order, transaction_id=name, code=told.code)
        return Received(messages=(failed,))
    fields: dict[str, Any] = {"order_id": told.order, "transaction_id": name}
    is_late = transaction is not None and await _is_late(what, transaction, ports[Orders])
    late = [message("payment.late", name, **fields)] if is_late else []
    if what == "captured":
        fields["paid"] = (await ledger.totals(told.order)).is_paid
    return Received(messages=(message(f"payment.{what}", told.order, about, **fields), *late))


async def _is_late(what: str, transaction: Transaction, orders: Orders) -> bool:
    """Say whether money came for an order that is over: its own process may not listen any more, so another begins.

    It does not matter which of them acts: what is held of a cancelled order is given back once. Money that came before,
    and is told of again, was part of the cancellation.
    """
    if what not in ("authorised", "captured"):
        return False
    over = (await orders.view(transaction.order_id)).cancelled_at
    return over is not None and (transaction.settled_at is None or transaction.settled_at >= over)


async def _note(
    ledger: PaymentLedger,
    told: PaymentBody,
    kind: TransactionKind | None,
    amount: Money,
    *,
    succeeded: bool,
    at: datetime,
) -> Transaction | None:
    """Write it down, once; None when there is nothing to write: an attempt of the buyer's own that failed."""
    if told.transaction:
        await _require_ours(ledger, told, kind, amount)
        return await ledger.settle(
            told.transaction, succeeded=succeeded, provider_ref=told.reference, reason=told.code, at=at
        )
    if not succeeded or kind is None:
        await ledger.totals(told.order)  # refuses an order nobody knows
        return None
    return await ledger.observe(told.order, kind, amount, provider=told.provider, provider_ref=told.reference, at=at)


async def _require_ours(ledger: PaymentLedger, told: PaymentBody, kind: TransactionKind | None, amount: Money) -> None:
    ours = {one.id: one for one in await ledger.ledger(told.order)}.get(told.transaction)
    if ours is None:
        raise refuse(
            Refusal.UNKNOWN_TRANSACTION,
            f"Order {told.order!r} has no transaction {told.transaction!r}. Compare with the provider's list.",
        )
    if ours.amount != amount or kind not in (None, ours.kind):
        raise refuse(
            Refusal.ORDER_MISMATCH,
            f"Transaction {ours.id!r} is to {ours.kind.value} {ours.amount}; the provider tells of {amount} "
            f"({told.reference!r}). Compare with the provider's list.",
        )
