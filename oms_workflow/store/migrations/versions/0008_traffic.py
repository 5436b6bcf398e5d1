"""Effects, messages, webhooks, imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0008_traffic"
down_revision = "0007_processes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _effects()
    _import_batches()
    _inbox_messages()
    _subscriptions()
    _webhook_deliveries()
    _import_rows()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _effects() -> None:
    op.create_table(
        "effects",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), server_default="", nullable=False),
        sa.Column("request", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.current_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_effects")),
    )
    op.create_index("ix_effects_at", "effects", ["at"], unique=False)


def _import_batches() -> None:
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("policy", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("duplicates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "policy IN ('reject_everything', 'reject_failed_rows', 'ignore_failed')",
            name=op.f("ck_import_batches_policy_known"),
        ),
        sa.CheckConstraint("state IN ('running', 'done', 'rejected')", name=op.f("ck_import_batches_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )


def _inbox_messages() -> None:
    op.create_table(
        "inbox_messages",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("subscription", sa.BigInteger(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'matched', 'applied', 'expired')", name=op.f("ck_inbox_messages_state_known")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_inbox_messages_id")),
    )
    op.create_index("ix_inbox_messages_instance", "inbox_messages", ["instance"], unique=False)
    op.create_index(
        "ix_inbox_messages_matched",
        "inbox_messages",
        ["matched_at"],
        unique=False,
        postgresql_where=sa.text("state = 'matched'"),
        sqlite_where=sa.text("state = 'matched'"),
    )
    op.create_index(
        "ix_inbox_messages_waiting",
        "inbox_messages",
        ["name", "key"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("subscription", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_subscriptions_state_known")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "ix_subscriptions_open",
        "subscriptions",
        ["name", "key"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index("uq_subscriptions_id", "subscriptions", ["instance", "subscription"], unique=True)


def _webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("delivery_id", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "delivery_id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_received_at", "webhook_deliveries", ["received_at"], unique=False)


def _import_rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "problems", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'duplicate', 'quarantined', 'resolved')", name=op.f("ck_import_rows_outcome_known")
        ),
        sa.ForeignKeyConstraint(["batch"], ["import_batches.id"], name=op.f("fk_import_rows_batch")),
        sa.PrimaryKeyConstraint("batch", "row", name=op.f("pk_import_rows")),
    )
    op.create_index(
        "ix_import_rows_quarantined",
        "import_rows",
        ["batch"],
        unique=False,
        postgresql_where=sa.text("outcome = 'quarantined'"),
        sqlite_where=sa.text("outcome = 'quarantined'"),
    )
