"""How many requests a project may still make of a model: a bucket that fills steadily.

Sixty seconds fill it from empty to full, as the recorded `Please try again in 2.4s` of
a limit of 25 a minute says.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MINUTE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Quota:
    """`left`, in requests, as of `at` in project time; `limit` is its most."""

    limit: int
    left: float
    at: datetime

    @classmethod
    def full(cls, limit: int, now: datetime) -> "Quota":
        """A bucket that nothing was taken from."""
        return cls(limit, float(limit), now)

    def at_time(self, now: datetime) -> "Quota":
        """The bucket as it has filled until now; time never empties it."""
        if now <= self.at:
            return self
        left = self.left + self.limit * ((now - self.at) / MINUTE)
        return replace(self, left=min(float(self.limit), left), at=now)

    def taken(self) -> "Quota | None":
        """The bucket with one request less, or None if there is not a whole one."""
        if self.left < 1 - self._lost:
            return None
        return replace(self, left=max(0.0, self.left - 1))

    @property
    def whole(self) -> int:
        """Whole requests that are left."""
        return int(self.left + self._lost)

    @property
    def _lost(self) -> float:
        """What rounding may have lost: of numbers, and of time to a microsecond."""
        return min(0.5, 1e-6 + self.limit * (timedelta(microseconds=1) / MINUTE))

    @property
    def wait(self) -> timedelta:
        """Project time until one more request can be made."""
        return MINUTE * max(0.0, 1 - self.left) / self.limit

    @property
    def reset(self) -> timedelta:
        """Project time until the bucket is full."""
        return MINUTE * (self.limit - self.left) / self.limit
