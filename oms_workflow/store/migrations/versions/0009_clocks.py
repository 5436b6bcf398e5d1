"""Attempts of work being tried again, waits for signals, and the clocks of instances whose time is skipped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0009_clocks"
down_revision = "0008_traffic"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "node_attempts",
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("activity", sa.Text(), server_default="", nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance", "element", name=op.f("pk_node_attempts")),
    )
    op.create_table(
        "signal_waits",
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("subscription", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance", "subscription", name=op.f("pk_signal_waits")),
    )
    op.create_index("ix_signal_waits_name", "signal_waits", ["name"], unique=False)
    op.create_table(
        "instance_clocks",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.Column("business_key", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idle", sa.Boolean(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instance", name=op.f("pk_instance_clocks")),
    )
    op.create_index("ix_instance_clocks_touched_at", "instance_clocks", ["touched_at"], unique=False)


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)
