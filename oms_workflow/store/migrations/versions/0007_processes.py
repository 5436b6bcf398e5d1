"""Deployed processes, instances, records and projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0007_processes"
down_revision = "0006_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _instances()
    _process_versions()
    _records()
    _incidents()
    _node_visits()
    _open_nodes()
    _sla_items()
    _user_tasks()


def downgrade() -> None:
    """Is not offered: it would delete the shop's data."""
    raise NoWayBack(revision)


def _instances() -> None:
    op.create_table(
        "instances",
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'failed', 'terminated', 'wedged')",
            name=op.f("ck_instances_status_known"),
        ),
        sa.PrimaryKeyConstraint("workflow_id", name=op.f("pk_instances")),
    )
    op.create_index("ix_instances_order_id", "instances", ["order_id"], unique=False)
    op.create_index("ix_instances_parent", "instances", ["parent"], unique=False)
    op.create_index("ix_instances_process", "instances", ["process_id", "status"], unique=False)
    op.create_index("ix_instances_started_at", "instances", ["started_at"], unique=False)


def _process_versions() -> None:
    op.create_table(
        "process_versions",
        sa.Column("process_id", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("version_tag", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "starts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_process_versions_counts_from_one")),
        sa.PrimaryKeyConstraint("process_id", "version", name=op.f("pk_process_versions")),
        sa.UniqueConstraint("process_id", "sha256", name=op.f("uq_process_versions_process_id_sha256")),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('started', 'activated', 'completed', 'terminated', 'flow_taken', "
            "'task_opened', 'task_done', 'job_failed', 'timer_fired', 'message_caught', 'message_sent', "
            "'signal_caught', "
            "'signal_sent', 'error_thrown', 'escalation_thrown', 'compensated', "
            "'decision_taken', 'variables_set', 'incident_raised', 'incident_resolved', "
            "'sla_started', 'sla_paused', 'sla_resumed', 'sla_warned', 'sla_breached', "
            "'token_moved', 'fact_ignored', 'finished')",
            name=op.f("ck_records_kind_known"),
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_records_counts_from_one")),
        sa.PrimaryKeyConstraint("instance", "seq", name=op.f("pk_records")),
    )
    op.create_index("ix_records_kind", "records", ["kind", "at"], unique=False)


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'resolved', 'withdrawn')", name=op.f("ck_incidents_state_known")),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_incidents_instance")),
        sa.PrimaryKeyConstraint("instance", "incident", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["raised_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )


def _node_visits() -> None:
    op.create_table(
        "node_visits",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("outcome IN ('completed', 'terminated')", name=op.f("ck_node_visits_outcome_known")),
        sa.CheckConstraint("milliseconds >= 0", name=op.f("ck_node_visits_time_runs_forward")),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_node_visits_instance")),
        sa.PrimaryKeyConstraint("instance", "token", name=op.f("pk_node_visits")),
    )
    op.create_index("ix_node_visits_element", "node_visits", ["element", "left_at"], unique=False)


def _open_nodes() -> None:
    op.create_table(
        "open_nodes",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("milestone", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_open_nodes_instance")),
        sa.PrimaryKeyConstraint("instance", "token", name=op.f("pk_open_nodes")),
    )
    op.create_index("ix_open_nodes_element", "open_nodes", ["element"], unique=False)


def _sla_items() -> None:
    op.create_table(
        "sla_items",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("calendar", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_sla_items_instance")),
        sa.PrimaryKeyConstraint("instance", "token", name=op.f("pk_sla_items")),
    )
    op.create_index(
        "ix_sla_items_due",
        "sla_items",
        ["due"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _user_tasks() -> None:
    op.create_table(
        "user_tasks",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("assignee", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "groups", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "users", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("form", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "inputs", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("priority", sa.Integer(), server_default="50", nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f("ck_user_tasks_state_known")),
        sa.ForeignKeyConstraint(["instance"], ["instances.workflow_id"], name=op.f("fk_user_tasks_instance")),
        sa.PrimaryKeyConstraint("instance", "token", name=op.f("pk_user_tasks")),
    )
    op.create_index(
        "ix_user_tasks_open",
        "user_tasks",
        ["opened_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
