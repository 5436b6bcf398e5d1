"""Fulfilment orders, shipments, packages, tracking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0004_fulfilments"
down_revision = "0003_stock"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _tracking_events()
    _fulfilments()
    _fulfilment_lines()
    _shipments()
    _packages()
    _package_lines()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _tracking_events() -> None:
    op.create_table(
        "tracking_events",
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("tracking_number", sa.Text(), server_default="", nullable=False),
        sa.Column("event_id", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "status IN ('pre_transit', 'in_transit', 'out_for_delivery', "
            "'available_for_pickup', 'failure', 'lost', 'return_to_sender', 'returned', "
            "'delivered', 'unknown')",
            name=op.f("ck_tracking_events_status_known"),
        ),
        sa.PrimaryKeyConstraint("carrier", "tracking_number", "event_id", name=op.f("pk_tracking_events")),
    )


def _fulfilments() -> None:
    op.create_table(
        "fulfilments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("request_status", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("fate", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fate IS NULL OR fate IN ('ship', 'cancel')", name=op.f("ck_fulfilments_fate_known")),
        sa.CheckConstraint(
            "request_status IN ('unsubmitted', 'submitted', 'accepted', 'rejected', "
            "'cancel_requested', 'cancel_accepted', 'cancel_rejected')",
            name=op.f("ck_fulfilments_request_status_known"),
        ),
        sa.CheckConstraint("status <> 'cancelled' OR fate = 'cancel'", name=op.f("ck_fulfilments_cancelled_by_fate")),
        sa.CheckConstraint(
            "status IN ('open', 'in_progress', 'incomplete', 'closed', 'cancelled')",
            name=op.f("ck_fulfilments_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('closed', 'incomplete') OR fate = 'ship'", name=op.f("ck_fulfilments_closed_by_fate")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fulfilments_order_id")),
        sa.ForeignKeyConstraint(["parent"], ["fulfilments.id"], name=op.f("fk_fulfilments_parent")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_fulfilments_warehouse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilments")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_fulfilments_order_id_number")),
    )
    op.create_index("ix_fulfilments_reference", "fulfilments", ["reference"], unique=False)
    op.create_index("ix_fulfilments_warehouse", "fulfilments", ["warehouse", "created_at"], unique=False)


def _fulfilment_lines() -> None:
    op.create_table(
        "fulfilment_lines",
        sa.Column("fulfilment_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("picked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("short", sa.Integer(), server_default="0", nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "freight >= 0 AND discount >= 0 AND tax >= 0", name=op.f("ck_fulfilment_lines_shares_not_negative")
        ),
        sa.CheckConstraint(
            "shipped >= 0 AND picked >= 0 AND short >= 0 AND shipped + picked <= quantity",
            name=op.f("ck_fulfilment_lines_handled_was_planned"),
        ),
        sa.ForeignKeyConstraint(["fulfilment_id"], ["fulfilments.id"], name=op.f("fk_fulfilment_lines_fulfilment_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_fulfilment_lines_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fulfilment_lines_order_id")),
        sa.PrimaryKeyConstraint("fulfilment_id", "line_id", name=op.f("pk_fulfilment_lines")),
    )
    op.create_index("ix_fulfilment_lines_line_id", "fulfilment_lines", ["line_id"], unique=False)
    op.create_index("ix_fulfilment_lines_order_id", "fulfilment_lines", ["order_id"], unique=False)


def _shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fulfilment_id", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'handed_over') = (handed_over_at IS NOT NULL)", name=op.f("ck_shipments_handed_over_when")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'labelled', 'handed_over', 'cancelled')", name=op.f("ck_shipments_status_known")
        ),
        sa.ForeignKeyConstraint(["fulfilment_id"], ["fulfilments.id"], name=op.f("fk_shipments_fulfilment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
    )
    op.create_index("ix_shipments_fulfilment_id", "shipments", ["fulfilment_id"], unique=False)


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shipment_id", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("tracking_number", sa.Text(), server_default="", nullable=False),
        sa.Column("weight_grams", sa.Integer(), server_default="0", nullable=False),
        sa.Column("label_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('pre_transit', 'in_transit', 'out_for_delivery', "
            "'available_for_pickup', 'failure', 'lost', 'return_to_sender', 'returned', "
            "'delivered', 'unknown')",
            name=op.f("ck_packages_status_known"),
        ),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], name=op.f("fk_packages_shipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
        sa.UniqueConstraint("carrier", "tracking_number", name=op.f("uq_packages_carrier_tracking_number")),
    )
    op.create_index("ix_packages_shipment_id", "packages", ["shipment_id"], unique=False)
    op.create_index("ix_packages_tracking_number", "packages", ["tracking_number"], unique=False)


def _package_lines() -> None:
    op.create_table(
        "package_lines",
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_package_lines_holds_something")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_package_lines_line_id")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_package_lines_package_id")),
        sa.PrimaryKeyConstraint("package_id", "line_id", name=op.f("pk_package_lines")),
    )
    op.create_index("ix_package_lines_line_id", "package_lines", ["line_id"], unique=False)
