"""How projects begin that have stored nothing yet."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from reelmock.domain.clock import Clock


class Beginnings:
    """How projects begin that have stored nothing yet: with real time, at the server's
    speed, with its budget (in millionths of a dollar), unless the whole server was told
    otherwise."""

    def __init__(self, speed: float, budget: int | None = None) -> None:
        self.speed = speed
        self.budget = self._first_budget = budget
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
        """Begin with real time again, and the server's own budget."""
        with self._lock:
            self._told = None
            self.budget = self._first_budget

    def set_budget(self, budget: int | None) -> None:
        """Have every project without a budget of its own have this one; None gives the
        server's back."""
        self.budget = self._first_budget if budget is None else budget
