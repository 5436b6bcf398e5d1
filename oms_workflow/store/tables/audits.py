"""Table of audits: when an order was looked at, and for which changes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from oms_workflow.store.tables.columns import metadata, moment

order_audits = Table(
    "order_audits",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("first", Boolean, nullable=False),
    moment("began_at"),
    UniqueConstraint("order_id", "number"),
)
