"""Tables of warehouses and stock: balances, the ledger behind them, and what order lines have of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from oms_workflow.domain.stock import Effect, EntryKind
from oms_workflow.store.tables.columns import Json, Number, count, holds, metadata, minor, moment, one_of, word

_OPEN = text("arrived + missing < quantity")

warehouses = Table(
    "warehouses",
    metadata,
    Column("id", Text, primary_key=True),
    word("name"),
    word("country"),
    word("region"),
    Column("priority", Integer, nullable=False),
    Column("sellers", Json, nullable=False),
    Column("daily_parcels", Integer, nullable=True),
    Column("active", Boolean, nullable=False, server_default=true()),
)

expected_receipts = Table(
    "expected_receipts",
    metadata,
    Column("id", Text, primary_key=True),
    word("sku"),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", Text, ForeignKey("warehouses.id"), nullable=True),
    word("reference"),
    count("quantity"),
    count("arrived"),
    count("missing"),
    moment("expected_at"),
    moment("announced_at"),
    UniqueConstraint("warehouse", "number"),
    holds("expects_something", "quantity >= 1"),
    holds("came_or_missing", "arrived >= 0 AND missing >= 0 AND arrived + missing <= quantity"),
    holds("comes_from_elsewhere", "source <> warehouse"),
    Index("ix_expected_receipts_open", "sku", "expected_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
)

bundle_components = Table(
    "bundle_components",
    metadata,
    word("bundle"),
    word("component"),
    Column("position", Integer, nullable=False),
    word("bundle_title"),
    word("title"),
    count("quantity"),
    count("share"),
    count("weight_grams"),
    count("volume_cm3"),
    PrimaryKeyConstraint("bundle", "component"),
    UniqueConstraint("bundle", "position"),
    holds("is_made_of_others", "bundle <> component"),
    holds("holds_something", "quantity >= 1"),
    holds("nothing_negative", "share >= 0 AND weight_grams >= 0 AND volume_cm3 >= 0"),
    Index("ix_bundle_components_component", "component"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    word("country"),
    word("region"),
    minor("cost"),
    word("currency"),
    count("distance_km"),
    Column("transit_seconds", Integer, nullable=True),
    PrimaryKeyConstraint("warehouse", "country", "region"),
    holds("cost_not_negative", "cost >= 0 AND distance_km >= 0"),
    Index("ix_lanes_country", "country", "region"),
)

stock_balances = Table(
    "stock_balances",
    metadata,
    word("sku"),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    count("on_hand"),
    count("reserved"),
    count("allocated"),
    count("picked"),
    count("damaged"),
    count("in_transit"),
    count("safety"),
    PrimaryKeyConstraint("sku", "warehouse"),
    holds("no_column_negative", " AND ".join(f"{name} >= 0" for name in Effect._fields)),
    holds("promised_is_on_hand", "reserved + allocated <= on_hand"),
    holds("picked_is_allocated", "picked <= allocated"),
)

stock_entries = Table(
    "stock_entries",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    word("sku"),
    word("warehouse"),
    word("kind"),
    count("quantity"),
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=True),
    word("reason"),
    word("key"),
    moment("at"),
    ForeignKeyConstraint(["sku", "warehouse"], ["stock_balances.sku", "stock_balances.warehouse"]),
    one_of("kind", EntryKind),
    holds("moves_something", "quantity >= 1"),
    Index("ix_stock_entries_stock", "sku", "warehouse"),
    Index("ix_stock_entries_line_id", "line_id"),
)

sourcing_refusals = Table(
    "sourcing_refusals",
    metadata,
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("warehouse", Text, ForeignKey("warehouses.id"), nullable=False),
    count("position"),
    word("why"),
    Column("by_all", Boolean, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("order_id", "warehouse"),
    holds("says_why", "why <> ''"),
)
"""Warehouses that were passed over when an order was last given its goods. What was chosen stands in the ledger."""

stock_claims = Table(
    "stock_claims",
    metadata,
    Column("line_id", Text, ForeignKey("order_lines.id"), nullable=False),
    word("warehouse"),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    word("sku"),
    count("reserved"),
    count("allocated"),
    count("picked"),
    count("shipped"),
    moment("expires_at", optional=True),
    PrimaryKeyConstraint("line_id", "warehouse"),
    ForeignKeyConstraint(["sku", "warehouse"], ["stock_balances.sku", "stock_balances.warehouse"]),
    holds("no_column_negative", "reserved >= 0 AND allocated >= 0 AND picked >= 0 AND shipped >= 0"),
    holds("picked_is_allocated", "picked <= allocated"),
    Index("ix_stock_claims_order_id", "order_id"),
    Index("ix_stock_claims_stock", "sku", "warehouse"),
    Index(
        "ix_stock_claims_expiring",
        "expires_at",
        postgresql_where=text("reserved > 0 AND expires_at IS NOT NULL"),
        sqlite_where=text("reserved > 0 AND expires_at IS NOT NULL"),
    ),
)
