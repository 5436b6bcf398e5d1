"""Tables of promise dates: calendars, hours, cut-offs, collections and days on the way; what was promised, and why."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from oms_workflow.domain.backorder_promise import PartState, RevisionReason
from oms_workflow.store.tables.columns import Json, count, holds, metadata, moment, one_of, word

_TIME_OF_DAY = "{0} IS NULL OR {0} BETWEEN 0 AND 1440"

business_calendars = Table(
    "business_calendars",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document", Json, nullable=False),
    moment("taken_at"),
)

warehouse_hours = Table(
    "warehouse_hours",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), primary_key=True),
    Column("calendar", Text, ForeignKey("business_calendars.id"), nullable=False),
    count("handling_minutes"),
    holds("handling_not_negative", "handling_minutes >= 0"),
)

warehouse_days = Table(
    "warehouse_days",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("hours", Json, nullable=False),
    word("reason"),
    PrimaryKeyConstraint("warehouse", "day"),
)

departures = Table(
    "departures",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    word("carrier"),
    word("service"),
    Column("cut_off", Integer, nullable=True),
    Column("calendar", Text, ForeignKey("business_calendars.id"), nullable=True),
    Column("times", Json, nullable=False),
    PrimaryKeyConstraint("warehouse", "carrier", "service"),
    holds("cut_off_is_time_of_day", _TIME_OF_DAY.format("cut_off")),
    holds("service_has_carrier", "service = '' OR carrier <> ''"),
)

carrier_services = Table(
    "carrier_services",
    metadata,
    word("carrier"),
    word("service"),
    Column("network", Text, ForeignKey("business_calendars.id"), nullable=False),
    Column("delivery", Text, ForeignKey("business_calendars.id"), nullable=False),
    count("delivered_by", server_default="1440"),
    Column("levels", Json, nullable=False),
    PrimaryKeyConstraint("carrier", "service"),
    holds("has_name", "carrier <> '' AND service <> ''"),
    holds("delivered_by_is_time_of_day", _TIME_OF_DAY.format("delivered_by")),
)

carrier_transits = Table(
    "carrier_transits",
    metadata,
    word("carrier"),
    word("service"),
    word("warehouse"),
    word("country"),
    word("region"),
    Column("days", Integer, nullable=True),
    PrimaryKeyConstraint("carrier", "service", "warehouse", "country", "region"),
    ForeignKeyConstraint(["carrier", "service"], ["carrier_services.carrier", "carrier_services.service"]),
    holds("days_not_negative", "days IS NULL OR days >= 0"),
)

promise_revisions = Table(
    "promise_revisions",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    moment("at"),
    word("reason"),
    Column("receipt", Text, ForeignKey("expected_receipts.id"), nullable=True),
    Column("day", Date, nullable=True),
    moment("arrives_at", optional=True),
    Column("matters", Boolean, nullable=False),
    Column("notice_id", Text, ForeignKey("notices.id"), nullable=True),
    PrimaryKeyConstraint("order_id", "number"),
    UniqueConstraint("notice_id"),
    one_of("reason", RevisionReason),
    holds("numbered_from_one", "number >= 1"),
    holds("told_when_it_matters", "notice_id IS NULL OR matters"),
)

promise_parts = Table(
    "promise_parts",
    metadata,
    Column("order_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    count("quantity"),
    word("state"),
    Column("receipt", Text, ForeignKey("expected_receipts.id"), nullable=True),
    moment("expected_at", optional=True),
    moment("ships_at", optional=True),
    moment("arrives_at", optional=True),
    Column("day", Date, nullable=True),
    PrimaryKeyConstraint("order_id", "number", "position"),
    ForeignKeyConstraint(["order_id", "number"], ["promise_revisions.order_id", "promise_revisions.number"]),
    one_of("state", PartState),
    holds("promises_something", "quantity >= 1"),
    holds("leaves_after_it_came", "ships_at IS NULL OR ships_at >= expected_at"),
    holds("arrives_after_it_left", "arrives_at IS NULL OR arrives_at >= ships_at"),
    holds("day_needs_goods", "day IS NULL OR state = 'announced'"),
    Index("ix_promise_parts_receipt", "receipt"),
)
