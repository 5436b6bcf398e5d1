"""What the simulated world remembers. No personal data: a request is kept as a digest, texts stay in the script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)

tables = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as microseconds since 1970: exact, and in order on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


def _word(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, default="", **more)


def _moment(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=optional)


_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in a column typed INTEGER

subjects = Table(
    "world_subjects",  # orders, as the world knows them; '' is the world itself
    tables,
    Column("id", Text, primary_key=True),
    Column("began_at", Moment, nullable=True),
    _word("external_id"),
    _word("channel"),
    Column("skus", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=0),  # of the order at its channel
)

calls = Table(
    "world_calls",  # every call, whatever came of it
    tables,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    _word("system"),
    _word("operation"),
    _word("key"),
    _word("subject"),
    _word("digest"),
    _moment("at"),
    _word("outcome"),
    Index("ix_world_calls_key", "system", "operation", "key"),
)

answers = Table(
    "world_answers",  # what a key was answered; asked again, the same is said
    tables,
    _word("system"),
    _word("operation"),
    _word("key"),
    _word("digest"),
    Column("answer", JSON, nullable=False),
    _moment("at"),
    PrimaryKeyConstraint("system", "operation", "key"),
)

deeds = Table(
    "world_deeds",  # every effect; deliberately without a constraint, so that an effect done twice would be seen
    tables,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    _word("system"),
    _word("operation"),
    _word("key"),
    _word("subject"),
    _word("thing"),
    _moment("at"),
    Index("ix_world_deeds_key", "system", "operation", "key"),
)

rule_uses = Table(
    "world_rule_uses",  # how often a rule of the script that holds `times` has been applied
    tables,
    Column("rule", Text, primary_key=True),
    Column("used", Integer, nullable=False, default=0),
)

callbacks = Table(
    "world_callbacks",  # what the outside will say of its own accord
    tables,
    Column("id", Text, primary_key=True),
    _moment("due_at"),
    _moment("occurred_at"),
    _word("subject"),
    _word("kind"),
    _word("about"),
    _word("private"),
    Column("body", JSON, nullable=False),
    _word("state"),
    Column("tries", Integer, nullable=False, default=0),
    Index("ix_world_callbacks_due", "state", "due_at", "id"),
    Index("ix_world_callbacks_about", "about"),
)

payments = Table(
    "world_payments",
    tables,
    Column("ref", Text, primary_key=True),
    _word("subject"),
    _word("kind"),
    Column("minor", BigInteger, nullable=True),  # NULL: made before this world began, its amount is not known
    _word("currency"),
    _word("parent"),
    _word("transaction"),
    _word("outcome"),  # succeeded, failed or canceled, from `settles_at` on; '': the buyer never acts
    _moment("settles_at", optional=True),
    _word("key"),
    _moment("at"),
    Index("ix_world_payments_subject", "subject"),
    Index("ix_world_payments_parent", "parent"),
)

warehouse_orders = Table(
    "world_warehouse_orders",
    tables,
    Column("reference", Text, primary_key=True),
    _word("fulfilment"),
    _word("subject"),
    _word("warehouse"),
    _word("carrier"),
    _word("service"),
    Column("lines", JSON, nullable=False),  # [line, sku, quantity] still to send
    _moment("at"),
    _moment("packs_at", optional=True),
    _moment("hands_over_at", optional=True),
    _moment("cancelled_at", optional=True),
    _moment("rejected_at", optional=True),
    _word("key"),
    Index("ix_world_warehouse_orders_fulfilment", "fulfilment"),
    Index("ix_world_warehouse_orders_subject", "subject"),
)

labels = Table(
    "world_labels",
    tables,
    _word("carrier"),
    _word("tracking_number"),
    _word("subject"),
    _word("shipment"),
    Column("parcel", Integer, nullable=False),
    _word("service"),
    _word("warehouse"),
    _word("reference"),  # of the warehouse order it is for; '' until one is known
    _moment("at"),
    _moment("hands_over_at", optional=True),
    _moment("ends_at", optional=True),  # delivered, lost or returned
    _moment("cancelled_at", optional=True),
    _word("key"),
    PrimaryKeyConstraint("carrier", "tracking_number"),
    Index("ix_world_labels_subject", "subject"),
)

reports = Table(
    "world_reports",  # what a carrier will have to say about a parcel
    tables,
    _word("event", primary_key=True),
    _word("carrier"),
    _word("tracking_number"),
    _word("status"),
    _moment("occurred_at"),
    _word("place"),
    _word("note"),
    Index("ix_world_reports_number", "carrier", "tracking_number"),
)

goods_back = Table(
    "world_goods_back",
    tables,
    Column("return_id", Text, primary_key=True),
    _word("subject"),
    _word("warehouse"),
    Column("lines", JSON, nullable=False),  # [line, sku, quantity] that do come back
    _moment("at"),
    _word("key"),
)

told = Table(
    "world_told",  # which sub-orders a channel was told to have left, and under which number
    tables,
    _word("order"),
    _word("oid"),
    _word("tracking_number"),
    _word("package"),
    _word("key"),
    PrimaryKeyConstraint("order", "oid", "tracking_number"),
)
