"""How the clocks begin of projects that have stored nothing yet."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from reelmock.domain.clock import Clock


class Beginnings:
    """How the clocks of projects begin that have stored nothing yet: with real time, at
    the server's speed, unless the whole server was told otherwise."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._told: Clock | None = None
        self._lock = Lock()

    def clock(self, real: datetime) -> Clock:
        """A new project's clock."""
        return self._told or Clock.started(real, self.speed)

    def tell(self, change: Callable[[Clock], Clock], real: datetime) -> Clock:
        """Have the clocks to come begin so."""
        with self._lock:
            self._told = change(self.clock(real))
            return self._told

    def forget(self) -> None:
        """Begin with real time again."""
        with self._lock:
            self._told = None
