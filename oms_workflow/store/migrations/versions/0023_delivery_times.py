"""When goods leave and how long they are on their way: calendars, hours, cut-offs, collections, days of carriers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0023_delivery_times"
down_revision = "0022_sourcing_refusals"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "business_calendars",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", _JSON, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendars")),
    )
    _of_warehouses()
    _of_carriers()


def _of_warehouses() -> None:
    op.create_table(
        "warehouse_hours",
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("handling_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("handling_minutes >= 0", name=op.f("ck_warehouse_hours_handling_not_negative")),
        sa.ForeignKeyConstraint(["calendar"], ["business_calendars.id"], name=op.f("fk_warehouse_hours_calendar")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_warehouse_hours_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", name=op.f("pk_warehouse_hours")),
    )
    op.create_table(
        "warehouse_days",
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", _JSON, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_warehouse_days_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", "day", name=op.f("pk_warehouse_days")),
    )
    op.create_table(
        "departures",
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("cut_off", sa.Integer(), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("times", _JSON, nullable=False),
        sa.CheckConstraint(
            "cut_off IS NULL OR cut_off BETWEEN 0 AND 1440", name=op.f("ck_departures_cut_off_is_time_of_day")
        ),
        sa.CheckConstraint("service = '' OR carrier <> ''", name=op.f("ck_departures_service_has_carrier")),
        sa.ForeignKeyConstraint(["calendar"], ["business_calendars.id"], name=op.f("fk_departures_calendar")),
        sa.ForeignKeyConstraint(["warehouse"], ["warehouses.id"], name=op.f("fk_departures_warehouse")),
        sa.PrimaryKeyConstraint("warehouse", "carrier", "service", name=op.f("pk_departures")),
    )


def _of_carriers() -> None:
    op.create_table(
        "carrier_services",
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivered_by", sa.Integer(), server_default="1440", nullable=False),
        sa.Column("levels", _JSON, nullable=False),
        sa.CheckConstraint("carrier <> '' AND service <> ''", name=op.f("ck_carrier_services_has_name")),
        sa.CheckConstraint(
            "delivered_by IS NULL OR delivered_by BETWEEN 0 AND 1440",
            name=op.f("ck_carrier_services_delivered_by_is_time_of_day"),
        ),
        sa.ForeignKeyConstraint(["delivery"], ["business_calendars.id"], name=op.f("fk_carrier_services_delivery")),
        sa.ForeignKeyConstraint(["network"], ["business_calendars.id"], name=op.f("fk_carrier_services_network")),
        sa.PrimaryKeyConstraint("carrier", "service", name=op.f("pk_carrier_services")),
    )
    op.create_table(
        "carrier_transits",
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.CheckConstraint("days IS NULL OR days >= 0", name=op.f("ck_carrier_transits_days_not_negative")),
        sa.ForeignKeyConstraint(
            ["carrier", "service"],
            ["carrier_services.carrier", "carrier_services.service"],
            name=op.f("fk_carrier_transits_carrier_service"),
        ),
        sa.PrimaryKeyConstraint(
            "carrier", "service", "warehouse", "country", "region", name=op.f("pk_carrier_transits")
        ),
    )


def downgrade() -> None:
    """Is not offered: it would delete what people know about carriers."""
    raise NoWayBack(revision)
