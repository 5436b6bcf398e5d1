"""Waves: when they go, who waits for one, who went with one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0026_waves"
down_revision = "0025_expected_parcels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "wave_rules",
        sa.Column("warehouse", sa.Text(), nullable=False),
        _word("carrier"),
        _word("zone"),
        sa.Column(
            "times", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        _number("most_orders"),
        _number("longest_wait_seconds"),
        sa.CheckConstraint("most_orders >= 1 AND longest_wait_seconds >= 1", name=op.f("ck_wave_rules_holds_somebody")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_wave_rules_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", "carrier", name=op.f("pk_wave_rules")),
    )
    op.create_table(
        "waves",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _word("carrier"),
        _word("reason"),
        _number("orders"),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        _word("released_by"),
        sa.CheckConstraint("reason IN ('time', 'full', 'waited', 'manual')", name=op.f("ck_waves_reason_known")),
        sa.CheckConstraint("orders >= 1", name=op.f("ck_waves_holds_somebody")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_waves_warehouse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
        sa.UniqueConstraint("warehouse", "number", name=op.f("uq_waves_warehouse_number")),
    )
    _wave_orders()


def downgrade() -> None:
    """Is not offered: it would let released waves go twice."""
    raise NoWayBack(revision)


def _wave_orders() -> None:
    op.create_table(
        "wave_orders",
        sa.Column("fulfilment_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wave_id", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.CheckConstraint("(wave_id IS NULL) = (position IS NULL)", name=op.f("ck_wave_orders_has_its_place")),
        sa.ForeignKeyConstraint(["fulfilment_id"], ["fulfilments.id"], name=op.f("fk_wave_orders_fulfilment_id")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_wave_orders_warehouse")),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_wave_orders_wave_id")),
        sa.PrimaryKeyConstraint("fulfilment_id", name=op.f("pk_wave_orders")),
        sa.UniqueConstraint("wave_id", "position", name=op.f("uq_wave_orders_wave_id_position")),
    )
    waits = sa.text("wave_id IS NULL")
    op.create_index(
        "ix_wave_orders_waiting", "wave_orders", ["warehouse"], unique=False, postgresql_where=waits, sqlite_where=waits
    )


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)
