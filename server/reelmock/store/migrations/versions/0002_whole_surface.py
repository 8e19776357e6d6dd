"""What derived videos need, and three tables: character, file, repeat.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Widen the job, and create the tables."""
    op.execute("ALTER TABLE job RENAME COLUMN remixed_from TO source")
    op.add_column("job", sa.Column("composition", sa.String(), nullable=True))
    op.add_column("job", sa.Column("mood", sa.Float(), nullable=True))
    op.add_column("job", sa.Column("new_seconds", sa.Integer(), nullable=True))
    op.add_column(
        "job",
        sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("job", sa.Column("characters", sa.Text(), nullable=True))
    _create_character()
    _create_file()
    _create_repeat()


def _create_character() -> None:
    op.create_table(
        "character",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )


def _create_file() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(
        "file_place",
        "file",
        ["project_id", "ordinal"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("file_due", "file", ["project_id", "expires_at"])


def _create_repeat() -> None:
    op.create_table(
        "repeat",
        sa.Column("project_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("key_digest", sa.String(), primary_key=True, nullable=False),
        sa.Column("asked_digest", sa.String(), nullable=False),
        sa.Column("made", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("repeat_expiry", "repeat", ["project_id", "expires_at"])
