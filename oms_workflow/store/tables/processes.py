"""Tables of deployed processes, their instances, the records of what happened, and the projections of those."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from oms_workflow.engine.records import RecordKind
from oms_workflow.store.tables.columns import Json, holds, metadata, moment, one_of, word

process_versions = Table(
    "process_versions",
    metadata,
    word("process_id"),
    Column("version", Integer, nullable=False),
    word("name"),
    word("version_tag"),
    word("sha256"),
    Column("bundle", LargeBinary, nullable=False),
    Column("source", LargeBinary, nullable=False),
    word("file"),
    Column("starts", Json, nullable=False),
    moment("deployed_at"),
    word("deployed_by"),
    PrimaryKeyConstraint("process_id", "version"),
    UniqueConstraint("process_id", "sha256"),
    holds("counts_from_one", "version >= 1"),
)

instances = Table(
    "instances",
    metadata,
    Column("workflow_id", Text, primary_key=True),
    word("process_id"),
    Column("version", Integer, nullable=True),
    word("sha256"),
    word("order_id"),
    word("channel"),
    word("status"),
    word("parent"),
    moment("started_at"),
    moment("ended_at", optional=True),
    word("code"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    one_of("status", ("running", "completed", "failed", "terminated", "wedged")),
    Index("ix_instances_order_id", "order_id"),
    Index("ix_instances_parent", "parent"),
    Index("ix_instances_process", "process_id", "status"),
    Index("ix_instances_started_at", "started_at"),
)

suspensions = Table(
    "suspensions",
    metadata,
    word("instance"),
    moment("since"),
    word("by"),
    word("reason"),
    PrimaryKeyConstraint("instance"),
)

records = Table(
    "records",
    metadata,
    word("instance"),
    Column("seq", BigInteger, nullable=False),
    moment("at"),
    word("kind"),
    word("element"),
    Column("token", BigInteger, nullable=False),
    Column("scope", BigInteger, nullable=False),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("instance", "seq"),
    one_of("kind", RecordKind),
    holds("counts_from_one", "seq >= 1"),
    Index("ix_records_kind", "kind", "at"),
)


def _of_instance() -> Column[str]:
    return Column("instance", Text, ForeignKey("instances.workflow_id"), nullable=False)


open_nodes = Table(
    "open_nodes",
    metadata,
    _of_instance(),
    Column("token", BigInteger, nullable=False),
    word("element"),
    Column("scope", BigInteger, nullable=False),
    word("milestone"),
    Column("detail", Json, nullable=False),
    moment("since"),
    PrimaryKeyConstraint("instance", "token"),
    Index("ix_open_nodes_element", "element"),
)

node_visits = Table(
    "node_visits",
    metadata,
    _of_instance(),
    Column("token", BigInteger, nullable=False),
    word("element"),
    word("outcome"),
    moment("entered_at"),
    moment("left_at"),
    Column("milliseconds", BigInteger, nullable=False),
    PrimaryKeyConstraint("instance", "token"),
    one_of("outcome", ("completed", "terminated")),
    holds("time_runs_forward", "milliseconds >= 0"),
    Index("ix_node_visits_element", "element", "left_at"),
)

user_tasks = Table(
    "user_tasks",
    metadata,
    _of_instance(),
    Column("token", BigInteger, nullable=False),
    word("element"),
    word("name"),
    word("kind"),
    word("state"),
    word("assignee"),
    Column("groups", Json, nullable=False),
    Column("users", Json, nullable=False),
    word("owner"),
    word("form"),
    Column("inputs", Json, nullable=False),
    Column("priority", Integer, nullable=False, server_default="50"),
    moment("due", optional=True),
    moment("follow_up", optional=True),
    moment("opened_at"),
    moment("closed_at", optional=True),
    word("closed_by"),
    PrimaryKeyConstraint("instance", "token"),
    one_of("state", ("open", "done", "withdrawn")),
    Index(
        "ix_user_tasks_open", "opened_at", postgresql_where=text("state = 'open'"), sqlite_where=text("state = 'open'")
    ),
)

incidents = Table(
    "incidents",
    metadata,
    _of_instance(),
    Column("incident", BigInteger, nullable=False),
    Column("token", BigInteger, nullable=False),
    word("element"),
    word("code"),
    word("message"),
    word("state"),
    word("action"),
    word("by"),
    word("reason"),
    moment("raised_at"),
    moment("resolved_at", optional=True),
    PrimaryKeyConstraint("instance", "incident"),
    one_of("state", ("open", "resolved", "withdrawn")),
    Index(
        "ix_incidents_open", "raised_at", postgresql_where=text("state = 'open'"), sqlite_where=text("state = 'open'")
    ),
)

sla_items = Table(
    "sla_items",
    metadata,
    _of_instance(),
    Column("token", BigInteger, nullable=False),
    word("element"),
    word("calendar"),
    word("owner"),
    word("escalated_to"),
    moment("started_at"),
    moment("due", optional=True),
    moment("warned_at", optional=True),
    moment("breached_at", optional=True),
    moment("ended_at", optional=True),
    Column("paused", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("instance", "token"),
    Index("ix_sla_items_due", "due", postgresql_where=text("ended_at IS NULL"), sqlite_where=text("ended_at IS NULL")),
)

node_attempts = Table(
    "node_attempts",
    metadata,
    word("instance"),
    word("element"),
    word("activity"),
    Column("attempt", Integer, nullable=False),
    word("kind"),
    word("message"),
    moment("at"),
    PrimaryKeyConstraint("instance", "element"),
)
"""The latest attempt that failed, of work that is being tried again; gone once it succeeded or gave up."""

instance_clocks = Table(
    "instance_clocks",
    metadata,
    Column("instance", Text, primary_key=True),
    word("parent"),
    word("business_key"),
    moment("at"),
    moment("told_at"),
    moment("touched_at"),
    moment("next_due", optional=True),
    Column("idle", Boolean, nullable=False),
    Column("over", Boolean, nullable=False),
    Column("children", Integer, nullable=False),
    Column("heard", BigInteger, nullable=False),
    Column("told", BigInteger, nullable=False),
    Index("ix_instance_clocks_touched_at", "touched_at"),
)
"""How far instances are whose time is being skipped. Only whoever skips it reads this."""
