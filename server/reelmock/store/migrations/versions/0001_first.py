"""The first schema: server, project, job, asset.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

LIVE = sa.text("deleted_at IS NULL")
UNRENDERED = sa.text("rendered_at IS NULL AND failed_at IS NULL AND deleted_at IS NULL")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "server",
        sa.Column("name", sa.String(), primary_key=True, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("clock_anchor_real", sa.BigInteger(), nullable=False),
        sa.Column("clock_anchor", sa.BigInteger(), nullable=False),
        sa.Column("clock_speed", sa.Float(), nullable=False),
        sa.Column("clock_frozen", sa.Boolean(), nullable=False),
    )
    _create_job()
    op.create_table(
        "asset",
        sa.Column("job_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("variant", sa.String(), primary_key=True, nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_asset_project_id", "asset", ["project_id"])


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("remixed_from", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rendered_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("swept_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(
        "job_live",
        "job",
        ["project_id", "ordinal"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("job_due", "job", ["project_id", "due_at"])
    op.create_index(
        "job_unrendered",
        "job",
        ["project_id"],
        sqlite_where=UNRENDERED,
        postgresql_where=UNRENDERED,
    )
