"""Remember who of a chain heard of a missed deadline last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_escalation_chains"
down_revision = "0019_shares_of_money"
branch_labels = None
depends_on = None

TABLE, INDEX = "sla_items", "ix_sla_items_due"
KEPT = "instance, token, element, calendar, owner, started_at, due, warned_at, breached_at, ended_at, paused"


def upgrade() -> None:
    """Add the column; of deadlines missed before nobody is named."""
    if op.get_bind().dialect.name != "sqlite":
        op.add_column(TABLE, sa.Column("escalated_to", sa.Text(), server_default="", nullable=False))
        return
    op.drop_index(INDEX, table_name=TABLE)  # SQLite writes a column that is added otherwise than one that was there
    op.rename_table(TABLE, f"{TABLE}_before")
    _make()
    op.execute(sa.text(f"INSERT INTO {TABLE} ({KEPT}) SELECT {KEPT} FROM {TABLE}_before"))  # noqa: S608
    op.drop_table(f"{TABLE}_before")
    op.create_index(INDEX, TABLE, ["due"], unique=False, sqlite_where=sa.text("ended_at IS NULL"))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column(TABLE, "escalated_to")


def _make() -> None:
    words = ("element", "calendar", "owner", "escalated_to")
    moments = ("due", "warned_at", "breached_at", "ended_at")
    op.create_table(
        TABLE,
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in words),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_sla_items_instance")),
        sa.PrimaryKeyConstraint("instance", "token", name=op.f("pk_sla_items")),
    )
