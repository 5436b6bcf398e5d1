"""Parties whose orders a person looks at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from oms_workflow.store.migrate import NoWayBack

revision = "0015_blocked_parties"
down_revision = "0014_bundles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "blocked_parties",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("added_by", sa.Text(), server_default="", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('address', 'buyer', 'email', 'phone')", name=op.f("ck_blocked_parties_kind_known")
        ),
        sa.CheckConstraint("digest <> ''", name=op.f("ck_blocked_parties_has_digest")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_blocked_parties_says_why")),
        sa.CheckConstraint(
            "expires_at IS NULL OR expires_at > added_at", name=op.f("ck_blocked_parties_ends_after_it_began")
        ),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_blocked_parties")),
    )


def downgrade() -> None:
    """Is not offered: it would let everybody in again."""
    raise NoWayBack(revision)
