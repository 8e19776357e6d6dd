"""What a scenario, a magic prompt or a call says about a job to come; the rest is the
pace's. Times are project seconds."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import NormalDist

Curve = tuple[tuple[float, float], ...]
"""Points (share of the time, share of the progress), both from 0 to 1 and rising; none
is a straight line."""

CURVES: dict[str, Curve] = {
    "linear": (),
    "early": ((0.2, 0.7), (0.5, 0.9)),
    "late": ((0.5, 0.1), (0.8, 0.3)),
    "steps": (
        (0.25, 0.0), (0.25, 0.25), (0.5, 0.25), (0.5, 0.5), (0.75, 0.5), (0.75, 0.75),
        (1.0, 0.75),
    ),
}  # fmt: skip
"""Curves by name."""

LEAST_CHANCE = 1e-9


class Spread(StrEnum):
    """How a drawn span is distributed between or around its two numbers."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds: `low` alone, from `low` to `high`, or about a mean of `low` with the
    deviation `high`; of `lognormal`, `low` is the median and `high` the shape."""

    low: float
    high: float = 0.0
    spread: Spread = Spread.FIXED

    def drawn(self, fraction: float) -> float:
        """The span at this fraction of its distribution; never less than nothing."""
        if self.spread is Spread.FIXED:
            return self.low
        if self.spread is Spread.UNIFORM:
            return self.low + (self.high - self.low) * fraction
        within = min(max(fraction, LEAST_CHANCE), 1 - LEAST_CHANCE)
        deviations = NormalDist().inv_cdf(within)
        if self.spread is Spread.NORMAL:
            return max(0.0, self.low + self.high * deviations)
        return float(self.low * 2.718281828459045 ** (self.high * deviations))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended `failed`, in the wire's code and words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """`failure` ends the job at `at` percent; `stuck` leaves it at so many for ever;
    `polls` is how many of them end it; `media` is a file that is its video."""

    queue: Span | None = None
    render: Span | None = None
    curve: Curve = ()
    failure: Failure | None = None
    at: int = 99
    stuck: int | None = None
    polls: int | None = None
    lifetime: timedelta | None = None
    media: str | None = None

    @property
    def reach(self) -> int:
        """The progress it comes to, in percent."""
        if self.stuck is not None:
            return self.stuck
        return 100 if self.failure is None else self.at

    @property
    def is_timed(self) -> bool:
        """Whether it says how the job ends or how long it takes."""
        said = (self.queue, self.render, self.failure, self.stuck)
        return any(one is not None for one in said)


NOTHING = Outlook()
"""Nothing is said: all is as the pace has it."""
