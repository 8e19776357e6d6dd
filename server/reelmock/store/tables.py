"""The tables. Instants are whole microseconds since 1970, so that every database
keeps them exact and in order; a row never leaves this room (`rows` is the border)."""

from sqlalchemy import BigInteger, Index, Integer, Table, Text, text
from sqlmodel import Field, SQLModel

_LIVE = text("deleted_at IS NULL")
_DUE = text("due_at IS NOT NULL")
_MADE_OF = text("source IS NOT NULL")
_HELD = text("is_held = 1")
_UNRENDERED = text("rendered_at IS NULL AND failed_at IS NULL AND deleted_at IS NULL")


class ServerRow(SQLModel, table=True):
    """One secret or setting of the data directory itself."""

    __tablename__ = "server"

    name: str = Field(primary_key=True)
    value: str


class ProjectRow(SQLModel, table=True):
    """A project, its clock, and the last ordinal that was given in it."""

    __tablename__ = "project"

    id: str = Field(primary_key=True)
    epoch: int
    ordinal: int = Field(sa_type=BigInteger)
    clock_anchor_real: int = Field(sa_type=BigInteger)
    clock_anchor: int = Field(sa_type=BigInteger)
    clock_speed: float
    clock_frozen: bool
    scenarios: str | None = Field(default=None, sa_type=Text)
    budget: int | None = Field(default=None, sa_type=BigInteger)


class JobRow(SQLModel, table=True):
    """A job. A removed one keeps its place in the list and loses everything else."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "job_live",
            "project_id",
            "ordinal",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("job_due", "project_id", "due_at"),
        Index(
            "job_source",
            "project_id",
            "source",
            sqlite_where=_MADE_OF,
            postgresql_where=_MADE_OF,
        ),
        Index(
            "job_unrendered",
            "project_id",
            sqlite_where=_UNRENDERED,
            postgresql_where=_UNRENDERED,
        ),
    )

    project_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    ordinal: int = Field(sa_type=BigInteger)
    kind: str
    created_at: int = Field(sa_type=BigInteger)
    model: str = Field(sa_type=Text)
    prompt: str = Field(sa_type=Text)
    seconds: int
    width: int
    height: int
    starts_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)
    reach: int = Field(default=100, sa_column_kwargs={"server_default": "100"})
    is_endless: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    curve: str | None = Field(default=None, sa_type=Text)
    polls_wanted: int | None = None
    lifetime: int | None = Field(default=None, sa_type=BigInteger)
    source: str | None = None
    reference: str | None = None
    composition: str | None = None
    mood: float | None = None
    new_seconds: int | None = None
    extensions: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    characters: str | None = Field(default=None, sa_type=Text)
    media: str | None = Field(default=None, sa_type=Text)
    cost: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"}
    )
    polls: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    status: str
    attempts: int
    rendered_at: int | None = Field(default=None, sa_type=BigInteger)
    failed_at: int | None = Field(default=None, sa_type=BigInteger)
    failure_code: str | None = None
    failure_message: str | None = Field(default=None, sa_type=Text)
    swept_at: int | None = Field(default=None, sa_type=BigInteger)
    epoch: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class AssetRow(SQLModel, table=True):
    """One stored file of a job."""

    __tablename__ = "asset"

    project_id: str = Field(primary_key=True)
    job_id: str = Field(primary_key=True)
    variant: str = Field(primary_key=True)
    key: str
    bytes: int = Field(sa_type=BigInteger)
    digest: str
    made_at: int = Field(sa_type=BigInteger)


class CharacterRow(SQLModel, table=True):
    """A character."""

    __tablename__ = "character"

    project_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    created_at: int = Field(sa_type=BigInteger)


class FileRow(SQLModel, table=True):
    """A file. A removed one keeps its place in the list and loses everything else."""

    __tablename__ = "file"
    __table_args__ = (
        Index(
            "file_place",
            "project_id",
            "ordinal",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("file_due", "project_id", "expires_at"),
    )

    project_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    ordinal: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    purpose: str
    media_type: str = Field(sa_type=Text)
    key: str
    bytes: int = Field(sa_type=BigInteger)
    digest: str
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int | None = Field(default=None, sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class RepeatRow(SQLModel, table=True):
    """What was made under an `Idempotency-Key`, by digests."""

    __tablename__ = "repeat"
    __table_args__ = (Index("repeat_expiry", "project_id", "expires_at"),)

    project_id: str = Field(primary_key=True)
    key_digest: str = Field(primary_key=True)
    asked_digest: str
    made: str
    expires_at: int = Field(sa_type=BigInteger)


_PLACE = BigInteger().with_variant(Integer(), "sqlite")
"""Counts up by itself; SQLite does so only for one kind of integer."""


class EndpointRow(SQLModel, table=True):
    """An endpoint. A removed one keeps its place in the list and loses its secrets."""

    __tablename__ = "endpoint"
    __table_args__ = (Index("endpoint_name", "project_id", "id", unique=True),)

    place: int | None = Field(default=None, primary_key=True, sa_type=_PLACE)
    project_id: str
    id: str
    created_at: int = Field(sa_type=BigInteger)
    updated_at: int = Field(sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    url: str = Field(sa_type=Text)
    event_types: str = Field(sa_type=Text)
    secret: str
    old_secret: str | None = None
    old_until: int | None = Field(default=None, sa_type=BigInteger)
    rotations: int = 0
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class EventRow(SQLModel, table=True):
    """An event."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_name", "project_id", "id", unique=True),
        Index("event_place", "project_id", "place"),
        # No place is given twice, also after a reset: listeners resume by it.
        {"sqlite_autoincrement": True},
    )

    place: int | None = Field(default=None, primary_key=True, sa_type=_PLACE)
    project_id: str
    id: str
    type: str
    created_at: int = Field(sa_type=BigInteger)
    subject: str = Field(sa_type=Text)
    fields: str | None = Field(default=None, sa_type=Text)


class DeliveryRow(SQLModel, table=True):
    """An event on its way to an endpoint."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_name", "project_id", "id", unique=True),
        Index("delivery_due", "project_id", "due_at", sqlite_where=_DUE),
        Index(
            "delivery_lane", "project_id", "endpoint_id", "due_at", sqlite_where=_DUE
        ),
        Index("delivery_held", "project_id", "endpoint_id", sqlite_where=_HELD),
        Index("delivery_event", "project_id", "event_id"),
    )

    place: int | None = Field(default=None, primary_key=True, sa_type=_PLACE)
    project_id: str
    id: str
    event_id: str
    endpoint_id: str
    begun_at: int = Field(sa_type=BigInteger)
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    status: str
    attempts: int = 0
    failures: int = 0
    is_held: bool = False
    is_once: bool = False


class AttemptRow(SQLModel, table=True):
    """One POST of a delivery."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("attempt_of", "project_id", "delivery_id"),
        Index("attempt_place", "project_id", "place"),
    )

    place: int | None = Field(default=None, primary_key=True, sa_type=_PLACE)
    project_id: str
    delivery_id: str
    number: int
    at: int = Field(sa_type=BigInteger)
    real_at: int = Field(sa_type=BigInteger)
    status: int | None = None
    error: str | None = Field(default=None, sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    seconds: float = 0.0
    weather: str | None = None
    signed_at: int | None = Field(default=None, sa_type=BigInteger)
    signature: str | None = Field(default=None, sa_type=Text)


def table_of(row: type[SQLModel]) -> Table:
    """The Core table behind a row class: statements are built from it."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


SERVER = table_of(ServerRow)
PROJECT = table_of(ProjectRow)
JOB = table_of(JobRow)
ASSET = table_of(AssetRow)
CHARACTER = table_of(CharacterRow)
FILE = table_of(FileRow)
REPEAT = table_of(RepeatRow)
ENDPOINT = table_of(EndpointRow)
EVENT = table_of(EventRow)
DELIVERY = table_of(DeliveryRow)
ATTEMPT = table_of(AttemptRow)
