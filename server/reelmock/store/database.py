"""The database file: how it is opened, locked against a second server, brought to the
newest schema, read and written. The only place that knows it is SQLite."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    URL,
    ClauseElement,
    Connection,
    Engine,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from reelmock.store.tables import SERVER

HEAD = "0005"
"""The newest schema; a test holds it against the migrations."""

COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"


class SchemaTooNew(Exception):
    """The file was written by a newer Reelmock."""


class DataUnusable(Exception):
    """The file is no database of ours, or damaged; says what SQLite says."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The one connection that writes, as SQLAlchemy has it and as the driver has."""

    connection: Connection
    driver: sqlite3.Connection

    @classmethod
    def on(cls, connection: Connection) -> "Writing":
        """The connection with its driver's."""
        driver = connection.connection.driver_connection
        return cls(connection, cast(sqlite3.Connection, driver))

    def run(self, sql: str, row: tuple[Any, ...]) -> int:
        """Run a prepared statement; the place of a row that it has added."""
        return self.driver.execute(sql, row).lastrowid or 0

    def end(self, word: str) -> None:
        """Commit or roll back. SQLite may have rolled back by itself: then there is
        nothing to commit, and whoever thinks so is told."""
        try:
            if word == COMMIT or self.driver.in_transaction:
                self.driver.execute(word)
        finally:
            # What could not be committed.
            self.driver.rollback()
            # SQLAlchemy believes in a transaction of its own once it ran a statement.
            self.connection.rollback()


class Database:
    """One SQLite file in WAL mode. Many threads may read; writers take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        url = URL.create("sqlite", database=str(path))
        self._engine = create_engine(url, connect_args={"check_same_thread": False})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._reading = self._engine.execution_options(reads_alone=True)
        self.turn = threading.Lock()
        self._writer: Writing | None = None
        self._prepared: dict[
            tuple[ClauseElement, tuple[str, ...]], tuple[str, list[str]]
        ] = {}

    def open(self) -> None:
        """Bring the schema to HEAD; raises SchemaTooNew or DataUnusable."""
        try:
            self._bring_to_head()
        except DatabaseError as wrong:
            raise DataUnusable(f"{self.path}: {wrong.orig}") from None

    def _bring_to_head(self) -> None:
        with self._reading.connect() as connection:
            version = _version(connection)
        if version == HEAD:
            return
        if version is None:
            self._create()
        elif version > HEAD:
            raise SchemaTooNew(version)
        else:
            migrate(self._engine)

    def _create(self) -> None:
        with self._engine.begin() as connection:
            SQLModel.metadata.create_all(connection)
            connection.execute(text(_VERSIONS))
            connection.execute(text(_STAMP), {"head": HEAD})

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        if self._writer is not None:
            self._writer.connection.close()
        with self.turn, self._reading.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which every statement stands alone."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction that commits at the end; to be begun when it is one's turn.

        Begun and ended at the driver: SQLAlchemy takes longer for it than SQLite.
        """
        if self._writer is None:
            self._writer = Writing.on(self._reading.connect())
        self._writer.driver.execute("BEGIN IMMEDIATE")
        try:
            yield self._writer
        except BaseException:
            self._writer.end(ROLLBACK)
            raise
        self._writer.end(COMMIT)

    def prepared(
        self, statement: ClauseElement, names: tuple[str, ...]
    ) -> tuple[str, list[str]]:
        """A statement's text for the driver, and the order of its values.

        Compiled once: SQLAlchemy takes longer to find a statement again than SQLite to
        run it. The statement must be one that lives as long as its module.
        """
        known = self._prepared.get((statement, names))
        if known is None:
            dialect, keys = self._engine.dialect, list(names)
            compiled = statement.compile(dialect=dialect, column_keys=keys)
            known = (str(compiled), list(getattr(compiled, "positiontup", None) or []))
            self._prepared[statement, names] = known
        return known

    def secret(self, name: str, drawn: str) -> str:
        """The stored secret of that name; `drawn` is stored if there is none."""
        query = select(SERVER.c.value).where(SERVER.c.name == name)
        with self.turn, self.writing() as writing:
            connection = writing.connection
            value = connection.execute(query).scalar()
            if value is None:
                connection.execute(insert(SERVER), {"name": name, "value": drawn})
        return str(value) if value is not None else drawn

    def exchange(self, name: str, value: str) -> str | None:
        """Store a setting under that name; the one that was there."""
        known = select(SERVER.c.value).where(SERVER.c.name == name)
        with self.turn, self.writing() as writing:
            connection = writing.connection
            before: str | None = connection.execute(known).scalar()
            if before is None:
                connection.execute(insert(SERVER), {"name": name, "value": value})
            elif before != value:
                mine = update(SERVER).where(SERVER.c.name == name)
                connection.execute(mine.values(value=value))
        return before


_VERSIONS = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
)
_STAMP = "INSERT INTO alembic_version (version_num) VALUES (:head)"


def _prepare(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own: `_begin` says how.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("reads_alone"):
        # Straight to the driver: this runs with every write.
        connection.connection.cursor().execute("BEGIN IMMEDIATE")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    stored = connection.execute(text("SELECT version_num FROM alembic_version"))
    return stored.scalar()


def migrate(engine: Engine) -> None:
    """Run the migrations up to HEAD; Alembic is imported only for this."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "reelmock.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
