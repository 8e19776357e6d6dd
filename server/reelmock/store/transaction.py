"""One transaction and what it has written; the ground that repositories stand on."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.store.cache import Cache
from reelmock.store.database import Database


class Transaction:
    """Reads alone until it first writes or holds; then one transaction to the end."""

    def __init__(
        self, database: Database, jobs: Cache[Job], projects: Cache[Project]
    ) -> None:
        self.jobs = jobs
        self.projects = projects
        self._database = database
        self.borrowed = ExitStack()
        self.written_jobs: dict[str, Job | None] = {}
        self.written_projects: dict[str, Project | None] = {}
        self._reader: Connection | None = None
        self._writer: Connection | None = None

    def hold(self) -> Connection:
        """Begin the transaction, if it has not begun."""
        if self._writer is None:
            database = self._database
            self.borrowed.enter_context(database.turn)
            self.borrowed.push(self._publish)
            self._writer = self.borrowed.enter_context(database.writing())
        return self._writer

    def read(self, query: Executable) -> CursorResult[Any]:
        """Run a query, inside the transaction once there is one."""
        if self._writer is not None:
            return self._writer.execute(query)
        if self._reader is None:
            reading = self._database.reading()
            self._reader = self.borrowed.enter_context(reading)
        return self._reader.execute(query)

    def write(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> None:
        """Run a statement inside the transaction."""
        self.hold().execute(statement, values)

    def _publish(self, failed: type[BaseException] | None, *_: object) -> None:
        # Runs after the commit and before the next writer's turn.
        if failed is None:
            self.jobs.publish(self.written_jobs)
            self.projects.publish(self.written_projects)
        else:
            self.jobs.drop(self.written_jobs)
            self.projects.drop(self.written_projects)
