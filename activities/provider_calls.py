"""Asking a payment provider about transactions that were begun, and noting its answers. Begins nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oms_workflow.domain.payment import Transaction, TransactionKind, TransactionStatus
from oms_workflow.domain.ports.payment_provider import (
    PaymentProvider,
    ProviderAnswer,
    ProviderRequest,
    ProviderVerdict,
)
from oms_workflow.domain.ports.payments import PaymentLedger
from oms_workflow.domain.ports.unit import Checkpoint
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.errors import OrderRefused


async def ask_provider(
    begun: Sequence[Transaction],
    ledger: PaymentLedger,
    provider: PaymentProvider,
    checkpoint: Checkpoint,
    *,
    at: datetime,
) -> tuple[Transaction, ...]:
    """Commit what was begun, ask the provider about each transaction, and note every answer.

    A transaction that is settled already is not asked about again. One whose answer is to come stays pending.

    Raises:
        WorldUnavailable: When the provider does not answer; what it said before is noted.
    """
    if not begun:
        return ()
    parents = {one.id: one for one in await ledger.ledger(begun[0].order_id)}
    await checkpoint.commit()
    settled: list[Transaction] = []
    for transaction in begun:
        known = parents.get(transaction.id, transaction)
        if known.status is TransactionStatus.PENDING:
            parent = parents.get(known.parent)
            answer = await _ask(known, parent.provider_ref if parent else "", provider)
            if answer.verdict is not ProviderVerdict.PENDING:
                known = await ledger.settle(
                    known.id,
                    succeeded=answer.verdict is ProviderVerdict.SUCCEEDED,
                    provider_ref=answer.provider_ref,
                    reason=answer.code,
                    at=at,
                )
                await checkpoint.commit()
        settled.append(known)
    return tuple(settled)


def declined(transaction: Transaction) -> OrderRefused:
    """Make the refusal for a transaction the provider declined."""
    return refuse(
        Refusal.PAYMENT_DECLINED,
        f"The provider declined to {transaction.kind.value} {transaction.amount} (transaction {transaction.id!r}, "
        f"reason {transaction.reason or 'not given'!r}). Ask the buyer for another way to pay, or finance to look.",
    )


async def _ask(transaction: Transaction, parent_ref: str, provider: PaymentProvider) -> ProviderAnswer:
    request = ProviderRequest(
        order_id=transaction.order_id,
        transaction_id=transaction.id,
        amount=transaction.amount,
        parent_ref=parent_ref,
    )
    ways = {
        TransactionKind.AUTHORISE: provider.authorise,
        TransactionKind.CAPTURE: provider.capture,
        TransactionKind.VOID: provider.void,
        TransactionKind.REFUND: provider.refund,
    }
    return await ways[transaction.kind](request, key=transaction.id)
