"""A project's clock: how its time follows from real time. It reads nothing itself."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""No clock shows an earlier instant: dates, and the wire's seconds, begin hereabouts."""

LAST = datetime(9990, 1, 1, tzinfo=UTC)
"""Where every clock comes to a stand: dates end soon after."""

SLOWEST, FASTEST = 1e-6, 1e6
"""Project seconds in a real one, at least and at most."""


def shown(instant: datetime) -> datetime:
    """The instant in UTC, which one without a zone is meant in; raises ValueError for
    one that no clock shows."""
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    if not FIRST <= instant <= LAST:
        raise ValueError(f"A clock shows {FIRST:%Y} to {LAST:%Y}, not {instant}")
    return instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Project time stood at `anchor` when real time stood at `anchor_real`.

    From there it runs `speed` project seconds for each real one; frozen, it stands.
    """

    anchor_real: datetime
    anchor: datetime
    speed: float = 1.0
    frozen: bool = False

    @classmethod
    def started(cls, real: datetime, speed: float = 1.0) -> "Clock":
        """A clock that shows real time at this instant and runs from there."""
        return cls(anchor_real=real, anchor=real, speed=speed)

    def now(self, real: datetime) -> datetime:
        """Project time at a real instant; no clock goes beyond LAST."""
        if self.frozen:
            return self.anchor
        gone = real - self.anchor_real
        try:
            there = self.anchor + (gone if self.speed == 1.0 else gone * self.speed)
        except OverflowError:
            return LAST
        return min(there, LAST)

    def real_at(self, instant: datetime) -> datetime | None:
        """The real instant at which the clock will show `instant`; None if never."""
        if self.frozen:
            return None
        try:
            return self.anchor_real + (instant - self.anchor) / self.speed
        except OverflowError:
            return None

    def real_wait(self, span: timedelta) -> timedelta | None:
        """How long a span of project time takes in real time; None if for ever."""
        if self.frozen:
            return None
        try:
            return span / self.speed
        except OverflowError:
            return None

    def at_speed(self, speed: float, real: datetime) -> "Clock":
        """The same clock going on at another speed, without a jump."""
        return replace(self, anchor_real=real, anchor=self.now(real), speed=speed)

    def frozen_at(self, instant: datetime, real: datetime) -> "Clock":
        """The clock standing at an instant."""
        anchor = min(max(instant, FIRST), LAST).astimezone(UTC)
        return replace(self, anchor_real=real, anchor=anchor, frozen=True)

    def resumed(self, real: datetime) -> "Clock":
        """The clock going on from where it stands."""
        return replace(self, anchor_real=real, anchor=self.now(real), frozen=False)

    def moved(self, span: timedelta) -> "Clock":
        """The clock ahead by a span, running or frozen as before."""
        try:
            return replace(self, anchor=min(self.anchor + span, LAST))
        except OverflowError:
            return replace(self, anchor=LAST)
