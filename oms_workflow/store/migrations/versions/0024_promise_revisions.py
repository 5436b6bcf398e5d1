"""What was promised to those who wait for goods, revision by revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0024_promise_revisions"
down_revision = "0023_delivery_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "promise_revisions",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matters", sa.Boolean(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('backordered', 'announced', 'sooner', 'postponed', 'overdue', 'given_up', 'overtaken', "
            "'changed', 'over')",
            name=op.f("ck_promise_revisions_reason_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_promise_revisions_numbered_from_one")),
        sa.CheckConstraint("notice_id IS NULL OR matters", name=op.f("ck_promise_revisions_told_when_it_matters")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_promise_revisions_notice_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_promise_revisions_order_id")),
        sa.ForeignKeyConstraint(["receipt"], ["expected_receipts.id"], name=op.f("fk_promise_revisions_receipt")),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_promise_revisions")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_promise_revisions_notice_id")),
    )
    _parts()


def _parts() -> None:
    op.create_table(
        "promise_parts",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ships_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('shelf', 'announced', 'overdue', 'nobody')", name=op.f("ck_promise_parts_state_known")
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_promise_parts_promises_something")),
        sa.CheckConstraint(
            "ships_at IS NULL OR ships_at >= expected_at", name=op.f("ck_promise_parts_leaves_after_it_came")
        ),
        sa.CheckConstraint(
            "arrives_at IS NULL OR arrives_at >= ships_at", name=op.f("ck_promise_parts_arrives_after_it_left")
        ),
        sa.CheckConstraint("day IS NULL OR state = 'announced'", name=op.f("ck_promise_parts_day_needs_goods")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_promise_parts_line_id")),
        sa.ForeignKeyConstraint(
            ["order_id", "number"],
            ["promise_revisions.order_id", "promise_revisions.number"],
            name=op.f("fk_promise_parts_order_id_number"),
        ),
        sa.ForeignKeyConstraint(["receipt"], ["expected_receipts.id"], name=op.f("fk_promise_parts_receipt")),
        sa.PrimaryKeyConstraint("order_id", "number", "position", name=op.f("pk_promise_parts")),
    )
    op.create_index("ix_promise_parts_receipt", "promise_parts", ["receipt"])


def downgrade() -> None:
    """Is not offered: it would forget what buyers were told."""
    raise NoWayBack(revision)
