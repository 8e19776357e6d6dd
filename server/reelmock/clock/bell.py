"""The only sleeper: waits until an instant, or until somebody rings."""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from threading import Lock, get_ident
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST = timedelta(hours=1)
"""A sleep is never longer, so that a step of the machine's clock is soon noticed."""

BUSY = timedelta(seconds=1)
"""How long a busy listener lets it ring."""


class Bell(Generic[T]):
    """Rung from any thread with something in hand; heard by one event loop."""

    def __init__(self) -> None:
        self._brought: deque[T] = deque()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._event = asyncio.Event()
        self._hears = True

    def listen(self) -> None:
        """Be heard by the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()

    def deafen(self) -> None:
        """Rings are kept, and nobody is woken."""
        with self._lock:
            self._loop = None

    def ring(self, brought: T) -> None:
        """Bring something; the listener wakes for it, unless it is too busy."""
        self._brought.append(brought)
        if self._hears:
            self.wake()

    def wake(self) -> None:
        """End the listener's wait, however busy it is."""
        with self._lock:
            if self._loop is None or self._event.is_set():
                return
            if get_ident() == self._thread:
                self._event.set()
            else:
                self._loop.call_soon_threadsafe(self._event.set)

    def taken(self) -> list[T]:
        """Everything brought since the last time."""
        self._event.clear()
        brought = []
        while self._brought:
            brought.append(self._brought.popleft())
        return brought

    async def wait(
        self, now: datetime, until: datetime | None, *, is_busy: bool = False
    ) -> None:
        """Return at `until`, or when somebody rings; a busy listener lets it ring for a
        while, and returns for all of it at once."""
        longest = BUSY if is_busy else LONGEST
        span = longest if until is None else min(longest, until - now)
        self._hears = not is_busy
        if self._brought and not is_busy:
            return
        try:
            async with asyncio.timeout(max(0.0, span.total_seconds())):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._hears = True
