"""Tables of what goods are packed into and what carriers ask: cartons by warehouse, sides of goods, price lists."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, false

from oms_workflow.store.tables.columns import Json, count, holds, metadata, minor, word

_SIDES = "length_mm >= 1 AND width_mm >= 1 AND height_mm >= 1"

cartons = Table(
    "cartons",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    word("carton"),
    count("length_mm"),
    count("width_mm"),
    count("height_mm"),
    count("wall_mm"),
    count("holds_grams"),
    count("own_grams"),
    minor("cost"),
    word("currency"),
    PrimaryKeyConstraint("warehouse", "carton"),
    holds("has_sides", f"{_SIDES} AND wall_mm >= 0"),
    holds("holds_something", "holds_grams >= 1 AND own_grams >= 0"),
    holds("cost_not_negative", "cost >= 0"),
)

measured_goods = Table(
    "measured_goods",
    metadata,
    Column("sku", Text, primary_key=True),
    count("length_mm"),
    count("width_mm"),
    count("height_mm"),
    Column("weight_grams", Integer, nullable=True),
    Column("ships_alone", Boolean, nullable=False, server_default=false()),
    holds("has_sides", _SIDES),
    holds("weight_not_negative", "weight_grams IS NULL OR weight_grams >= 0"),
)

parcel_rates = Table(
    "parcel_rates",
    metadata,
    word("carrier"),
    word("service"),
    word("warehouse"),
    word("country"),
    word("region"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=True),
    count("up_to_grams"),
    word("currency"),
    count("first_grams"),
    minor("first_cost"),
    count("further_grams"),
    minor("further_cost", server_default="0"),
    Column("divisor", Integer, nullable=True),
    minor("remote_cost", server_default="0"),
    Column("remote_cities", Json, nullable=False),
    minor("on_delivery_cost", server_default="0"),
    count("on_delivery_basis_points"),
    Column("oversize_mm", Integer, nullable=True),
    minor("oversize_cost", server_default="0"),
    PrimaryKeyConstraint("carrier", "service", "warehouse", "country", "region", "valid_from", "up_to_grams"),
    holds("has_names", "carrier <> '' AND service <> '' AND country <> ''"),
    holds("has_first_weight", "first_grams >= 1 AND further_grams >= 0 AND up_to_grams >= 0"),
    holds(
        "prices_not_negative",
        "first_cost >= 0 AND further_cost >= 0 AND remote_cost >= 0 AND on_delivery_cost >= 0 "
        "AND on_delivery_basis_points >= 0 AND oversize_cost >= 0",
    ),
    holds("ends_after_it_began", "valid_until IS NULL OR valid_until >= valid_from"),
    holds("divides_by_something", "divisor IS NULL OR divisor >= 1"),
    Index("ix_parcel_rates_country", "country", "warehouse"),
)
"""`up_to_grams` 0 is no end."""
