"""Events as they happen, for those who listen in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from reelmock.domain.webhook import Event

Ear = Callable[[Event], None]
"""Hears of an event, in whichever thread it was committed; it must not wait."""


class Feed:
    """Tells every listener of every event, after it was stored."""

    def __init__(self) -> None:
        self._ears: list[Ear] = []
        self._lock = Lock()

    @contextmanager
    def heard_by(self, ear: Ear) -> Iterator[None]:
        """Listen during this block."""
        with self._lock:
            self._ears = [*self._ears, ear]
        try:
            yield
        finally:
            with self._lock:
                self._ears = [one for one in self._ears if one is not ear]

    def publish(self, event: Event) -> None:
        """Tell of an event."""
        for ear in self._ears:
            ear(event)
