"""Payments in the database. Implements `ports.payments.PaymentLedger`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import PaymentTotals, Transaction, TransactionKind
from oms_workflow.domain.ports.payments import RefundOrder
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store import drawing, observing, refunding
from oms_workflow.store.effects import once_per_key
from oms_workflow.store.locking import lock_order, require_not_cancelled
from oms_workflow.store.payment_rows import (
    insert_draws,
    insert_transactions,
    load_ledgers,
    load_money,
    transaction_from,
)
from oms_workflow.store.tables.after_sales import payment_transactions
from oms_workflow.store.unit_of_work import UnitOfWork


class StoredPayments:
    """Transactions of orders."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def totals(self, order_id: str) -> PaymentTotals:
        """Add up the ledger of an order."""
        async with self.unit.reading() as connection:
            return (await load_money(connection, order_id))[2]

    async def ledger(self, order_id: str) -> tuple[Transaction, ...]:
        """Give all transactions of an order, oldest first."""
        async with self.unit.reading() as connection:
            return (await load_ledgers(connection, [order_id]))[order_id]

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
        """Note what happened at the provider without us; once per (provider, kind, provider_ref)."""
        seen = observing.Seen(order_id=order_id, kind=kind, amount=amount, provider=provider, provider_ref=provider_ref)
        return await observing.observe(await self.unit.writing(), seen, at=at)

    @once_per_key("payments.begin_authorise", Transaction, agree="order_id amount provider")
    async def begin_authorise(
        self, order_id: str, amount: Money, *, provider: str, key: str, at: datetime
    ) -> Transaction:
        """Begin an authorisation."""
        connection = await self.unit.writing()
        require_not_cancelled({order_id: await lock_order(connection, order_id)})
        _, ledger, money = await load_money(connection, order_id)
        promised = [one for one in ledger if one.kind is TransactionKind.AUTHORISE and one.counts]
        open_now = money.due
        for one in promised:
            open_now = open_now - one.amount
        for one in ledger:
            if one.kind is TransactionKind.VOID and one.counts:
                open_now = open_now + one.amount
        if amount > open_now:
            raise refuse(
                Refusal.AMOUNT_EXCEEDED,
                f"Cannot authorise {amount} for order {order_id!r}: {open_now} of {money.due} is not promised yet.",
            )
        row = {
            "kind": TransactionKind.AUTHORISE.value,
            "amount": amount.minor_units,
            "currency": amount.currency,
            "status": "pending",
            "provider": provider,
            "at": at,
        }
        (name,) = await insert_transactions(connection, order_id, [row])
        return await self._one(name)

    @once_per_key("payments.begin_capture", tuple[Transaction, ...], agree="order_id amount")
    async def begin_capture(
        self, order_id: str, amount: Money | None, *, reason: str = "", key: str, at: datetime
    ) -> tuple[Transaction, ...]:
        """Begin to take promised money; None takes what is due now and not yet captured."""
        connection = await self.unit.writing()
        require_not_cancelled({order_id: await lock_order(connection, order_id)})
        draws = await drawing.to_capture(connection, order_id, amount)
        return await self._begun(order_id, TransactionKind.CAPTURE, draws, reason, at)

    @once_per_key("payments.begin_void", tuple[Transaction, ...], agree="order_id")
    async def begin_void(
        self, order_id: str, *, everything: bool = True, reason: str = "", key: str, at: datetime
    ) -> tuple[Transaction, ...]:
        """Begin to give up what is authorised and not captured: all of it, or what no goods need any more."""
        connection = await self.unit.writing()
        await lock_order(connection, order_id)
        draws = await drawing.to_void(connection, order_id, everything=everything)
        return await self._begun(order_id, TransactionKind.VOID, draws, reason, at)

    @once_per_key("payments.begin_refund", RefundOrder, agree="order_id return_id")
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
        """Begin a refund."""
        asked = refunding.Asked(
            order_id=order_id, pieces=pieces, freight=freight, amount=amount, return_id=return_id, reason=reason
        )
        return await refunding.begin(await self.unit.writing(), asked, at=at)

    async def settle(
        self, transaction_id: str, *, succeeded: bool, provider_ref: str, reason: str = "", at: datetime
    ) -> Transaction:
        """Note the provider's answer; the same answer again changes nothing."""
        said = observing.Answer(succeeded=succeeded, provider_ref=provider_ref, reason=reason)
        return await observing.settle(await self.unit.writing(), transaction_id, said, at=at)

    async def pending(self, before: datetime, *, limit: int = 100) -> tuple[Transaction, ...]:
        """Give transactions begun before a moment that have no answer yet, oldest first."""
        table = payment_transactions
        waiting = select(table).where(table.c.status == "pending", table.c.at < before)
        async with self.unit.reading() as connection:
            rows = (await connection.execute(waiting.order_by(table.c.at, table.c.id).limit(limit))).mappings()
            return tuple(transaction_from(row) for row in rows)

    async def _begun(
        self, order_id: str, kind: TransactionKind, draws: drawing.Draws, reason: str, at: datetime
    ) -> tuple[Transaction, ...]:
        connection = await self.unit.writing()
        names = await insert_draws(connection, order_id, kind, draws, reason=reason, at=at)
        return tuple([await self._one(name) for name in names])

    async def _one(self, name: str) -> Transaction:
        return await observing.load(await self.unit.writing(), name)
