"""One transaction and what it has written; the ground that repositories stand on."""

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Generic, TypeVar

from sqlalchemy import ClauseElement, Connection, CursorResult, Executable

from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.service.changes import Change, Changes, Topic
from reelmock.store.cache import Cache
from reelmock.store.database import Database, Writing

V = TypeVar("V")


class Remembered(Generic[V]):
    """The values of one kind as this transaction sees them: its own writes first."""

    def __init__(self, cache: Cache[V]) -> None:
        self._cache = cache
        self._written: dict[str, V | None] = {}

    def get(self, name: str, read: Callable[[str], V | None]) -> V | None:
        """The value: written here, remembered, or read (and then remembered)."""
        if name in self._written:
            return self._written[name]
        found = self._cache.get(name)
        if found is None:
            generation = self._cache.generation
            found = read(name)
            if found is not None:
                self._cache.offer(name, found, generation)
        return found

    def wrote(self, name: str, value: V | None) -> None:
        """Note a write; None stands for a removal."""
        self._written[name] = value

    @property
    def names(self) -> Collection[str]:
        """What was written here."""
        return self._written.keys()

    def publish(self, *, has_committed: bool) -> None:
        """Let others see what was written, or forget what may have changed."""
        if has_committed:
            self._cache.publish(self._written)
        else:
            self._cache.drop(self._written)


class Transaction:
    """Reads alone until it first writes or holds; then one transaction to the end."""

    def __init__(
        self, database: Database, jobs: Cache[Job], projects: Cache[Project],
        changes: Changes,
    ) -> None:  # fmt: skip
        self.jobs = Remembered(jobs)
        self.projects = Remembered(projects)
        self.posted: set[str] = set()
        """Projects whose endpoints or deliveries were written."""
        self._changes = changes
        self._database = database
        self._borrowed: ExitStack | None = None
        self._reader: Connection | None = None
        self._writer: Writing | None = None

    def hold(self) -> Writing:
        """Begin the transaction, if it has not begun. Nobody else writes until its
        end, so what is remembered is what is stored."""
        if self._writer is None:
            with ExitStack() as begun:  # the turn is given back if nothing can begin
                begun.enter_context(self._database.turn)
                begun.push(self._publish)
                self._writer = begun.enter_context(self._database.writing())
                self._borrow().push(begun.pop_all())
        return self._writer

    def read(
        self, query: Executable, values: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a query, inside the transaction once there is one."""
        if self._writer is not None:
            return self._writer.connection.execute(query, values)
        if self._reader is None:
            self._reader = self._borrow().enter_context(self._database.reading())
        return self._reader.execute(query, values)

    def write(self, statement: Executable) -> None:
        """Run a statement inside the transaction."""
        self.hold().connection.execute(statement)

    def write_row(self, statement: ClauseElement, values: Mapping[str, Any]) -> int:
        """Run a statement of its module's own, with these values; the place of a row
        that it has added."""
        sql, order = self._database.prepared(statement, tuple(values))
        row = tuple([values[name] for name in order])
        return self.hold().run(sql, row)

    def end(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or roll back what raised; give back what was borrowed."""
        if self._borrowed is not None:
            self._borrowed.__exit__(kind, error, trace)

    def _borrow(self) -> ExitStack:
        if self._borrowed is None:
            self._borrowed = ExitStack()
        return self._borrowed

    def _publish(self, failed: type[BaseException] | None, *_: object) -> None:
        # Runs after the commit and before the next writer's turn.
        self.jobs.publish(has_committed=failed is None)
        self.projects.publish(has_committed=failed is None)
        if failed is None and self._changes.is_heard:
            self._tell()

    def _tell(self) -> None:
        for name in self.jobs.names:
            project_id, _, job_id = name.partition("/")
            self._changes.publish(Change(project_id, Topic.VIDEO, job_id))
        for project_id in self.projects.names:
            self._changes.publish(Change(project_id, Topic.PROJECT))
        for project_id in self.posted:
            self._changes.publish(Change(project_id, Topic.WEBHOOK))
