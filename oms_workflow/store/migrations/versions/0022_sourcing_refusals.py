"""Warehouses that were passed over when an order was given its goods, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0022_sourcing_refusals"
down_revision = "0021_audits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of orders that have their goods already nobody knows any more whom they passed over."""
    op.create_table(
        "sourcing_refusals",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("by_all", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why <> ''", name=op.f("ck_sourcing_refusals_says_why")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_sourcing_refusals_order_id")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_sourcing_refusals_warehouse")),
        sa.PrimaryKeyConstraint("order_id", "warehouse", name=op.f("pk_sourcing_refusals")),
    )


def downgrade() -> None:
    """Is not offered: goods could be moved to where the shop's rules do not let them be sent from."""
    raise NoWayBack(revision)
