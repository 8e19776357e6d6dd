"""The journal: what was asked and answered, a project at a time, in memory."""

from bisect import bisect_right
from collections import Counter, OrderedDict
from copy import copy
from datetime import datetime
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import Literal, Unpack

from cachetools import LRUCache

from reelmock.domain.entry import POLL, Entry
from reelmock.domain.errors.control import JournalOff
from reelmock.domain.exchange import Trace
from reelmock.service.books import USUAL, Book, Bounds, Closed, News
from reelmock.service.changes import EVERY, Change, Changes, Topic
from reelmock.service.entries import entry_of, status_told, without_secrets
from reelmock.service.feed import Feed
from reelmock.service.searches import Filters, Search

MOST_CLOSED = 4096
"""Forgotten projects of which it is still known that something was forgotten."""


def cursor_of(project_id: str | None) -> Literal["number", "serial"]:
    """What `after` is of an entry: among those of all projects, its serial."""
    return "serial" if project_id is None else "number"


class Journal:
    """The exchanges of all projects; gone at restart.

    Written on the event loop, read from other threads. One that is not `is_on` is not
    written, and what is asked of it raises JournalOff.
    """

    def __init__(
        self, bounds: Bounds = USUAL, *, is_on: bool = True,
        changes: Changes | None = None,
    ) -> None:  # fmt: skip
        self.is_on = is_on
        self._changes: Changes = Feed() if changes is None else changes
        self._bounds = bounds
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._closed: LRUCache[str, Closed] = LRUCache(MOST_CLOSED)
        self._weight = 0
        self._serial = 0
        self._lock = Lock()

    def write(self, trace: Trace) -> None:
        """Note one exchange that has been answered."""
        trace = without_secrets(trace)
        with self._lock:
            self._serial += 1
            book = self._book(trace.project_id)
            book.asked_at = trace.real
            if trace.operation != POLL or not self._repeat(book, trace):
                self._add(book, trace)
        if self._changes.is_heard:
            self._changes.publish(Change(trace.project_id, Topic.EXCHANGE))

    def _repeat(self, book: Book, trace: Trace) -> bool:
        """Polls are most of what is asked: one more of the same is only counted."""
        last = book.last.get(trace.video or "")
        now, real = trace.now, trace.real
        if last is None or now is None or real is None:
            return False
        if trace.warnings or not last.is_repeated_by(
            trace.status, trace.rule, trace.fault
        ):
            return False
        last.repeat(status_told(trace), now, real, self._serial)
        return True

    def _add(self, book: Book, trace: Trace) -> None:
        book.number += 1
        before = book.weight
        book.add(entry_of(trace, book.number, self._serial))
        while book.is_over(self._bounds):
            book.evict(self._bounds.newest)
        self._weight += book.weight - before
        while self._weight > self._bounds.bytes:
            self._lighten()

    def _lighten(self) -> None:
        """Who has most gives: one project cannot take the journal from the others."""
        heaviest = max(self._books.values(), key=lambda book: book.weight)
        before = heaviest.weight
        heaviest.evict(self._bounds.newest)
        self._weight += heaviest.weight - before

    def _book(self, project_id: str) -> Book:
        book = self._books.get(project_id)
        if book is not None:
            self._books.move_to_end(project_id)
            return book
        known = self._closed.pop(project_id, None) or Closed(0, Counter())
        book = self._books[project_id] = Book(known.number, known.evicted, self._serial)
        if len(self._books) > self._bounds.projects:
            name, oldest = self._books.popitem(last=False)
            self._weight -= oldest.weight
            self._closed[name] = oldest.close()
        return book

    def entries(
        self, project_id: str | None, **filters: Unpack[Filters]
    ) -> list[Entry]:
        """The entries that these filters let pass, in the order in which they were
        answered; None is every project. Raises CallInvalid for an unknown operation, and
        JournalOff."""
        self._check_on()
        after = filters.pop("after", None)
        search = Search.of(**filters)
        with self._lock:
            kept = list(chain.from_iterable(self._named(project_id)))
        # Not under the lock: of all projects there are many.
        order = attrgetter(cursor_of(project_id))
        kept.sort(key=order)
        if after is not None:
            kept = kept[bisect_right(kept, after, key=order) :]
        return [_still(one) for one in kept if search.finds(one)]

    def news(self, project_id: str, serial: int = 0) -> News:
        """What is new in it since that serial; raises JournalOff. Who asks again and again
        asks with the serial of the last answer: little is read then."""
        self._check_on()
        with self._lock:
            book = self._books.get(project_id) or Book(0, Counter())
            kept, now, oldest = list(book), self._serial, book.oldest
            known = self._closed.get(project_id)
            evicted = Counter(book.evicted if known is None else known.evicted)
        # Not under the lock: what is counted up meanwhile is told of twice.
        new = [_still(one) for one in kept if one.polls.serial > serial]
        new.sort(key=attrgetter("number"))
        exchanges = sum(one.count for one in kept)
        return News(new, now, book.began, oldest, len(kept), exchanges, evicted)

    def count(self, project_id: str | None, **filters: Unpack[Filters]) -> int:
        """How many exchanges there were of those that are remembered."""
        return sum(one.count for one in self.entries(project_id, **filters))

    def busy(self) -> dict[str, datetime]:
        """The projects that something was lately asked of, the last one last, and when
        (real time); nothing where the journal is off."""
        with self._lock:
            return {name: book.asked_at for name, book in self._books.items()
                    if name and book.asked_at is not None}  # fmt: skip

    def evicted(self, project_id: str | None) -> Counter[str]:
        """How many exchanges were forgotten, by operation; raises JournalOff."""
        self._check_on()
        with self._lock:
            lost = [dict(book.evicted) for book in self._named(project_id)]
            if project_id is None:
                lost += [dict(closed.evicted) for closed in self._closed.values()]
            elif project_id in self._closed:
                lost.append(dict(self._closed[project_id].evicted))
        evicted = Counter[str]()
        for one in lost:
            evicted.update(one)
        return evicted

    def clear(self, project_id: str | None) -> int:
        """Forget everything, as if nothing had been; how many entries there were."""
        with self._lock:
            gone = [project_id] if project_id is not None else list(self._books)
            books = [self._books.pop(name) for name in gone if name in self._books]
            self._weight -= sum(book.weight for book in books)
            if project_id is None:
                self._closed.clear()
            else:
                self._closed.pop(project_id, None)
        whose = EVERY if project_id is None else project_id
        self._changes.publish(Change(whose, Topic.EXCHANGE))
        return sum(map(len, books))

    def _check_on(self) -> None:
        if not self.is_on:
            raise JournalOff()

    def _named(self, project_id: str | None) -> list[Book]:
        if project_id is None:
            return list(self._books.values())
        book = self._books.get(project_id)
        return [] if book is None else [book]


def _still(entry: Entry) -> Entry:
    """The entry as it is now: polls are still counted in theirs."""
    return copy(entry) if entry.operation == POLL else entry
