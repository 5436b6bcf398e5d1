"""What bundles are made of, and what orders were sold as bundles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0014_bundles"
down_revision = "0013_places_of_stock"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _bundle_components()
    _order_bundles()


def downgrade() -> None:
    """Is not offered: it would delete what was sold."""
    raise NoWayBack(revision)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]


def _bundle_components() -> None:
    op.create_table(
        "bundle_components",
        *_words("bundle", "component"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_words("bundle_title", "title"),
        *_numbers("quantity", "share", "weight_grams", "volume_cm3"),
        sa.CheckConstraint("bundle <> component", name=op.f("ck_bundle_components_is_made_of_others")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_bundle_components_holds_something")),
        sa.CheckConstraint(
            "share >= 0 AND weight_grams >= 0 AND volume_cm3 >= 0", name=op.f("ck_bundle_components_nothing_negative")
        ),
        sa.PrimaryKeyConstraint("bundle", "component", name=op.f("pk_bundle_components")),
        sa.UniqueConstraint("bundle", "position", name=op.f("uq_bundle_components_bundle_position")),
    )
    op.create_index("ix_bundle_components_component", "bundle_components", ["component"], unique=False)


def _order_bundles() -> None:
    op.create_table(
        "order_bundles",
        sa.Column("order_id", sa.Text(), nullable=False),
        *_words("oid", "sku", "title"),
        *_numbers("quantity"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "components", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_bundles_sells_something")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_order_bundles_amount_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_bundles_order_id")),
        sa.PrimaryKeyConstraint("order_id", "oid", name=op.f("pk_order_bundles")),
    )
    op.create_index("ix_order_bundles_sku", "order_bundles", ["sku"], unique=False)
