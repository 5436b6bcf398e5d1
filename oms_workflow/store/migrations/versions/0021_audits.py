"""Keep what each audit looked at, and what every change of an order was, before and after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0021_audits"
down_revision = "0020_escalation_chains"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLE, INDEX = "order_revisions", "ix_order_revisions_order_id"
KEPT = "id, order_id, channel_version, changes, content, at, accepted_at"


def upgrade() -> None:
    """Make the table and the column; what changed before is not told field by field."""
    if op.get_bind().dialect.name == "sqlite":
        _revisions_anew()
    else:
        op.add_column(TABLE, sa.Column("differences", JSON, server_default="[]", nullable=False))
    op.create_table(
        "order_audits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_audits_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_audits")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_audits_order_id_number")),
    )


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _revisions_anew() -> None:
    """SQLite writes a column that is added otherwise than one that was there from the beginning."""
    op.drop_index(INDEX, table_name=TABLE)
    op.rename_table(TABLE, f"{TABLE}_before")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("channel_version", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("differences", JSON, server_default="[]", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_revisions_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_revisions")),
    )
    op.execute(sa.text(f"INSERT INTO {TABLE} ({KEPT}) SELECT {KEPT} FROM {TABLE}_before"))  # noqa: S608
    op.drop_table(f"{TABLE}_before")
    op.create_index(INDEX, TABLE, ["order_id"], unique=False)
