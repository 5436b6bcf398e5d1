"""Tables of the customer vault, of parties that are looked at first, and of notices that wait to be sent."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from oms_workflow.domain.blocklist import BlockedBy
from oms_workflow.domain.notice import NoticeChannel, NoticeStatus
from oms_workflow.store.tables.columns import Json, count, holds, metadata, moment, one_of, word

customers = Table(
    "customers",
    metadata,
    Column("customer_ref", Text, primary_key=True),
    word("channel"),
    word("buyer_id"),
    word("contact_digest"),
    word("buyer_key"),
    word("address_digest"),
    word("phone_digest"),
    word("name"),
    word("phone"),
    word("email"),
    word("language"),
    word("country"),
    word("region"),
    word("city"),
    word("district"),
    word("street"),
    word("postal_code"),
    moment("at"),
    moment("erased_at", optional=True),
    Index(
        "uq_customers_contact",
        "channel",
        "contact_digest",
        unique=True,
        postgresql_where=text("erased_at IS NULL"),
        sqlite_where=text("erased_at IS NULL"),
    ),
    Index("ix_customers_phone_digest", "phone_digest"),
    Index("ix_customers_address_digest", "address_digest"),
)

blocked_parties = Table(
    "blocked_parties",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    word("reason"),
    word("added_by"),
    moment("added_at"),
    moment("expires_at", optional=True),
    moment("lifted_at", optional=True),
    word("lifted_by"),
    one_of("kind", BlockedBy),
    holds("has_digest", "digest <> ''"),
    holds("says_why", "reason <> ''"),
    holds("ends_after_it_began", "expires_at IS NULL OR expires_at > added_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Text, ForeignKey("orders.id"), nullable=False),
    count("number"),
    word("customer_ref"),
    word("channel"),
    word("template"),
    Column("values", Json, nullable=False),
    word("status"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    moment("due"),
    moment("at"),
    word("last_error"),
    one_of("channel", NoticeChannel),
    one_of("status", NoticeStatus),
    Index(
        "ix_notices_due",
        "due",
        postgresql_where=text("status = 'waiting'"),
        sqlite_where=text("status = 'waiting'"),
    ),
    Index("ix_notices_order_id", "order_id"),
)
