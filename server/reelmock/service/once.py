"""Work that must not be done twice at the same time: one lock a name, while in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Once:
    """Locks by name; a name that nobody holds takes no room."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._locks: dict[str, tuple[Lock, int]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Hold the name; a second caller waits here."""
        lock = self._taken(name)
        try:
            with lock:
                yield
        finally:
            self._left(name)

    def _taken(self, name: str) -> Lock:
        with self._guard:
            lock, users = self._locks.get(name, (Lock(), 0))
            self._locks[name] = (lock, users + 1)
            return lock

    def _left(self, name: str) -> None:
        with self._guard:
            lock, users = self._locks.pop(name)
            if users > 1:
                self._locks[name] = (lock, users - 1)
