"""Damaged pieces, pieces in transit and safety stock in the ledger; goods that are announced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0013_places_of_stock"
down_revision = "0012_operations"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('receive', 'reserve', 'release', 'allocate', 'deallocate', 'pick', 'unpick', 'ship', 'ship_picked', "
    "'return', 'write_off', 'short', 'adjust_up', 'adjust_down', 'damage', 'mend', 'scrap', 'return_damaged', "
    "'transfer_out', 'transfer_start', 'transfer_in', 'transfer_lost', 'safety_up', 'safety_down')"
)
NOT_NEGATIVE = (
    "on_hand >= 0 AND reserved >= 0 AND allocated >= 0 AND picked >= 0 AND damaged >= 0 AND in_transit >= 0 "
    "AND safety >= 0"
)
KEPT = "sku, warehouse, on_hand, reserved, allocated, picked, safety"
ENTRY = "sku, warehouse, kind, quantity, line_id, reason, key, at"
CLAIM = "line_id, warehouse, order_id, sku, reserved, allocated, picked, shipped, expires_at"
OPEN = sa.text("arrived + missing < quantity")
EXPIRING = sa.text("reserved > 0 AND expires_at IS NOT NULL")
BEFORE = (
    "INSERT INTO stock_entries (sku, warehouse, kind, quantity, line_id, reason, key, at) "
    "SELECT sku, warehouse, 'safety_up', safety, NULL, 'safety stock kept before', '', CURRENT_TIMESTAMP "
    "FROM stock_balances WHERE safety > 0"
)


def upgrade() -> None:
    """Widen balances and their ledger, enter the safety stock that is kept already, and make the table."""
    if op.get_bind().dialect.name == "sqlite":
        _stock_anew()
    else:
        for name in ("damaged", "in_transit"):
            op.add_column("stock_balances", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        op.drop_constraint(op.f("ck_stock_balances_no_column_negative"), "stock_balances", type_="check")
        op.create_check_constraint(op.f("ck_stock_balances_no_column_negative"), "stock_balances", NOT_NEGATIVE)
        op.drop_constraint(op.f("ck_stock_entries_kind_known"), "stock_entries", type_="check")
        op.create_check_constraint(op.f("ck_stock_entries_kind_known"), "stock_entries", KINDS)
    op.execute(sa.text(BEFORE))
    _expected_receipts()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _stock_anew() -> None:
    """SQLite cannot change a constraint of a table that is there, so the three that belong together are made anew."""
    for index, table in (
        ("ix_stock_claims_expiring", "stock_claims"),
        ("ix_stock_claims_order_id", "stock_claims"),
        ("ix_stock_claims_stock", "stock_claims"),
        ("ix_stock_entries_line_id", "stock_entries"),
        ("ix_stock_entries_stock", "stock_entries"),
    ):
        op.drop_index(index, table_name=table)
    for table in ("stock_balances", "stock_claims", "stock_entries"):
        op.rename_table(table, f"{table}_before")
    _balances()
    _claims()
    _entries()
    for table, columns in (("stock_balances", KEPT), ("stock_claims", CLAIM), ("stock_entries", f"seq, {ENTRY}")):
        op.execute(sa.text(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before"))  # noqa: S608
    for table in ("stock_entries", "stock_claims", "stock_balances"):
        op.drop_table(f"{table}_before")
    op.create_index("ix_stock_claims_expiring", "stock_claims", ["expires_at"], sqlite_where=EXPIRING)
    op.create_index("ix_stock_claims_order_id", "stock_claims", ["order_id"], unique=False)
    op.create_index("ix_stock_claims_stock", "stock_claims", ["sku", "warehouse"], unique=False)
    op.create_index("ix_stock_entries_line_id", "stock_entries", ["line_id"], unique=False)
    op.create_index("ix_stock_entries_stock", "stock_entries", ["sku", "warehouse"], unique=False)


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]


def _balances() -> None:
    op.create_table(
        "stock_balances",
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        *_numbers("on_hand", "reserved", "allocated", "picked", "damaged", "in_transit", "safety"),
        sa.CheckConstraint(NOT_NEGATIVE, name=op.f("ck_stock_balances_no_column_negative")),
        sa.CheckConstraint("picked <= allocated", name=op.f("ck_stock_balances_picked_is_allocated")),
        sa.CheckConstraint("reserved + allocated <= on_hand", name=op.f("ck_stock_balances_promised_is_on_hand")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_stock_balances_warehouse")),
        sa.PrimaryKeyConstraint("sku", "warehouse", name=op.f("pk_stock_balances")),
    )


def _claims() -> None:
    op.create_table(
        "stock_claims",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        *_numbers("reserved", "allocated", "picked", "shipped"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("picked <= allocated", name=op.f("ck_stock_claims_picked_is_allocated")),
        sa.CheckConstraint(
            "reserved >= 0 AND allocated >= 0 AND picked >= 0 AND shipped >= 0",
            name=op.f("ck_stock_claims_no_column_negative"),
        ),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_stock_claims_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stock_claims_order_id")),
        _of_balance("stock_claims"),
        sa.PrimaryKeyConstraint("line_id", "warehouse", name=op.f("pk_stock_claims")),
    )


def _entries() -> None:
    op.create_table(
        "stock_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        *_numbers("quantity"),
        sa.Column("line_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_stock_entries_kind_known")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_stock_entries_moves_something")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_stock_entries_line_id")),
        _of_balance("stock_entries"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_stock_entries")),
    )


def _of_balance(table: str) -> sa.ForeignKeyConstraint:
    target = ["stock_balances.sku", "stock_balances.warehouse"]
    return sa.ForeignKeyConstraint(["sku", "warehouse"], target, name=op.f(f"fk_{table}_sku_warehouse"))


def _expected_receipts() -> None:
    op.create_table(
        "expected_receipts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        *_numbers("quantity", "arrived", "missing"),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_expected_receipts_expects_something")),
        sa.CheckConstraint(
            "arrived >= 0 AND missing >= 0 AND arrived + missing <= quantity",
            name=op.f("ck_expected_receipts_came_or_missing"),
        ),
        sa.CheckConstraint("source <> warehouse", name=op.f("ck_expected_receipts_comes_from_elsewhere")),
        sa.ForeignKeyConstraint(["source"], ["warehouses.id"], name=op.f("fk_expected_receipts_source")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_expected_receipts_warehouse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_receipts")),
        sa.UniqueConstraint("warehouse", "number", name=op.f("uq_expected_receipts_warehouse_number")),
    )
    op.create_index(
        "ix_expected_receipts_open",
        "expected_receipts",
        ["sku", "expected_at"],
        unique=False,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
