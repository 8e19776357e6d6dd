"""What plans, prices and scenarios need; ids are a project's own, so that two projects can
hold the same snapshot.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LIVE = sa.text("deleted_at IS NULL")
UNRENDERED = sa.text("rendered_at IS NULL AND failed_at IS NULL AND deleted_at IS NULL")

OWNED = {
    "job": ("project_id", "id"),
    "asset": ("project_id", "job_id", "variant"),
    "character": ("project_id", "id"),
    "file": ("project_id", "id"),
}
"""The tables whose keys get the project, and their new keys."""


def upgrade() -> None:
    """Widen the tables, and make them anew where their keys change."""
    _widen()
    for index in ("job_live", "job_due", "job_unrendered", "ix_asset_project_id",
                  "file_place", "file_due"):  # fmt: skip
        op.drop_index(index)
    for table, key in OWNED.items():
        _rekey(table, key)
    _index()


def _widen() -> None:
    op.add_column("project", sa.Column("scenarios", sa.Text(), nullable=True))
    op.add_column("project", sa.Column("budget", sa.BigInteger(), nullable=True))
    for column in (
        sa.Column("reach", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("is_endless", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("curve", sa.Text(), nullable=True),
        sa.Column("polls_wanted", sa.Integer(), nullable=True),
        sa.Column("lifetime", sa.BigInteger(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("polls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("job", column)


def _rekey(name: str, key: tuple[str, ...]) -> None:
    """The same columns and rows under another primary key."""
    connection = op.get_bind()
    old = sa.Table(name, sa.MetaData(), autoload_with=connection)
    op.rename_table(name, f"{name}_old")
    columns = [
        sa.Column(
            column.name,
            column.type,
            nullable=column.nullable,
            server_default=column.server_default,
        )
        for column in old.columns
    ]
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key))
    names = ", ".join(f'"{column.name}"' for column in old.columns)
    op.execute(f'INSERT INTO "{name}" ({names}) SELECT {names} FROM "{name}_old"')  # noqa: S608
    op.drop_table(f"{name}_old")


def _index() -> None:
    placed = ["project_id", "ordinal"]
    for name, table, columns, unique, where in (
        ("job_live", "job", placed, True, LIVE),
        ("job_due", "job", ["project_id", "due_at"], False, None),
        ("job_unrendered", "job", ["project_id"], False, UNRENDERED),
        ("file_place", "file", placed, True, LIVE),
        ("file_due", "file", ["project_id", "expires_at"], False, None),
    ):
        op.create_index(
            name, table, columns, unique=unique, sqlite_where=where,
            postgresql_where=where,
        )  # fmt: skip
