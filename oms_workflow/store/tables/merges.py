"""Tables of merges: who leads, who follows, for ever."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, text, true

from oms_workflow.domain.merge import MergeStatus
from oms_workflow.store.tables.columns import metadata, moment, one_of, word

merges = Table(
    "merges",
    metadata,
    Column("id", Text, primary_key=True),
    Column("leader", Text, ForeignKey("orders.id"), nullable=False),
    moment("ship_by", optional=True),
    moment("deliver_by", optional=True),
    word("status"),
    moment("at"),
    moment("undone_at", optional=True),
    word("undone_by"),
    one_of("status", MergeStatus),
    Index("ix_merges_leader", "leader"),
)

merge_followers = Table(
    "merge_followers",
    metadata,
    Column("merge_id", Text, ForeignKey("merges.id"), nullable=False),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    PrimaryKeyConstraint("merge_id", "order_id"),
    Index(
        "uq_merge_followers_active",
        "order_id",
        unique=True,
        postgresql_where=text("active"),
        sqlite_where=text("active"),
    ),
    Index("ix_merge_followers_order_id", "order_id"),
)
