"""What will happen to a job and when, fixed at the moment it is created."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reelmock.domain import catalog
from reelmock.domain import seed as chance

FAST_QUEUE = timedelta(seconds=0.4)
FAST_WHOLE = timedelta(seconds=2)
REALISTIC = (68.0, 116.0)
"""Shortest and longest seen for a 4 s clip of sora-2, in seconds (seen: S1, S2)."""


class Pace(StrEnum):
    """How long jobs take."""

    INSTANT = "instant"
    FAST = "fast"
    REALISTIC = "realistic"


@dataclass(frozen=True, slots=True)
class Plan:
    """Queued until `starts_at`, in progress until `ends_at`, both in project time."""

    starts_at: datetime
    ends_at: datetime


def plan(
    pace: Pace, now: datetime, *, slowness: float, seconds: int, draw: str
) -> Plan:
    """The plan of a job created now; `draw` decides the spread of realistic ones."""
    if pace is Pace.INSTANT:
        return Plan(now, now)
    if pace is Pace.FAST:
        return Plan(now + FAST_QUEUE, now + FAST_WHOLE)
    whole = timedelta(seconds=_realistic(slowness, seconds, draw))
    return Plan(now + whole * 0.15 * chance.fraction(draw, "queue"), now + whole)


def _realistic(slowness: float, seconds: int, draw: str) -> float:
    low, high = REALISTIC
    for_default = low + (high - low) * chance.fraction(draw, "whole")
    return for_default * slowness * seconds / catalog.DEFAULT_SECONDS
