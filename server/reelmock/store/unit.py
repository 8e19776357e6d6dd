"""The store, and the units it begins: one transaction with its repositories."""

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Self

from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.service.changes import Changes
from reelmock.store.belongings import CharacterTable, FileTable, RepeatTable
from reelmock.store.cache import Cache
from reelmock.store.database import Database
from reelmock.store.repositories import AssetTable, JobTable, ProjectTable
from reelmock.store.transaction import Transaction
from reelmock.store.webhooks import DeliveryTable, EndpointTable, EventTable

CACHE_BYTES = 16 * 2**20
CACHED_PROJECTS = 4096
JOB_BYTES = 1500
"""About what a job weighs in memory besides its prompt."""


class StoreUnit:
    """The repositories of one transaction: commits when its block ends, and forgets
    when it raises."""

    def __init__(self, transaction: Transaction) -> None:
        self.projects = ProjectTable(transaction)
        self.jobs = JobTable(transaction)
        self.assets = AssetTable(transaction)
        self._transaction = transaction
        self._afterwards: list[Callable[[], object]] = []

    @cached_property
    def characters(self) -> CharacterTable:
        """Their characters."""
        return CharacterTable(self._transaction)

    @cached_property
    def files(self) -> FileTable:
        """Their files."""
        return FileTable(self._transaction)

    @cached_property
    def repeats(self) -> RepeatTable:
        """Their idempotency keys."""
        return RepeatTable(self._transaction)

    @cached_property
    def endpoints(self) -> EndpointTable:
        """Their endpoints."""
        return EndpointTable(self._transaction)

    @cached_property
    def events(self) -> EventTable:
        """Their events."""
        return EventTable(self._transaction)

    @cached_property
    def deliveries(self) -> DeliveryTable:
        """Their deliveries."""
        return DeliveryTable(self._transaction)

    def then(self, call: Callable[[], object]) -> None:
        """Have something called when this has committed, and never if it does not."""
        self._afterwards.append(call)

    def hold(self) -> None:
        """Be alone from here on: what is read is of one instant."""
        self._transaction.hold()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transaction.end(kind, error, trace)
        if kind is None:
            for call in self._afterwards:
                call()


class Store:
    """A database and what is remembered of it; `changes` hears what is committed."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes
        self._jobs: Cache[Job] = Cache(CACHE_BYTES, _weigh)
        self._projects: Cache[Project] = Cache(CACHED_PROJECTS, lambda _: 1)

    def unit(self) -> StoreUnit:
        """A new unit; it costs next to nothing until it reads or writes."""
        remembered = (self._jobs, self._projects)
        return StoreUnit(Transaction(self._database, *remembered, self._changes))


def _weigh(job: Job) -> int:
    return JOB_BYTES + 4 * len(job.prompt)
