"""Tables of returns, payments and what was settled for pieces."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, text

from oms_workflow.domain.payment import TransactionKind, TransactionStatus
from oms_workflow.domain.returns import Acceptance, Condition, Reception, ReturnType
from oms_workflow.store.tables.columns import count, holds, metadata, minor, moment, one_of, word

returns = Table(
    "returns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    word("type"),
    word("reason"),
    moment("opened_at"),
    moment("cancelled_at", optional=True),
    Column("exchange_order", Text, ForeignKey("orders.id"), nullable=True),
    one_of("type", ReturnType),
    Index("ix_returns_order_id", "order_id"),
)

return_items = Table(
    "return_items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("return_id", Text, ForeignKey("returns.id"), nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    count("position"),
    count("quantity"),
    Column("place", Text, nullable=True),
    word("reception"),
    word("acceptance"),
    Column("condition", Text, nullable=True),
    word("warehouse"),
    word("note"),
    one_of("place", ("shipped", "written_off", "cancelled"), optional=True),
    one_of("reception", Reception),
    one_of("acceptance", Acceptance),
    one_of("condition", Condition, optional=True),
    holds("quantity_not_negative", "quantity >= 0"),
    Index("ix_return_items_return_id", "return_id"),
    Index("ix_return_items_line_id", "line_id"),
)

settlements = Table(
    "settlements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("return_id", Text, ForeignKey("returns.id"), nullable=True),
    word("kind"),
    word("status"),
    word("currency"),
    minor("freight"),
    minor("amount"),
    word("reason"),
    moment("at"),
    one_of("kind", ("refund", "exchange")),
    one_of("status", ("standing", "withdrawn")),
    holds("amounts_not_negative", "amount >= 0 AND freight >= 0"),
    Index("ix_settlements_order_id", "order_id"),
    Index(
        "uq_settlements_exchange",
        "return_id",
        unique=True,
        postgresql_where=text("kind = 'exchange' AND status = 'standing'"),
        sqlite_where=text("kind = 'exchange' AND status = 'standing'"),
    ),
)

settlement_lines = Table(
    "settlement_lines",
    metadata,
    Column("settlement_id", Text, ForeignKey("settlements.id"), nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    count("pieces"),
    minor("amount"),
    PrimaryKeyConstraint("settlement_id", "line_id"),
    holds("not_negative", "pieces >= 0 AND amount >= 0"),
    Index("ix_settlement_lines_line_id", "line_id"),
)

payment_transactions = Table(
    "payment_transactions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    count("number"),
    word("kind"),
    minor("amount"),
    word("currency"),
    word("status"),
    word("provider"),
    Column("parent", Text, ForeignKey("payment_transactions.id"), nullable=True),
    Column("settlement_id", Text, ForeignKey("settlements.id"), nullable=True),
    word("provider_ref"),
    word("reason"),
    moment("at"),
    moment("settled_at", optional=True),
    one_of("kind", TransactionKind),
    one_of("status", TransactionStatus),
    holds("moves_something", "amount >= 1"),
    holds("draws_on_something", "(kind = 'authorise') = (parent IS NULL)"),
    holds("settled_when", "(status = 'pending') = (settled_at IS NULL)"),
    Index("uq_payment_transactions_number", "order_id", "number", unique=True),
    Index("ix_payment_transactions_parent", "parent"),
    Index("ix_payment_transactions_provider_ref", "provider_ref"),
    Index("ix_payment_transactions_settlement_id", "settlement_id"),
    Index(
        "ix_payment_transactions_pending",
        "at",
        postgresql_where=text("status = 'pending'"),
        sqlite_where=text("status = 'pending'"),
    ),
    Index(
        "uq_payment_transactions_provider_ref",
        "provider",
        "kind",
        "provider_ref",
        unique=True,
        postgresql_where=text("provider_ref <> ''"),
        sqlite_where=text("provider_ref <> ''"),
    ),
)
