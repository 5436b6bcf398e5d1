"""Orders, lines, holds, remarks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0001_orders"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _orders()
    _cancellations()
    _order_holds()
    _order_lines()
    _order_notes()
    _order_revisions()
    _line_moves()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("external_id", sa.Text(), server_default="", nullable=False),
        sa.Column("shop", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("buyer_key", sa.Text(), server_default="", nullable=False),
        sa.Column("address_digest", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("adjustment", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.Text(), server_default="", nullable=False),
        sa.Column("service_level", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        *_order_rules(),
    )
    op.create_index("ix_orders_address", "orders", ["address_digest", "placed_at"], unique=False)
    op.create_index("ix_orders_buyer", "orders", ["buyer_key", "placed_at"], unique=False)
    op.create_index("ix_orders_customer_ref", "orders", ["customer_ref"], unique=False)
    op.create_index("ix_orders_external_id", "orders", ["external_id"], unique=False)
    op.create_index("ix_orders_leader", "orders", ["leader"], unique=False)
    op.create_index("ix_orders_number", "orders", ["number"], unique=False)
    op.create_index("ix_orders_parent", "orders", ["parent"], unique=False)
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"], unique=False)


def _order_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "origin IN ('channel', 'manual', 'import', 'exchange', 'reissue')", name=op.f("ck_orders_origin_known")
        ),
        sa.CheckConstraint(
            "service_level IN ('standard', 'express', 'vip')", name=op.f("ck_orders_service_level_known")
        ),
        sa.CheckConstraint("terms IN ('prepaid', 'on_delivery')", name=op.f("ck_orders_terms_known")),
        sa.CheckConstraint("freight >= 0", name=op.f("ck_orders_freight_not_negative")),
        sa.CheckConstraint("leader <> id", name=op.f("ck_orders_follows_another")),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_orders_priority_range")),
        sa.ForeignKeyConstraint(["leader"], ["orders.id"], name=op.f("fk_orders_leader")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_orders_channel_external_id")),
    ]


def _cancellations() -> None:
    op.create_table(
        "cancellations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result IN ('cancelled', 'partly', 'too_late')", name=op.f("ck_cancellations_result_known")),
        sa.CheckConstraint("scope IN ('whole', 'rest', 'waiting')", name=op.f("ck_cancellations_scope_known")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_cancellations_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellations")),
    )
    op.create_index("ix_cancellations_order_id", "cancellations", ["order_id"], unique=False)


def _order_holds() -> None:
    op.create_table(
        "order_holds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("handle", sa.Text(), server_default="", nullable=False),
        sa.Column("blocks", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("applied_by", sa.Text(), server_default="", nullable=False),
        sa.Column("resolver_role", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('audit', 'finance', 'fraud', 'address', 'data', 'remark', 'change', "
            "'customer_request', 'out_of_stock', 'channel', 'presale', 'return_items', "
            "'manual')",
            name=op.f("ck_order_holds_kind_known"),
        ),
        sa.CheckConstraint("status IN ('open', 'resolved', 'rejected')", name=op.f("ck_order_holds_status_known")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_holds_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_holds")),
    )
    op.create_index("ix_order_holds_order_id", "order_holds", ["order_id"], unique=False)
    op.create_index(
        "uq_order_holds_open",
        "order_holds",
        ["order_id", "kind", "handle"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )


def _order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("oid", sa.Text(), server_default="", nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("ordered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("weight_grams", sa.Integer(), server_default="0", nullable=False),
        sa.Column("volume_cm3", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ship_together", sa.Text(), server_default="", nullable=False),
        sa.Column("bundle", sa.Text(), server_default="", nullable=False),
        sa.Column("gift", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("open", sa.Integer(), server_default="0", nullable=False),
        sa.Column("allocated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("backordered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("written_off", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("return_announced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("returned", sa.Integer(), server_default="0", nullable=False),
        *_order_line_rules(),
    )
    op.create_index(
        "ix_order_lines_backordered",
        "order_lines",
        ["sku"],
        unique=False,
        postgresql_where=sa.text("backordered > 0"),
        sqlite_where=sa.text("backordered > 0"),
    )
    op.create_index("ix_order_lines_oid", "order_lines", ["oid"], unique=False)


def _order_line_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "delivered >= 0 AND delivered <= shipped", name=op.f("ck_order_lines_delivered_was_shipped")
        ),
        sa.CheckConstraint(
            "open >= 0 AND allocated >= 0 AND shipped >= 0 AND cancelled >= 0 AND "
            "backordered >= 0 AND written_off >= 0",
            name=op.f("ck_order_lines_no_place_negative"),
        ),
        sa.CheckConstraint(
            "ordered = open + allocated + shipped + cancelled + backordered + written_off",
            name=op.f("ck_order_lines_every_piece_in_one_place"),
        ),
        sa.CheckConstraint("ordered >= 1", name=op.f("ck_order_lines_orders_something")),
        sa.CheckConstraint(
            "return_announced >= 0 AND return_announced <= shipped", name=op.f("ck_order_lines_announced_was_shipped")
        ),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= return_announced", name=op.f("ck_order_lines_returned_was_announced")
        ),
        sa.CheckConstraint(
            "unit_price >= 0 AND discount >= 0 AND tax >= 0 AND unit_price * ordered - discount + tax >= 0",
            name=op.f("ck_order_lines_amounts_not_negative"),
        ),
        sa.CheckConstraint("weight_grams >= 0 AND volume_cm3 >= 0", name=op.f("ck_order_lines_size_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("channel", "oid", name=op.f("uq_order_lines_channel_oid")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_lines_order_id_position")),
    ]


def _order_notes() -> None:
    op.create_table(
        "order_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("flag", sa.Integer(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('buyer_message', 'seller_remark', 'service_remark', 'print_remark')",
            name=op.f("ck_order_notes_kind_known"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_notes_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_notes")),
    )
    op.create_index("ix_order_notes_order_id", "order_notes", ["order_id"], unique=False)


def _order_revisions() -> None:
    op.create_table(
        "order_revisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("channel_version", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_revisions_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_revisions")),
    )
    op.create_index("ix_order_revisions_order_id", "order_revisions", ["order_id"], unique=False)


def _line_moves() -> None:
    op.create_table(
        "line_moves",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "move IN ('allocate', 'deallocate', 'backorder', 'reopen', 'ship', "
            "'cancel_open', 'cancel_backordered', 'cancel_allocated', 'write_off', "
            "'send_again')",
            name=op.f("ck_line_moves_move_known"),
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_line_moves_moves_something")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_line_moves_line_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_line_moves")),
    )
    op.create_index("ix_line_moves_line_id", "line_moves", ["line_id"], unique=False)
