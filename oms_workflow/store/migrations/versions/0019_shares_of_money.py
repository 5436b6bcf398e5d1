"""Whether promised money is taken at once or shipment by shipment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0019_shares_of_money"
down_revision = "0018_parcel_rates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; money of orders that are there is taken at once, as it was so far."""
    op.add_column("orders", sa.Column("per_shipment", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Is not offered: money that is taken by shipment would be taken for goods that never leave."""
    raise NoWayBack(revision)
