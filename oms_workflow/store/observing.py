"""What providers tell about money: answers to what we asked, and things that happened without us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import MOVES, Transaction, TransactionKind, TransactionStatus, left_of
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.locking import lock_order
from oms_workflow.store.order_rows import load_lines, order_from
from oms_workflow.store.payment_rows import cancelled_of, insert_transactions, load_ledgers, may_ship, transaction_from
from oms_workflow.store.reserving import make_firm
from oms_workflow.store.statements import queue_up
from oms_workflow.store.tables.after_sales import payment_transactions, settlements

_BY_ID = select(payment_transactions).where(payment_transactions.c.id == bindparam("of"))
_SAME = select(payment_transactions).where(
    payment_transactions.c.provider == bindparam("of_provider"),
    payment_transactions.c.provider_ref == bindparam("of_ref"),
    payment_transactions.c.kind == bindparam("of_kind"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something that happened at a provider."""

    order_id: str
    kind: TransactionKind
    amount: Money
    provider: str
    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A provider's answer to a transaction of ours."""

    succeeded: bool
    provider_ref: str
    reason: str

    @property
    def status(self) -> TransactionStatus:
        """What the transaction becomes."""
        return TransactionStatus.SUCCEEDED if self.succeeded else TransactionStatus.FAILED


async def load(connection: AsyncConnection, transaction_id: str) -> Transaction:
    """Read one transaction.

    Raises:
        OrderRefused: UNKNOWN_TRANSACTION.
    """
    row = (await connection.execute(_BY_ID, {"of": transaction_id})).mappings().first()
    if row is None:
        raise refuse(Refusal.UNKNOWN_TRANSACTION, f"There is no payment transaction {transaction_id!r}. Check the id.")
    return transaction_from(row)


async def settle(connection: AsyncConnection, transaction_id: str, said: Answer, *, at: datetime) -> Transaction:
    """Note an answer, once.

    Raises:
        OrderRefused: UNKNOWN_TRANSACTION; ILLEGAL_MOVE, when the other answer was noted before.
    """
    head = await lock_order(connection, (await load(connection, transaction_id)).order_id)
    now = await load(connection, transaction_id)
    if now.status is said.status:
        return now
    if said.status not in MOVES[now.status]:
        raise refuse(
            Refusal.ILLEGAL_MOVE,
            f"Transaction {transaction_id!r} {now.status.value} at {now.settled_at}; the provider now says "
            f"{said.status.value}. Look at the provider's own list.",
        )
    values = {"status": said.status.value, "provider_ref": said.provider_ref, "settled_at": at}
    await _write(connection, transaction_id, values | ({"reason": said.reason} if said.reason else {}))
    if now.kind is TransactionKind.REFUND and not said.succeeded:
        await _withdraw_if_all_failed(connection, transaction_id)
    return _named(await firm_when_paid(connection, head), transaction_id)


async def _write(connection: AsyncConnection, transaction_id: str, values: dict[str, Any]) -> None:
    which = payment_transactions.c.id == transaction_id
    await connection.execute(update(payment_transactions).where(which).values(**values))


async def _withdraw_if_all_failed(connection: AsyncConnection, transaction_id: str) -> None:
    """Free the pieces of a refund of which nothing went out, and only those (invariant 9).

    When another transaction of the same refund stands, the pieces stay settled; the amount that failed is refundable
    again, as a sum.
    """
    table = payment_transactions
    mine = select(table.c.settlement_id).where(table.c.id == transaction_id).scalar_subquery()
    siblings = select(table.c.settlement_id, table.c.status).where(table.c.settlement_id == mine)
    rows = (await connection.execute(siblings)).all()
    if rows and all(status == TransactionStatus.FAILED for _, status in rows):
        gone = update(settlements).where(settlements.c.id == rows[0][0])
        await connection.execute(gone.values(status="withdrawn"))


async def firm_when_paid(connection: AsyncConnection, head: RowMapping) -> tuple[Transaction, ...]:
    """Let the reservations of a locked order never lapse any more, once its money lets it go.

    Args:
        head: The order's row as it stands.

    Returns:
        The transactions of the order, oldest first.
    """
    order_id: str = head["id"]
    rows = (await load_lines(connection, [order_id])).get(order_id, [])
    ledger = (await load_ledgers(connection, [order_id]))[order_id]
    if may_ship(order_from(head, rows), ledger, cancelled_of(rows)):
        await make_firm(connection, order_id)
    return ledger


def _named(ledger: Sequence[Transaction], transaction_id: str) -> Transaction:
    return next(one for one in ledger if one.id == transaction_id)


async def observe(connection: AsyncConnection, seen: Seen, *, at: datetime) -> Transaction:
    """Note something that happened without us, once, with what it draws on.

    Raises:
        OrderRefused: UNKNOWN_ORDER; ORDER_MISMATCH; AMOUNT_EXCEEDED.
    """
    await queue_up(connection, f"payment {seen.provider} {seen.provider_ref}")
    head = await lock_order(connection, seen.order_id)
    same = {"of_provider": seen.provider, "of_ref": seen.provider_ref, "of_kind": seen.kind.value}
    row = (await connection.execute(_SAME, same)).mappings().first()
    if row is not None:
        known = transaction_from(row)
        if (known.order_id, known.amount) != (seen.order_id, seen.amount):
            raise refuse(
                Refusal.ORDER_MISMATCH,
                f"Reference {seen.provider_ref!r} of {seen.provider!r} is noted for order {known.order_id!r} with "
                f"{known.amount}; it now comes for {seen.order_id!r} with {seen.amount}. Check the provider's list.",
            )
        return known
    ledger = (await load_ledgers(connection, [seen.order_id]))[seen.order_id]
    pending = _pending_of_ours(seen, ledger)
    if pending is not None:  # the message overtook the answer to our own call
        said = Answer(succeeded=True, provider_ref=seen.provider_ref, reason="")
        return await settle(connection, pending.id, said, at=at)
    name = await _insert(connection, seen, ledger, at)
    return _named(await firm_when_paid(connection, head), name)


def _pending_of_ours(seen: Seen, ledger: Sequence[Transaction]) -> Transaction | None:
    """Find the transaction we began that this must be: the same kind, provider and amount, and still unanswered."""
    for one in ledger:
        if (one.kind, one.provider, one.amount, one.status) == (
            seen.kind, seen.provider, seen.amount, TransactionStatus.PENDING,
        ):  # fmt: skip
            return one
    return None


async def _insert(connection: AsyncConnection, seen: Seen, ledger: Sequence[Transaction], at: datetime) -> str:
    done: dict[str, Any] = {
        "amount": seen.amount.minor_units,
        "currency": seen.amount.currency,
        "status": TransactionStatus.SUCCEEDED.value,
        "provider": seen.provider,
        "provider_ref": seen.provider_ref,
        "reason": "observed",
        "at": at,
        "settled_at": at,
    }
    row = done | {"kind": seen.kind.value, "parent": None}
    if seen.kind is not TransactionKind.AUTHORISE:
        parent = _source(seen, ledger)
        if parent is None and seen.kind is TransactionKind.CAPTURE:
            promise = done | {"kind": TransactionKind.AUTHORISE.value, "parent": None}
            return (await insert_transactions(connection, seen.order_id, [promise, row], chained=True))[-1]
        row["parent"] = parent
    return (await insert_transactions(connection, seen.order_id, [row]))[0]


def _source(seen: Seen, ledger: Sequence[Transaction]) -> str | None:
    """Find the transaction this draws on: one of the same provider that has enough left; None for a direct payment."""
    kind = TransactionKind.CAPTURE if seen.kind is TransactionKind.REFUND else TransactionKind.AUTHORISE
    for one in ledger:
        if one.kind is kind and one.provider == seen.provider and left_of(one, ledger) >= seen.amount:
            return one.id
    if seen.kind is TransactionKind.CAPTURE:
        return None
    raise refuse(
        Refusal.AMOUNT_EXCEEDED,
        f"{seen.provider!r} reports a {seen.kind.value} of {seen.amount} for order {seen.order_id!r}, but no "
        f"{kind.value} of it has that much left. Compare with the provider's own list.",
    )
