"""Port to our ledger of payments. Begin, ask the provider, settle: what is begun counts against every limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import PaymentTotals, Transaction, TransactionKind
from oms_workflow.domain.refund import LineRefund


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund that was begun: what each transaction sends back, and for which pieces."""

    transactions: tuple[Transaction, ...]
    lines: tuple[LineRefund, ...]
    freight: Money
    amount: Money


class PaymentLedger(Protocol):
    """Transactions of orders.

    The provider is asked between begin and settle, with the transaction's id as its idempotency key. If the asking
    fails half-way, beginning again with the same `key` gives the same transactions, so nothing is done twice.
    """

    async def totals(self, order_id: str) -> PaymentTotals:
        """Add up the ledger of an order.

        Raises:
            OrderRefused: UNKNOWN_ORDER.
        """
        ...

    async def ledger(self, order_id: str) -> tuple[Transaction, ...]:
        """Give all transactions of an order, oldest first."""
        ...

    async def observe(
        self,
        order_id: str,
        kind: TransactionKind,
        amount: Money,
        *,
        provider: str,
        provider_ref: str,
        at: datetime,
    ) -> Transaction:
        """Note what happened at the provider without us: the buyer paid at the channel, an authorisation lapsed.

        (provider, kind, provider_ref) is noted once. A CAPTURE that draws on no authorisation of ours notes the
        authorisation with it.

        Raises:
            OrderRefused: UNKNOWN_ORDER; ORDER_MISMATCH, when the reference belongs to another order or amount;
                AMOUNT_EXCEEDED, when a refund or void exceeds what is left.
        """
        ...

    async def begin_authorise(
        self, order_id: str, amount: Money, *, provider: str, key: str, at: datetime
    ) -> Transaction:
        """Begin an authorisation.

        Raises:
            OrderRefused: AMOUNT_EXCEEDED, beyond what is due; ORDER_CANCELLED.
        """
        ...

    async def begin_capture(
        self, order_id: str, amount: Money | None, *, reason: str = "", key: str, at: datetime
    ) -> tuple[Transaction, ...]:
        """Begin to take promised money; None takes what is due now and not yet captured. () when nothing is due.

        Where money is taken by shipment, due now is what the goods that have left are worth.

        Raises:
            OrderRefused: AMOUNT_EXCEEDED, beyond what is authorised; ORDER_CANCELLED.
        """
        ...

    async def begin_void(
        self, order_id: str, *, everything: bool = True, reason: str = "", key: str, at: datetime
    ) -> tuple[Transaction, ...]:
        """Begin to give up what is authorised and not captured; () when there is nothing.

        Args:
            everything: False keeps what goods that may still leave will need.
            reason: Why, kept with each transaction.
        """
        ...

    async def begin_refund(
        self,
        order_id: str,
        *,
        pieces: Mapping[str, int] | None = None,
        freight: Money | None = None,
        amount: Money | None = None,
        return_id: str = "",
        reason: str,
        key: str,
        at: datetime,
    ) -> RefundOrder:
        """Begin a refund.

        Args:
            pieces: Line id -> pieces; None means every piece that is entitled and not refunded yet, unless an `amount`
                is given. What is entitled follows from cancelled pieces and from accepted (and received) returns.
            freight: On top; None means none, unless the whole order is refunded before anything was shipped.
            amount: A sum without pieces, for goodwill; of a price protection, shared among its lines, whose pieces are
                worth that much less when they come back later.
            return_id: The return it settles: then only its pieces are entitled.

        Raises:
            OrderRefused: QUANTITY_EXCEEDED, when pieces are not entitled; AMOUNT_EXCEEDED, beyond what was captured and
                not refunded; ON_HOLD, while a hold blocks REFUND.
        """
        ...

    async def settle(
        self, transaction_id: str, *, succeeded: bool, provider_ref: str, reason: str = "", at: datetime
    ) -> Transaction:
        """Note the provider's answer. A failed refund frees its amount and its pieces, and only those.

        The same answer again changes nothing. Once the order is paid in full its reservations never lapse.

        Raises:
            OrderRefused: UNKNOWN_TRANSACTION; ILLEGAL_MOVE, when the other answer was noted before.
        """
        ...

    async def pending(self, before: datetime, *, limit: int = 100) -> tuple[Transaction, ...]:
        """Give transactions begun before a moment that have no answer yet: somebody has to ask the provider."""
        ...
