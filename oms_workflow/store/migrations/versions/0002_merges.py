"""Merges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0002_merges"
down_revision = "0001_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _merges()
    _merge_followers()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("status IN ('active', 'undone')", name=op.f("ck_merges_status_known")),
        sa.ForeignKeyConstraint(["leader"], ["orders.id"], name=op.f("fk_merges_leader")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_leader", "merges", ["leader"], unique=False)


def _merge_followers() -> None:
    op.create_table(
        "merge_followers",
        sa.Column("merge_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merges.id"], name=op.f("fk_merge_followers_merge_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_merge_followers_order_id")),
        sa.PrimaryKeyConstraint("merge_id", "order_id", name=op.f("pk_merge_followers")),
    )
    op.create_index("ix_merge_followers_order_id", "merge_followers", ["order_id"], unique=False)
    op.create_index(
        "uq_merge_followers_active",
        "merge_followers",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("active"),
        sqlite_where=sa.text("active"),
    )
