"""Returns, payments, settlements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0005_after_sales"
down_revision = "0004_fulfilments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _returns()
    _return_items()
    _settlements()
    _payment_transactions()
    _settlement_lines()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _returns() -> None:
    op.create_table(
        "returns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exchange_order", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "type IN ('refund_before_shipping', 'return', 'exchange', 'refund_without_return', 'price_protection')",
            name=op.f("ck_returns_type_known"),
        ),
        sa.ForeignKeyConstraint(["exchange_order"], ["orders.id"], name=op.f("fk_returns_exchange_order")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_returns_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
    )
    op.create_index("ix_returns_order_id", "returns", ["order_id"], unique=False)


def _return_items() -> None:
    op.create_table(
        "return_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("reception", sa.Text(), server_default="", nullable=False),
        sa.Column("acceptance", sa.Text(), server_default="", nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "acceptance IN ('pending', 'accepted', 'rejected', 'manual_intervention_required')",
            name=op.f("ck_return_items_acceptance_known"),
        ),
        sa.CheckConstraint(
            "condition IS NULL OR condition IN ('sellable', 'damaged')", name=op.f("ck_return_items_condition_known")
        ),
        sa.CheckConstraint(
            "place IS NULL OR place IN ('shipped', 'written_off', 'cancelled')",
            name=op.f("ck_return_items_place_known"),
        ),
        sa.CheckConstraint(
            "reception IN ('awaiting', 'in_transit', 'received', 'lost_in_transit', "
            "'shipped_wrong_item', 'short_shipped', 'given_to_customer', 'expired', "
            "'cancelled')",
            name=op.f("ck_return_items_reception_known"),
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_return_items_quantity_not_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_return_items_line_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_items_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_items")),
    )
    op.create_index("ix_return_items_line_id", "return_items", ["line_id"], unique=False)
    op.create_index("ix_return_items_return_id", "return_items", ["return_id"], unique=False)


def _settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('refund', 'exchange')", name=op.f("ck_settlements_kind_known")),
        sa.CheckConstraint("status IN ('standing', 'withdrawn')", name=op.f("ck_settlements_status_known")),
        sa.CheckConstraint("amount >= 0 AND freight >= 0", name=op.f("ck_settlements_amounts_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_settlements_order_id")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_settlements_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
    )
    op.create_index("ix_settlements_order_id", "settlements", ["order_id"], unique=False)
    op.create_index(
        "uq_settlements_exchange",
        "settlements",
        ["return_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'exchange' AND status = 'standing'"),
        sqlite_where=sa.text("kind = 'exchange' AND status = 'standing'"),
    )


def _payment_transactions() -> None:
    op.create_table(
        "payment_transactions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("provider", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("settlement_id", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *_payment_transaction_rules(),
    )
    op.create_index("ix_payment_transactions_parent", "payment_transactions", ["parent"], unique=False)
    op.create_index(
        "ix_payment_transactions_pending",
        "payment_transactions",
        ["at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
        sqlite_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_payment_transactions_provider_ref", "payment_transactions", ["provider_ref"], unique=False)
    op.create_index("ix_payment_transactions_settlement_id", "payment_transactions", ["settlement_id"], unique=False)
    op.create_index("uq_payment_transactions_number", "payment_transactions", ["order_id", "number"], unique=True)
    op.create_index(
        "uq_payment_transactions_provider_ref",
        "payment_transactions",
        ["provider", "kind", "provider_ref"],
        unique=True,
        postgresql_where=sa.text("provider_ref <> ''"),
        sqlite_where=sa.text("provider_ref <> ''"),
    )


def _payment_transaction_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(kind = 'authorise') = (parent IS NULL)", name=op.f("ck_payment_transactions_draws_on_something")
        ),
        sa.CheckConstraint(
            "(status = 'pending') = (settled_at IS NULL)", name=op.f("ck_payment_transactions_settled_when")
        ),
        sa.CheckConstraint(
            "kind IN ('authorise', 'capture', 'void', 'refund', 'transfer')",
            name=op.f("ck_payment_transactions_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed')", name=op.f("ck_payment_transactions_status_known")
        ),
        sa.CheckConstraint("amount >= 1", name=op.f("ck_payment_transactions_moves_something")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_transactions_order_id")),
        sa.ForeignKeyConstraint(["parent"], ["payment_transactions.id"], name=op.f("fk_payment_transactions_parent")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_payment_transactions_settlement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_transactions")),
    ]


def _settlement_lines() -> None:
    op.create_table(
        "settlement_lines",
        sa.Column("settlement_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Integer(), server_default="0", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("pieces >= 0 AND amount >= 0", name=op.f("ck_settlement_lines_not_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_settlement_lines_line_id")),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlements.id"], name=op.f("fk_settlement_lines_settlement_id")),
        sa.PrimaryKeyConstraint("settlement_id", "line_id", name=op.f("pk_settlement_lines")),
    )
    op.create_index("ix_settlement_lines_line_id", "settlement_lines", ["line_id"], unique=False)
