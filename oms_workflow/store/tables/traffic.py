"""Tables of what comes in: messages and who waits for them, webhook deliveries, imports; and of effects done once."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)

from oms_workflow.store.tables.columns import Json, Number, count, metadata, moment, one_of, word

effects = Table(
    "effects",
    metadata,
    Column("key", Text, primary_key=True),
    word("activity"),
    word("request"),
    Column("answer", Text, nullable=True),
    moment("at", server_default=func.current_timestamp()),
    Index("ix_effects_at", "at"),
)

inbox_messages = Table(
    "inbox_messages",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    word("name"),
    word("key"),
    Column("variables", Json, nullable=False),
    moment("received_at"),
    moment("expires_at", optional=True),
    word("state"),
    word("instance"),
    Column("subscription", BigInteger, nullable=True),
    moment("matched_at", optional=True),
    moment("applied_at", optional=True),
    one_of("state", ("waiting", "matched", "applied", "expired")),
    Index(
        "ix_inbox_messages_waiting",
        "name",
        "key",
        postgresql_where=text("state = 'waiting'"),
        sqlite_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_inbox_messages_matched",
        "matched_at",
        postgresql_where=text("state = 'matched'"),
        sqlite_where=text("state = 'matched'"),
    ),
    Index("ix_inbox_messages_instance", "instance"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    word("instance"),
    Column("subscription", BigInteger, nullable=False),
    word("name"),
    word("key"),
    Column("once", Boolean, nullable=False),
    word("state"),
    moment("opened_at"),
    one_of("state", ("open", "closed")),
    Index("uq_subscriptions_id", "instance", "subscription", unique=True),
    Index(
        "ix_subscriptions_open",
        "name",
        "key",
        postgresql_where=text("state = 'open'"),
        sqlite_where=text("state = 'open'"),
    ),
)

signal_waits = Table(
    "signal_waits",
    metadata,
    word("instance"),
    Column("subscription", BigInteger, nullable=False),
    word("name"),
    moment("opened_at"),
    PrimaryKeyConstraint("instance", "subscription"),
    Index("ix_signal_waits_name", "name"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    word("source"),
    word("delivery_id"),
    word("digest"),
    moment("received_at"),
    PrimaryKeyConstraint("source", "delivery_id"),
    Index("ix_webhook_deliveries_received_at", "received_at"),
)

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", Text, primary_key=True),
    word("source"),
    word("policy"),
    word("state"),
    count("rows"),
    count("accepted"),
    count("duplicates"),
    count("refused"),
    moment("started_at"),
    moment("ended_at", optional=True),
    word("by"),
    one_of("policy", ("reject_everything", "reject_failed_rows", "ignore_failed")),
    one_of("state", ("running", "done", "rejected")),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("batch", Text, ForeignKey("import_batches.id"), nullable=False),
    Column("row", Integer, nullable=False),
    word("outcome"),
    word("order_id"),
    Column("problems", Json, nullable=False),
    Column("content", Json, nullable=False),
    moment("resolved_at", optional=True),
    word("resolved_by"),
    PrimaryKeyConstraint("batch", "row"),
    one_of("outcome", ("accepted", "duplicate", "quarantined", "resolved")),
    Index(
        "ix_import_rows_quarantined",
        "batch",
        postgresql_where=text("outcome = 'quarantined'"),
        sqlite_where=text("outcome = 'quarantined'"),
    ),
)
