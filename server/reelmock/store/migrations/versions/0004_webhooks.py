"""Endpoints, events, deliveries and their attempts.

Revision ID: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, with nothing in them."""
    _add("endpoint", _named(), *_told("name", "url", "event_types"),
         _count("created_at"), _count("updated_at"),
         sa.Column("secret", sa.String(), nullable=False),
         sa.Column("old_secret", sa.String(), nullable=True),
         _count("old_until", nullable=True),
         sa.Column("rotations", sa.Integer(), nullable=False),
         _count("deleted_at", nullable=True))  # fmt: skip
    _add("event", _named(), sa.Column("type", sa.String(), nullable=False),
         _count("created_at"), *_told("subject"),
         sa.Column("fields", sa.Text(), nullable=True),
         sqlite_autoincrement=True)  # fmt: skip
    _add("delivery", _named(),
         sa.Column("event_id", sa.String(), nullable=False),
         sa.Column("endpoint_id", sa.String(), nullable=False),
         _count("begun_at"), _count("due_at", nullable=True),
         sa.Column("status", sa.String(), nullable=False),
         sa.Column("attempts", sa.Integer(), nullable=False),
         sa.Column("failures", sa.Integer(), nullable=False),
         sa.Column("is_held", sa.Boolean(), nullable=False),
         sa.Column("is_once", sa.Boolean(), nullable=False))  # fmt: skip
    _add("attempt", sa.Column("delivery_id", sa.String(), nullable=False),
         sa.Column("number", sa.Integer(), nullable=False),
         _count("at"), _count("real_at"),
         sa.Column("status", sa.Integer(), nullable=True),
         sa.Column("error", sa.Text(), nullable=True), *_told("answer"),
         sa.Column("seconds", sa.Float(), nullable=False),
         sa.Column("weather", sa.String(), nullable=True))  # fmt: skip
    _index()


def _add(table: str, *columns: sa.Column[Any], **options: bool) -> None:
    op.create_table(
        table,
        sa.Column("place", PLACE, primary_key=True, autoincrement=True),
        sa.Column("project_id", sa.String(), nullable=False),
        *columns,
        **options,
    )


def _named() -> sa.Column[Any]:
    return sa.Column("id", sa.String(), nullable=False)


def _told(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _count(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _index() -> None:
    for name, table, columns, unique in (
        ("endpoint_name", "endpoint", ["project_id", "id"], True),
        ("event_name", "event", ["project_id", "id"], True),
        ("event_place", "event", ["project_id", "place"], False),
        ("delivery_name", "delivery", ["project_id", "id"], True),
        ("delivery_event", "delivery", ["project_id", "event_id"], False),
        ("attempt_of", "attempt", ["project_id", "delivery_id"], False),
        ("attempt_place", "attempt", ["project_id", "place"], False),
    ):
        op.create_index(name, table, columns, unique=unique)
    lane = ["project_id", "endpoint_id"]
    for name, columns, where in (
        ("delivery_due", ["project_id", "due_at"], "due_at IS NOT NULL"),
        ("delivery_lane", [*lane, "due_at"], "due_at IS NOT NULL"),
        ("delivery_held", lane, "is_held = 1"),
    ):
        op.create_index(name, "delivery", columns, sqlite_where=sa.text(where))
