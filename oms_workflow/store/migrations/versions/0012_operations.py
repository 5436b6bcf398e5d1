"""Records of what people do to running instances, and which instances are suspended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from oms_workflow.store.migrate import NoWayBack

revision = "0012_operations"
down_revision = "0011_elements_chosen"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('started', 'activated', 'completed', 'terminated', 'flow_taken', "
    "'task_opened', 'task_done', 'job_failed', 'timer_fired', 'message_caught', 'message_sent', 'signal_caught', "
    "'signal_sent', 'error_thrown', 'escalation_thrown', 'compensated', "
    "'decision_taken', 'variables_set', 'incident_raised', 'incident_resolved', "
    "'sla_started', 'sla_paused', 'sla_resumed', 'sla_warned', 'sla_breached', "
    "'token_moved', 'element_chosen', 'token_skipped', 'element_repeated', 'branch_cancelled', 'suspended', 'resumed', "
    "'migrated', 'token_migrated', 'fact_ignored', 'finished')"
)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Let the new kinds in, and make the table."""
    if op.get_bind().dialect.name == "sqlite":
        _records_anew()
    else:
        op.drop_constraint(op.f("ck_records_kind_known"), "records", type_="check")
        op.create_check_constraint(op.f("ck_records_kind_known"), "records", KINDS)
    op.create_table(
        "suspensions",
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("instance", name=op.f("pk_suspensions")),
    )


def _records_anew() -> None:
    """SQLite cannot change a constraint of a table that is there."""
    op.drop_index("ix_records_kind", table_name="records")
    op.rename_table("records", "records_before")
    op.create_table(
        "records",
        sa.Column("instance", sa.Text(), server_default="", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("element", sa.Text(), server_default="", nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_records_kind_known")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_records_counts_from_one")),
        sa.PrimaryKeyConstraint("instance", "seq", name=op.f("pk_records")),
    )
    op.execute(
        sa.text(
            "INSERT INTO records (instance, seq, at, kind, element, token, scope, detail) "
            "SELECT instance, seq, at, kind, element, token, scope, detail FROM records_before"
        )
    )
    op.drop_table("records_before")
    op.create_index("ix_records_kind", "records", ["kind", "at"], unique=False)


def downgrade() -> None:
    """Is not offered: it would delete what people did."""
    raise NoWayBack(revision)
