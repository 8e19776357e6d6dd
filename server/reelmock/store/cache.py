"""Jobs and projects lately read, so that a poll costs no query.

Every write through this process raises the generation and publishes what it wrote,
after its commit; a reader offers what it read together with the generation it began in, so
a value read before a commit never lands here after it.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

V = TypeVar("V")


class Cache(Generic[V]):
    """At most `weight` units of values, the least lately used dropped first."""

    def __init__(self, weight: int, weigh: Callable[[V], int]) -> None:
        self._values: LRUCache[str, V] = LRUCache(weight, getsizeof=weigh)
        self._lock = Lock()
        self.generation = 0

    def get(self, name: str) -> V | None:
        """The value, if it is here."""
        with self._lock:
            return self._values.get(name)

    def offer(self, name: str, value: V, generation: int) -> None:
        """Keep a value that was read in this generation; too large ones are not."""
        with self._lock:
            if generation == self.generation:
                self._keep(name, value)

    def publish(self, changed: Mapping[str, V | None]) -> None:
        """Take over what a commit wrote; None stands for what it removed.

        To be called while the writer still has its turn, so that the last one wins.
        """
        with self._lock:
            self.generation += 1
            for name, value in changed.items():
                self._values.pop(name, None)
                if value is not None:
                    self._keep(name, value)

    def drop(self, names: Iterable[str]) -> None:
        """Forget what a failed commit may have changed."""
        self.publish(dict.fromkeys(names))

    def _keep(self, name: str, value: V) -> None:
        if self._values.getsizeof(value) <= self._values.maxsize:
            self._values[name] = value
