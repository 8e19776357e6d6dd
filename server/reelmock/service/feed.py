"""Events as they happen, for those who listen in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from reelmock.domain.errors.control import ListenersExhausted
from reelmock.domain.webhook import Event

Ear = Callable[[Event], None]
"""Hears of an event, in whichever thread it was committed; it must not wait."""

MOST = 64
"""Listeners at a time."""


class Feed:
    """Tells every listener of every event, after it was stored. `behind` is the place
    behind which all happened since this server began."""

    def __init__(self, behind: int = 0) -> None:
        self.behind = behind
        self._ears: list[Ear] = []
        self._lock = Lock()

    @contextmanager
    def heard_by(self, ear: Ear) -> Iterator[None]:
        """Listen during this block; raises ListenersExhausted."""
        with self._lock:
            if len(self._ears) >= MOST:
                raise ListenersExhausted(most=MOST)
            self._ears = [*self._ears, ear]
        try:
            yield
        finally:
            with self._lock:
                self._ears = [one for one in self._ears if one is not ear]

    def publish(self, event: Event) -> None:
        """Tell of an event. Two that were stored at once may be told of in either order."""
        for ear in self._ears:
            ear(event)
