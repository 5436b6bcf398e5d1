"""What goods are packed into, and how large they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0017_cartons"
down_revision = "0016_parts"
branch_labels = None
depends_on = None

_SIDES = "length_mm >= 1 AND width_mm >= 1 AND height_mm >= 1"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cartons",
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("carton", sa.Text(), server_default="", nullable=False),
        *_numbers("length_mm", "width_mm", "height_mm", "wall_mm", "holds_grams", "own_grams"),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(f"{_SIDES} AND wall_mm >= 0", name=op.f("ck_cartons_has_sides")),
        sa.CheckConstraint("holds_grams >= 1 AND own_grams >= 0", name=op.f("ck_cartons_holds_something")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_cartons_cost_not_negative")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_cartons_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", "carton", name=op.f("pk_cartons")),
    )
    op.create_table(
        "measured_goods",
        sa.Column("sku", sa.Text(), nullable=False),
        *_numbers("length_mm", "width_mm", "height_mm"),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("ships_alone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(_SIDES, name=op.f("ck_measured_goods_has_sides")),
        sa.CheckConstraint(
            "weight_grams IS NULL OR weight_grams >= 0", name=op.f("ck_measured_goods_weight_not_negative")
        ),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_measured_goods")),
    )


def downgrade() -> None:
    """Is not offered: it would forget what somebody measured."""
    raise NoWayBack(revision)


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]
