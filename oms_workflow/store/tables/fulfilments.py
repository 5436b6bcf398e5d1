"""Tables of fulfilment orders, shipments, packages and carriers' reports."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from oms_workflow.domain.fulfilment import Fate, FulfilmentStatus, RequestStatus
from oms_workflow.domain.shipment import ShipmentStatus
from oms_workflow.domain.tracking import ParcelStatus
from oms_workflow.store.tables.columns import count, holds, metadata, minor, moment, one_of, word

fulfilments = Table(
    "fulfilments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    word("seller"),
    word("currency"),
    word("status"),
    word("request_status"),
    word("reference"),
    Column("fate", Text, nullable=True),
    word("reasons"),
    Column("parent", Text, ForeignKey("fulfilments.id"), nullable=True),
    word("added_reason"),
    moment("created_at"),
    UniqueConstraint("order_id", "number"),
    one_of("status", FulfilmentStatus),
    one_of("request_status", RequestStatus),
    one_of("fate", Fate, optional=True),
    holds("cancelled_by_fate", "status <> 'cancelled' OR fate = 'cancel'"),
    holds("closed_by_fate", "status NOT IN ('closed', 'incomplete') OR fate = 'ship'"),
    Index("ix_fulfilments_warehouse", "warehouse", "created_at"),
    Index("ix_fulfilments_reference", "reference"),
)

fulfilment_lines = Table(
    "fulfilment_lines",
    metadata,
    Column("fulfilment_id", Text, ForeignKey("fulfilments.id"), nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("position", Integer, nullable=False),
    word("sku"),
    count("quantity"),
    count("picked"),
    count("shipped"),
    count("short"),
    minor("freight"),
    minor("discount"),
    minor("tax"),
    PrimaryKeyConstraint("fulfilment_id", "line_id"),
    holds("handled_was_planned", "shipped >= 0 AND picked >= 0 AND short >= 0 AND shipped + picked <= quantity"),
    holds("shares_not_negative", "freight >= 0 AND discount >= 0 AND tax >= 0"),
    Index("ix_fulfilment_lines_line_id", "line_id"),
    Index("ix_fulfilment_lines_order_id", "order_id"),
)

shipments = Table(
    "shipments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fulfilment_id", Text, ForeignKey("fulfilments.id"), nullable=False),
    word("carrier"),
    word("service"),
    word("status"),
    moment("planned_at"),
    moment("handed_over_at", optional=True),
    Column("expected_cost", BigInteger, nullable=True),
    word("expected_currency"),
    word("why"),
    count("planned_pieces"),
    one_of("status", ShipmentStatus),
    holds("handed_over_when", "(status = 'handed_over') = (handed_over_at IS NOT NULL)"),
    Index("ix_shipments_fulfilment_id", "fulfilment_id"),
)

planned_parcels = Table(
    "planned_parcels",
    metadata,
    Column("shipment_id", Text, ForeignKey("shipments.id"), nullable=False),
    Column("number", Integer, nullable=False),
    word("carton"),
    count("holds_grams"),
    count("content_grams"),
    count("gross_grams"),
    PrimaryKeyConstraint("shipment_id", "number"),
    holds("not_overloaded", "carton = '' OR content_grams <= holds_grams"),
    holds("weighs_its_content", "content_grams >= 0 AND gross_grams >= content_grams"),
)

planned_parcel_lines = Table(
    "planned_parcel_lines",
    metadata,
    Column("shipment_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    count("quantity"),
    PrimaryKeyConstraint("shipment_id", "number", "line_id"),
    ForeignKeyConstraint(["shipment_id", "number"], ["planned_parcels.shipment_id", "planned_parcels.number"]),
    holds("holds_something", "quantity >= 1"),
)

packages = Table(
    "packages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("shipment_id", Text, ForeignKey("shipments.id"), nullable=False),
    word("carrier"),
    word("tracking_number"),
    count("weight_grams"),
    word("label_ref"),
    Column("label_cost", BigInteger, nullable=True),
    word("label_currency"),
    word("status"),
    moment("since", optional=True),
    moment("delivered_at", optional=True),
    word("place"),
    count("failures"),
    moment("handed_over_at", optional=True),
    moment("written_off_at", optional=True),
    UniqueConstraint("carrier", "tracking_number"),
    one_of("status", ParcelStatus),
    Index("ix_packages_shipment_id", "shipment_id"),
    Index("ix_packages_tracking_number", "tracking_number"),
)

package_lines = Table(
    "package_lines",
    metadata,
    Column("package_id", Text, ForeignKey("packages.id"), nullable=False),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    count("quantity"),
    PrimaryKeyConstraint("package_id", "line_id"),
    holds("holds_something", "quantity >= 1"),
    Index("ix_package_lines_line_id", "line_id"),
)

tracking_events = Table(
    "tracking_events",
    metadata,
    word("carrier"),
    word("tracking_number"),
    word("event_id"),
    word("status"),
    moment("occurred_at"),
    moment("received_at"),
    word("place"),
    word("note"),
    PrimaryKeyConstraint("carrier", "tracking_number", "event_id"),
    one_of("status", ParcelStatus),
)
