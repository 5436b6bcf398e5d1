"""What shipments are expected to be and to cost, and what carriers asked for labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0025_expected_parcels"
down_revision = "0024_promise_revisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; of shipments that are there nothing was expected."""
    op.add_column("shipments", sa.Column("expected_cost", sa.BigInteger(), nullable=True))
    op.add_column("shipments", _word("expected_currency"))
    op.add_column("shipments", _word("why"))
    op.add_column("shipments", _number("planned_pieces"))
    op.add_column("packages", sa.Column("label_cost", sa.BigInteger(), nullable=True))
    op.add_column("packages", _word("label_currency"))
    op.create_table(
        "planned_parcels",
        sa.Column("shipment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _word("carton"),
        _number("holds_grams"),
        _number("content_grams"),
        _number("gross_grams"),
        sa.CheckConstraint(
            "carton = '' OR content_grams <= holds_grams", name=op.f("ck_planned_parcels_not_overloaded")
        ),
        sa.CheckConstraint(
            "content_grams >= 0 AND gross_grams >= content_grams", name=op.f("ck_planned_parcels_weighs_its_content")
        ),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"], name=op.f("fk_planned_parcels_shipment_id")),
        sa.PrimaryKeyConstraint("shipment_id", "number", name=op.f("pk_planned_parcels")),
    )
    op.create_table(
        "planned_parcel_lines",
        sa.Column("shipment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        _number("quantity"),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_planned_parcel_lines_holds_something")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_planned_parcel_lines_line_id")),
        sa.ForeignKeyConstraint(
            ["shipment_id", "number"],
            ["planned_parcels.shipment_id", "planned_parcels.number"],
            name=op.f("fk_planned_parcel_lines_shipment_id_number"),
        ),
        sa.PrimaryKeyConstraint("shipment_id", "number", "line_id", name=op.f("pk_planned_parcel_lines")),
    )


def downgrade() -> None:
    """Is not offered: it would forget what carriers asked."""
    raise NoWayBack(revision)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)
