"""Find open orders that have no process yet without reading all orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_open_orders"
down_revision = "0009_clocks"
branch_labels = None
depends_on = None

OPEN = sa.text("completed_at IS NULL AND cancelled_at IS NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_orders_open", "orders", ["taken_in_at"], postgresql_where=OPEN, sqlite_where=OPEN)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_orders_open", table_name="orders")
