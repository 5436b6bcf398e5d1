"""Tables of waves: their rules, and which fulfilment orders wait for one or went with one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text

from oms_workflow.domain.wave import WaveReason
from oms_workflow.store.tables.columns import Json, count, holds, metadata, moment, one_of, word

_WAITS = text("wave_id IS NULL")

wave_rules = Table(
    "wave_rules",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    word("carrier"),
    word("zone"),
    Column("times", Json, nullable=False),
    count("most_orders"),
    count("longest_wait_seconds"),
    PrimaryKeyConstraint("warehouse", "carrier"),
    holds("holds_somebody", "most_orders >= 1 AND longest_wait_seconds >= 1"),
)

waves = Table(
    "waves",
    metadata,
    Column("id", Text, primary_key=True),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    Column("number", Integer, nullable=False),
    word("carrier"),
    word("reason"),
    count("orders"),
    moment("released_at"),
    word("released_by"),
    UniqueConstraint("warehouse", "number"),
    one_of("reason", WaveReason),
    holds("holds_somebody", "orders >= 1"),
)

wave_orders = Table(
    "wave_orders",
    metadata,
    Column("fulfilment_id", Text, ForeignKey("fulfilments.id"), primary_key=True),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    moment("since"),
    Column("wave_id", Text, ForeignKey("waves.id"), nullable=True),
    Column("position", Integer, nullable=True),
    UniqueConstraint("wave_id", "position"),
    holds("has_its_place", "(wave_id IS NULL) = (position IS NULL)"),
    Index("ix_wave_orders_waiting", "warehouse", postgresql_where=_WAITS, sqlite_where=_WAITS),
)
