"""The only sleeper: waits until an instant, or until somebody rings."""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST = timedelta(hours=1)
"""A sleep is never longer, so that a step of the machine's clock is soon noticed."""


class Bell(Generic[T]):
    """Rung from any thread with something in hand; heard by one event loop."""

    def __init__(self) -> None:
        self._brought: deque[T] = deque()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event = asyncio.Event()

    def listen(self) -> None:
        """Be heard by the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def deafen(self) -> None:
        """Rings are kept, and nobody is woken."""
        with self._lock:
            self._loop = None

    def ring(self, brought: T) -> None:
        """Wake the listener; `brought` is there when it wakes."""
        self._brought.append(brought)
        self.wake()

    def wake(self) -> None:
        """End the listener's wait, bringing nothing."""
        with self._lock:
            if self._loop is not None and not self._event.is_set():
                self._loop.call_soon_threadsafe(self._event.set)

    def taken(self) -> list[T]:
        """Everything brought since the last time."""
        self._event.clear()
        brought = []
        while self._brought:
            brought.append(self._brought.popleft())
        return brought

    async def wait(self, now: datetime, until: datetime | None) -> None:
        """Return at `until`, or as soon as somebody rings."""
        span = LONGEST if until is None else min(LONGEST, until - now)
        try:
            async with asyncio.timeout(max(0.0, span.total_seconds())):
                await self._event.wait()
        except TimeoutError:
            return
