"""What happens, for those who listen in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from reelmock.domain.errors.control import ListenersExhausted

T = TypeVar("T")

MOST = 64
"""Listeners at a time."""


class Feed(Generic[T]):
    """Tells every listener of everything, after it was stored. `behind` is the place
    behind which all happened since this server began, of what has places."""

    def __init__(self, behind: int = 0) -> None:
        self.behind = behind
        self._ears: list[Callable[[T], None]] = []
        self._lock = Lock()

    @contextmanager
    def heard_by(self, ear: Callable[[T], None]) -> Iterator[None]:
        """Listen during this block; raises ListenersExhausted. An ear hears in whichever
        thread something was committed, and must not wait."""
        with self._lock:
            if len(self._ears) >= MOST:
                raise ListenersExhausted(most=MOST)
            self._ears = [*self._ears, ear]
        try:
            yield
        finally:
            with self._lock:
                self._ears = [one for one in self._ears if one is not ear]

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._ears)

    def publish(self, told: T) -> None:
        """Tell everybody. Two that were stored at once may be told of in either order."""
        for ear in self._ears:
            ear(told)
