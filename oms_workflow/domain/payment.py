"""Money taken and given back for an order: a ledger of transactions with a provider, and the limits they keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oms_workflow.domain.money import Money, total
from oms_workflow.domain.refusals import Refusal, refuse


class TransactionKind(StrEnum):
    """What a transaction does."""

    AUTHORISE = "authorise"  # the buyer's bank promises the money
    CAPTURE = "capture"  # promised money is taken; its parent is the authorisation
    VOID = "void"  # what was not captured is given up; its parent is the authorisation
    REFUND = "refund"  # captured money goes back; its parent is the capture
    TRANSFER = "transfer"  # captured money pays for an exchange order; its parent is the capture


class TransactionStatus(StrEnum):
    """What the provider said. A pending transaction counts against every limit, so that nothing is done twice."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


MOVES: dict[TransactionStatus, frozenset[TransactionStatus]] = {
    TransactionStatus.PENDING: frozenset({TransactionStatus.SUCCEEDED, TransactionStatus.FAILED}),
    TransactionStatus.SUCCEEDED: frozenset(),
    TransactionStatus.FAILED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One attempt to move money."""

    id: str
    order_id: str
    kind: TransactionKind
    amount: Money  # above 0
    status: TransactionStatus
    provider: str
    parent: str = ""  # the transaction it draws on; '' for an authorisation
    provider_ref: str = ""  # the provider's id, once known
    reason: str = ""  # a return's id, or why it failed; no personal data
    at: datetime | None = None  # UTC; when it was begun
    settled_at: datetime | None = None  # UTC; when the provider answered

    @property
    def counts(self) -> bool:
        """True unless it failed."""
        return self.status is not TransactionStatus.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTotals:
    """What the ledger of an order adds up to. Succeeded transactions only; what is under way is told apart."""

    due: Money  # the order's total; where money is taken by shipment, without what was cancelled before it left
    authorised: Money
    captured: Money
    voided: Money
    refunded: Money
    transferred: Money  # to exchange orders
    capturing: Money  # pending captures
    refunding: Money  # pending refunds

    @property
    def balance(self) -> Money:
        """What the shop holds for this order: captured less refunded and transferred."""
        return self.captured - self.refunded - self.transferred

    @property
    def refundable(self) -> Money:
        """What may still be refunded."""
        return self.balance - self.refunding

    @property
    def is_paid(self) -> bool:
        """True when what was due has been captured; an order that costs nothing is paid."""
        return self.captured >= self.due

    @property
    def is_given_back(self) -> bool:
        """True when money was taken and all of it went back."""
        return not self.refunded.is_zero and self.refunded >= self.captured

    @property
    def promised(self) -> Money:
        """What is promised and neither taken, nor about to be, nor given up."""
        return max(Money.zero(self.due.currency), self.authorised - self.voided - self.captured - self.capturing)


def totals(ledger: Iterable[Transaction], due: Money) -> PaymentTotals:
    """Add up a ledger."""
    entries = tuple(ledger)

    def added(kind: TransactionKind, status: TransactionStatus) -> Money:
        return total((one.amount for one in entries if one.kind is kind and one.status is status), due.currency)

    done, pending = TransactionStatus.SUCCEEDED, TransactionStatus.PENDING
    return PaymentTotals(
        due=due,
        authorised=added(TransactionKind.AUTHORISE, done),
        captured=added(TransactionKind.CAPTURE, done),
        voided=added(TransactionKind.VOID, done),
        refunded=added(TransactionKind.REFUND, done),
        transferred=added(TransactionKind.TRANSFER, done),
        capturing=added(TransactionKind.CAPTURE, pending),
        refunding=added(TransactionKind.REFUND, pending),
    )


def left_of(parent: Transaction, ledger: Iterable[Transaction]) -> Money:
    """Say how much may still be drawn on a succeeded authorisation or capture; zero on any other transaction."""
    nothing = Money.zero(parent.amount.currency)
    drawn_by = {
        TransactionKind.AUTHORISE: (TransactionKind.CAPTURE, TransactionKind.VOID),
        TransactionKind.CAPTURE: (TransactionKind.REFUND, TransactionKind.TRANSFER),
    }.get(parent.kind)
    if drawn_by is None or parent.status is not TransactionStatus.SUCCEEDED:
        return nothing
    drawn = (one.amount for one in ledger if one.parent == parent.id and one.kind in drawn_by and one.counts)
    return parent.amount - total(drawn, parent.amount.currency)


def spread(
    amount: Money, kind: TransactionKind, ledger: Sequence[Transaction]
) -> tuple[tuple[Transaction, Money], ...]:
    """Say from which transactions an amount is drawn: refunds and transfers from captures, captures from promises.

    The one with most left comes first, so that few transactions are needed; by id when they are equal.

    Raises:
        OrderRefused: AMOUNT_EXCEEDED, when all of them together hold less.
        ValueError: If the amount is not above 0.
    """
    source = TransactionKind.AUTHORISE if kind is TransactionKind.CAPTURE else TransactionKind.CAPTURE
    if amount <= Money.zero(amount.currency):
        raise ValueError(f"An amount to {kind.value} is above 0, found {amount}.")
    sources = [(one, left_of(one, ledger)) for one in ledger if one.kind is source]
    sources.sort(key=lambda pair: (-pair[1].amount, pair[0].id))
    wanted = amount
    drawn = []
    for transaction, left in sources:
        part = min(wanted, left)
        if not part.is_zero:
            drawn.append((transaction, part))
            wanted = wanted - part
    if not wanted.is_zero:
        raise refuse(
            Refusal.AMOUNT_EXCEEDED,
            f"Cannot {kind.value} {amount}: only {amount - wanted} is left. Ask for at most that much.",
        )
    return tuple(drawn)
