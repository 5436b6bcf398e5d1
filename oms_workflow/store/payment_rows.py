"""Payment transactions as rows, and back; and whether the money lets an order go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from oms_workflow.domain.capture import Pieces, due_of, lets_go
from oms_workflow.domain.identity import part_id
from oms_workflow.domain.money import Money
from oms_workflow.domain.order import Order
from oms_workflow.domain.payment import PaymentTotals, Transaction, TransactionKind, TransactionStatus, totals
from oms_workflow.domain.refusals import Refusal, refuse
from oms_workflow.store.order_rows import load_heads, load_lines, order_from
from oms_workflow.store.tables.after_sales import payment_transactions

Ledgers = dict[str, tuple[Transaction, ...]]

_READ = (
    select(payment_transactions)
    .where(payment_transactions.c.order_id.in_(bindparam("ids", expanding=True)))
    .order_by(payment_transactions.c.order_id, payment_transactions.c.number)
)

_LAST_NUMBER = select(func.max(payment_transactions.c.number)).where(payment_transactions.c.order_id == bindparam("of"))
_INSERT = insert(payment_transactions)


async def load_ledgers(connection: AsyncConnection, order_ids: Sequence[str]) -> Ledgers:
    """Read the transactions of orders, by order, oldest first."""
    found: dict[str, list[Transaction]] = {order_id: [] for order_id in order_ids}
    for row in (await connection.execute(_READ, {"ids": list(order_ids)})).mappings():
        found[row["order_id"]].append(transaction_from(row))
    return {order_id: tuple(ledger) for order_id, ledger in found.items()}


def transaction_from(row: RowMapping) -> Transaction:
    """Read one transaction from its row."""
    return Transaction(
        id=row["id"],
        order_id=row["order_id"],
        kind=TransactionKind(row["kind"]),
        amount=Money.minor(row["amount"], row["currency"]),
        status=TransactionStatus(row["status"]),
        provider=row["provider"],
        parent=row["parent"] or "",
        provider_ref=row["provider_ref"],
        reason=row["reason"],
        at=row["at"],
        settled_at=row["settled_at"],
    )


def money_of(order: Order, ledger: Iterable[Transaction], cancelled: Pieces) -> PaymentTotals:
    """Add up the ledger of an order against what it is to bring.

    Args:
        cancelled: Line id -> cancelled pieces; lines of other orders do not matter.
    """
    return totals(ledger, due_of(order, cancelled))


def cancelled_of(line_rows: Iterable[RowMapping]) -> dict[str, int]:
    """Give the cancelled pieces by line."""
    return {row["id"]: row["cancelled"] for row in line_rows}


async def load_money(
    connection: AsyncConnection, order_id: str
) -> tuple[Order, tuple[Transaction, ...], PaymentTotals]:
    """Read one order, its ledger, and what that adds up to.

    Raises:
        OrderRefused: UNKNOWN_ORDER.
    """
    head = (await load_heads(connection, [order_id]))[order_id]
    rows = (await load_lines(connection, [order_id])).get(order_id, [])
    order, ledger = order_from(head, rows), (await load_ledgers(connection, [order_id]))[order_id]
    return order, ledger, money_of(order, ledger, cancelled_of(rows))


def may_ship(order: Order, ledger: Iterable[Transaction], cancelled: Pieces) -> bool:
    """Say whether the money lets an order go: see `domain.capture.lets_go`."""
    return lets_go(order, money_of(order, ledger, cancelled))


def require_paid(orders: Mapping[str, Order], ledgers: Ledgers, cancelled: Pieces) -> None:
    """Let orders pass that the money lets go.

    Raises:
        OrderRefused: NOT_PAID, naming the first order that is not, with what is missing.
    """
    for order_id, order in orders.items():
        money = money_of(order, ledgers[order_id], cancelled)
        is_over = all(cancelled.get(line.id, 0) == line.ordered for line in order.lines)
        if money.is_given_back and is_over:
            continue  # it leads orders with goods of their own; of itself nothing is to leave
        if not lets_go(order, money):
            raise refuse(Refusal.NOT_PAID, f"Order {order_id!r} is not paid: {_lacking(order, money)}")


def _lacking(order: Order, money: PaymentTotals) -> str:
    if money.is_given_back:
        return f"all of the {money.captured} that arrived went back. Cancel it."
    if order.per_shipment:
        promised = money.authorised - money.voided
        return f"{promised} of {money.due} are promised. Wait for the buyer's bank, or ask it again."
    return f"{money.captured} of {money.due} arrived. Wait for the payment."


async def insert_draws(
    connection: AsyncConnection,
    order_id: str,
    kind: TransactionKind,
    draws: Sequence[tuple[Transaction, Money]],
    *,
    settlement: str | None = None,
    reason: str = "",
    at: datetime,
) -> tuple[str, ...]:
    """Store transactions that draw on others and give their ids; a transfer is done at once, the rest is pending.

    The order is locked.
    """
    done = kind is TransactionKind.TRANSFER
    rows = [
        {
            "kind": kind.value,
            "amount": amount.minor_units,
            "currency": amount.currency,
            "status": (TransactionStatus.SUCCEEDED if done else TransactionStatus.PENDING).value,
            "provider": parent.provider,
            "parent": parent.id,
            "settlement_id": settlement,
            "reason": reason,
            "at": at,
            "settled_at": at if done else None,
        }
        for parent, amount in draws
    ]
    return await insert_transactions(connection, order_id, rows)


async def insert_transactions(
    connection: AsyncConnection, order_id: str, rows: Sequence[dict[str, Any]], *, chained: bool = False
) -> tuple[str, ...]:
    """Store transactions of a locked order under its next numbers, and give their ids.

    Args:
        chained: Each draws on the one before it.
    """
    first = ((await connection.execute(_LAST_NUMBER, {"of": order_id})).scalar_one() or 0) + 1
    named = [
        row | {"id": part_id(order_id, "T", number), "order_id": order_id, "number": number}
        for number, row in enumerate(rows, start=first)
    ]
    for row, before in zip(named[1:], named, strict=False):
        if chained:
            row["parent"] = before["id"]
    if named:
        await connection.execute(_INSERT, named)
    return tuple(row["id"] for row in named)
