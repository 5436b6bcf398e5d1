"""Warehouses and stock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0003_stock"
down_revision = "0002_merges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _warehouses()
    _lanes()
    _stock_balances()
    _stock_claims()
    _stock_entries()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _warehouses() -> None:
    op.create_table(
        "warehouses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "sellers", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("daily_parcels", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouses")),
    )


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("distance_km", sa.Integer(), server_default="0", nullable=False),
        sa.Column("transit_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint("cost >= 0 AND distance_km >= 0", name=op.f("ck_lanes_cost_not_negative")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_lanes_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", "country", "region", name=op.f("pk_lanes")),
    )
    op.create_index("ix_lanes_country", "lanes", ["country", "region"], unique=False)


def _stock_balances() -> None:
    op.create_table(
        "stock_balances",
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("allocated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("picked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("safety", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "on_hand >= 0 AND reserved >= 0 AND allocated >= 0 AND picked >= 0 AND safety >= 0",
            name=op.f("ck_stock_balances_no_column_negative"),
        ),
        sa.CheckConstraint("picked <= allocated", name=op.f("ck_stock_balances_picked_is_allocated")),
        sa.CheckConstraint("reserved + allocated <= on_hand", name=op.f("ck_stock_balances_promised_is_on_hand")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_stock_balances_warehouse")),
        sa.PrimaryKeyConstraint("sku", "warehouse", name=op.f("pk_stock_balances")),
    )


def _stock_claims() -> None:
    op.create_table(
        "stock_claims",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("allocated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("picked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("picked <= allocated", name=op.f("ck_stock_claims_picked_is_allocated")),
        sa.CheckConstraint(
            "reserved >= 0 AND allocated >= 0 AND picked >= 0 AND shipped >= 0",
            name=op.f("ck_stock_claims_no_column_negative"),
        ),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_stock_claims_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stock_claims_order_id")),
        sa.ForeignKeyConstraint(
            ["sku", "warehouse"],
            ["stock_balances.sku", "stock_balances.warehouse"],
            name=op.f("fk_stock_claims_sku_warehouse"),
        ),
        sa.PrimaryKeyConstraint("line_id", "warehouse", name=op.f("pk_stock_claims")),
    )
    op.create_index(
        "ix_stock_claims_expiring",
        "stock_claims",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("reserved > 0 AND expires_at IS NOT NULL"),
        sqlite_where=sa.text("reserved > 0 AND expires_at IS NOT NULL"),
    )
    op.create_index("ix_stock_claims_order_id", "stock_claims", ["order_id"], unique=False)
    op.create_index("ix_stock_claims_stock", "stock_claims", ["sku", "warehouse"], unique=False)


def _stock_entries() -> None:
    op.create_table(
        "stock_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("line_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('receive', 'reserve', 'release', 'allocate', 'deallocate', 'pick', "
            "'unpick', 'ship', 'ship_picked', 'return', 'write_off', 'short', 'adjust_up', "
            "'adjust_down')",
            name=op.f("ck_stock_entries_kind_known"),
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_stock_entries_moves_something")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_stock_entries_line_id")),
        sa.ForeignKeyConstraint(
            ["sku", "warehouse"],
            ["stock_balances.sku", "stock_balances.warehouse"],
            name=op.f("fk_stock_entries_sku_warehouse"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_stock_entries")),
    )
    op.create_index("ix_stock_entries_line_id", "stock_entries", ["line_id"], unique=False)
    op.create_index("ix_stock_entries_stock", "stock_entries", ["sku", "warehouse"], unique=False)
