"""What carriers charge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0018_parcel_rates"
down_revision = "0017_cartons"
branch_labels = None
depends_on = None

_PRICES = (
    "first_cost >= 0 AND further_cost >= 0 AND remote_cost >= 0 AND on_delivery_cost >= 0 "
    "AND on_delivery_basis_points >= 0 AND oversize_cost >= 0"
)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "parcel_rates",
        *[sa.Column(name, sa.Text(), server_default="", nullable=False)
          for name in ("carrier", "service", "warehouse", "country", "region")],
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        _number("up_to_grams"),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        _number("first_grams"),
        sa.Column("first_cost", sa.BigInteger(), nullable=False),
        _number("further_grams"),
        _amount("further_cost"),
        sa.Column("divisor", sa.Integer(), nullable=True),
        _amount("remote_cost"),
        sa.Column(
            "remote_cities", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        _amount("on_delivery_cost"),
        _number("on_delivery_basis_points"),
        sa.Column("oversize_mm", sa.Integer(), nullable=True),
        _amount("oversize_cost"),
        *_checks(),
        sa.PrimaryKeyConstraint(
            "carrier", "service", "warehouse", "country", "region", "valid_from", "up_to_grams",
            name=op.f("pk_parcel_rates"),
        ),
    )  # fmt: skip
    op.create_index("ix_parcel_rates_country", "parcel_rates", ["country", "warehouse"], unique=False)


def downgrade() -> None:
    """Is not offered: nobody could tell any more what parcels were expected to cost."""
    raise NoWayBack(revision)


def _checks() -> list[sa.CheckConstraint]:
    conditions = {
        "has_names": "carrier <> '' AND service <> '' AND country <> ''",
        "has_first_weight": "first_grams >= 1 AND further_grams >= 0 AND up_to_grams >= 0",
        "prices_not_negative": _PRICES,
        "ends_after_it_began": "valid_until IS NULL OR valid_until >= valid_from",
        "divides_by_something": "divisor IS NULL OR divisor >= 1",
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_parcel_rates_{name}")) for name, text in conditions.items()]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
