"""Tables of what goods are packed into: cartons by warehouse, and the sides of goods."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text, false

from oms_workflow.store.tables.columns import count, holds, metadata, minor, word

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
