"""Books what a file says was given back, so that no money goes back twice. Pays nothing, and asks no provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oms_workflow.connect.importing.results import Refunded
from oms_workflow.domain.money import Money, total
from oms_workflow.domain.payment import Transaction, TransactionKind, left_of
from oms_workflow.domain.ports.payments import PaymentLedger


async def book_refunds(order_id: str, told: Sequence[Refunded], ledger: PaymentLedger, *, at: datetime) -> None:
    """Note the refunds of an order that happened at its channel, as far as the ledger does not have them yet.

    The file tells of all refunds up to now, so only what goes beyond the refunds in the ledger is new: the same file
    again books nothing, and a later one books the difference. More than was captured is not booked; reconciling then
    shows what is missing.
    """
    if not told:
        return
    entries = await ledger.ledger(order_id)
    claimed = total((one.amount for one in told), told[0].amount.currency)
    booked = total(
        (one.amount for one in entries if one.kind is TransactionKind.REFUND and one.counts), claimed.currency
    )
    missing = claimed - booked
    for capture in _captures(entries):
        part = min(missing, left_of(capture, entries))
        if part <= Money.zero(claimed.currency):
            continue
        # The sum so far makes the reference: a later refund of the same amount is another one.
        booked, missing = booked + part, missing - part
        reference = f"{capture.provider_ref or capture.id}-refund-{booked.minor_units}"
        await ledger.observe(
            order_id, TransactionKind.REFUND, part, provider=capture.provider, provider_ref=reference, at=at
        )


def _captures(entries: Sequence[Transaction]) -> list[Transaction]:
    """The captures, the largest first: then few refunds are needed."""
    found = [one for one in entries if one.kind is TransactionKind.CAPTURE]
    return sorted(found, key=lambda one: (-one.amount.minor_units, one.id))
