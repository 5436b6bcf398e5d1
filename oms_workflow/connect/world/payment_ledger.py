"""The provider's own books: what was promised, taken and sent back, and how much is left of it at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from oms_workflow.connect.world.tables import payments
from oms_workflow.connect.world.visit import Visit
from oms_workflow.domain.money import Money
from oms_workflow.domain.payment import TransactionKind

PROVIDER = "world-pay"
"""The provider's name, as the shop stores it with its transactions."""

DRAWN_BY: dict[TransactionKind, tuple[TransactionKind, ...]] = {
    TransactionKind.AUTHORISE: (TransactionKind.CAPTURE, TransactionKind.VOID),
    TransactionKind.CAPTURE: (TransactionKind.REFUND,),
}
"""What draws on what."""

_NEW = insert(payments)
_ONE = select(payments).where(payments.c.ref == bindparam("of"))
_DRAWN = select(payments).where(payments.c.parent == bindparam("of"))
_OPEN = (
    select(payments)
    .where(
        payments.c.subject == bindparam("subject"), payments.c.parent == "", payments.c.outcome.in_(("", "succeeded"))
    )
    .order_by(payments.c.at, payments.c.ref)
)
_CHANGE = update(payments).where(payments.c.ref == bindparam("of"))

PARENT_OF = {child: parent for parent, children in DRAWN_BY.items() for child in children}


def stands_at(row: Any, at: datetime) -> str:
    """Give what is known of a transaction at a moment: 'pending', 'succeeded', 'failed' or 'canceled'."""
    return row.outcome if row.settles_at is not None and row.settles_at <= at else "pending"


def book(
    visit: Visit,
    *,
    ref: str,
    kind: TransactionKind,
    amount: Money | None,
    outcome: str,
    settles_at: datetime | None,
    parent: str = "",
    transaction: str = "",
    key: str = "",
) -> None:
    """Write a transaction down; `amount` None is one made elsewhere, of which nobody told how much it was."""
    row = {
        "ref": ref,
        "subject": visit.subject,
        "kind": kind.value,
        "minor": None if amount is None else amount.minor_units,
        "currency": "" if amount is None else amount.currency,
        "parent": parent,
        "transaction": transaction,
        "outcome": outcome,
        "settles_at": settles_at,
        "key": key,
        "at": visit.at,
    }
    visit.connection.execute(_NEW, row)


def find(visit: Visit, ref: str) -> Any | None:
    """Give a transaction by the provider's id; None when there is none."""
    return visit.connection.execute(_ONE, {"of": ref}).one_or_none()


def parent_for(visit: Visit, kind: TransactionKind, ref: str) -> Any:
    """Give the transaction another one draws on.

    One the world has not seen is taken for one that was made before it began, such as a payment at the channel: it
    is noted without an amount, and then draws on it cannot be checked against a limit.
    """
    row = find(visit, ref)
    if row is None:
        book(visit, ref=ref, kind=PARENT_OF[kind], amount=None, outcome="succeeded", settles_at=visit.at)
        row = find(visit, ref)
    return row


def left_of(visit: Visit, parent: Any) -> int | None:
    """Give the minor units that may still be drawn on a transaction; None when its amount is not known."""
    if parent.minor is None:
        return None
    rows = visit.connection.execute(_DRAWN, {"of": parent.ref})
    return int(parent.minor) - sum(int(row.minor) for row in rows if stands_at(row, visit.at) != "failed")


def open_intents(visit: Visit) -> list[Any]:
    """Give the transactions of the order that its buyer has yet to act on."""
    rows = visit.connection.execute(_OPEN, {"subject": visit.subject}).all()
    return [row for row in rows if stands_at(row, visit.at) == "pending"]


def change(visit: Visit, ref: str, **values: Any) -> None:
    """Change what will become of a transaction."""
    visit.connection.execute(_CHANGE, {"of": ref} | values)
