"""The journal of one project, and what it forgets first."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from reelmock.domain.entry import Entry


class Bounds(NamedTuple):
    """How much is remembered: projects on a server; entries and bytes of bodies of one
    project; bytes of all. Its newest entries a project keeps, whatever they are."""

    projects: int = 256
    entries: int = 1000
    bodies: int = 2 * 2**20
    bytes: int = 64 * 2**20
    newest: int = 32


USUAL = Bounds()


class Book:
    """One project's entries. `last` is the newest entry about each video; `evicted`
    counts by operation the exchanges that were forgotten; `asked_at` is when the newest
    of them came, in real time; `began` is the serial of the first."""

    def __init__(self, number: int, evicted: Counter[str], began: int = 0) -> None:
        self.number = number
        self.began = began
        self.evicted = evicted
        self.last: dict[str, Entry] = {}
        self.asked_at: datetime | None = None
        self.bodies = self.weight = 0
        self._reads: deque[Entry] = deque()
        self._writes: deque[Entry] = deque()

    def __len__(self) -> int:
        return len(self._reads) + len(self._writes)

    def __iter__(self) -> Iterator[Entry]:
        """All of them: the reads, and then the writes."""
        return chain(self._reads, self._writes)

    @property
    def oldest(self) -> tuple[int, int]:
        """The numbers of the oldest read and of the oldest write that it still has; of
        what it has none, the next one."""
        kinds = (self._reads, self._writes)
        first, second = (one[0].number if one else self.number + 1 for one in kinds)
        return first, second

    def add(self, entry: Entry) -> None:
        """Remember an exchange."""
        (self._writes if entry.is_write else self._reads).append(entry)
        self.bodies += entry.bodies
        self.weight += entry.weight
        if entry.video is not None:
            self.last[entry.video] = entry

    def is_over(self, bounds: Bounds) -> bool:
        """Whether something must be forgotten."""
        return len(self) > bounds.entries or self.bodies > bounds.bodies

    def evict(self, newest: int) -> None:
        """Forget the oldest read, or, where all but the newest entries are writes, the
        oldest write."""
        has_old_read = self._reads and self._reads[0].number <= self.number - newest
        kind = self._reads if has_old_read or not self._writes else self._writes
        entry = kind.popleft()
        self.bodies -= entry.bodies
        self.weight -= entry.weight
        self.evicted[entry.operation] += entry.count
        if entry.video is not None and self.last.get(entry.video) is entry:
            del self.last[entry.video]

    def close(self) -> "Closed":
        """What is remembered of a project of which no entry is."""
        for entry in self:
            self.evicted[entry.operation] += entry.count
        return Closed(self.number, self.evicted)


class News(NamedTuple):
    """What a project's journal has for somebody who knew it up to a serial: the entries
    that were added or counted up since, in their order, and up to where it is known now.

    `began` is another one once it was cleared. `oldest` are the numbers of the oldest
    read and of the oldest write that are remembered; `kept` counts the entries,
    `exchanges` what they stand for, `evicted` what was forgotten, by operation.
    """

    entries: list[Entry]
    serial: int
    began: int
    oldest: tuple[int, int]
    kept: int
    exchanges: int
    evicted: Counter[str]


class Closed(NamedTuple):
    """How many entries a forgotten project had, and what was in them."""

    number: int
    evicted: Counter[str]
