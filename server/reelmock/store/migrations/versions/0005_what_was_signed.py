"""What an attempt was signed with, and the way from a video to those made of it.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MADE_OF = sa.text("source IS NOT NULL")


def upgrade() -> None:
    """Earlier attempts do not say."""
    op.add_column("attempt", sa.Column("signed_at", sa.BigInteger(), nullable=True))
    op.add_column("attempt", sa.Column("signature", sa.Text(), nullable=True))
    op.create_index(
        "job_source", "job", ["project_id", "source"],
        sqlite_where=_MADE_OF, postgresql_where=_MADE_OF,
    )  # fmt: skip
