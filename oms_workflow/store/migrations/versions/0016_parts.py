"""How goods of a line are kept and how dangerous they are; why a part was divided from its parent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0016_parts"
down_revision = "0015_blocked_parties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; lines that are there are ambient and harmless, as they were treated so far."""
    for table, name in (("order_lines", "temperature"), ("order_lines", "hazard"), ("fulfilments", "added_reason")):
        op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    # Parts made before this: their parent got the reason they carry, unless it came out of a plan.
    op.execute(
        "UPDATE fulfilments SET added_reason = 'manual' WHERE parent IS NOT NULL "
        "AND ' ' || reasons || ' ' LIKE '% manual %'"
    )


def downgrade() -> None:
    """Is not offered: it would forget what must not go in one parcel."""
    raise NoWayBack(revision)
