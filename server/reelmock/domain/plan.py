"""What will happen to a job and when, fixed at the moment it is created."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reelmock.domain import catalog
from reelmock.domain import seed as chance
from reelmock.domain.clock import LAST
from reelmock.domain.outlook import NOTHING, Curve, Outlook

FAST_QUEUE = timedelta(seconds=0.4)
FAST_WHOLE = timedelta(seconds=2)
REALISTIC = (68.0, 116.0)
"""Shortest and longest seen for a 4 s clip of sora-2, in seconds (seen: S1, S2)."""

LIFETIME = timedelta(seconds=3600)
"""From completion to expiry (seen: S1, S2)."""


class Pace(StrEnum):
    """How long jobs take; with `manual` they wait for a call."""

    INSTANT = "instant"
    FAST = "fast"
    REALISTIC = "realistic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Plan:
    """Queued until `starts_at`, in progress until `ends_at`, both in project time.

    On the way progress climbs along `curve` to `reach` percent. An endless one stays
    there. With `polls` it is not time that moves the job: so many polls end it, and until
    then its times mean nothing. The assets live for `lifetime` after completion.
    """

    starts_at: datetime
    ends_at: datetime
    reach: int = 100
    is_endless: bool = False
    curve: Curve = ()
    polls: int | None = None
    lifetime: timedelta = LIFETIME


def plan(
    pace: Pace, now: datetime, *, slowness: float, seconds: int, draw: str,
    outlook: Outlook = NOTHING,
) -> Plan:  # fmt: skip
    """The plan of a job created now: the pace's, but for what the outlook says.

    `draw` decides every spread. One that fails or is stuck at N percent ends when its
    progress has come that far.
    """
    queue, render = _spans(pace, slowness, seconds, draw)
    queue = _drawn(outlook, "queue", draw, queue)
    render = _drawn(outlook, "render", draw, render)
    if queue is None or outlook.polls is not None:
        return _unmoved(outlook)
    reach = outlook.reach
    starts_at = _after(now, queue)
    return Plan(
        starts_at,
        _after(starts_at, (render or timedelta(0)) * min(100, reach) / 100),
        reach=reach,
        is_endless=outlook.stuck is not None or render is None,
        curve=outlook.curve,
        lifetime=LIFETIME if outlook.lifetime is None else outlook.lifetime,
    )


def _unmoved(outlook: Outlook) -> Plan:
    """No time moves it: it waits for a call, or for polls."""
    return Plan(
        LAST,
        LAST,
        reach=outlook.reach,
        is_endless=outlook.stuck is not None or outlook.polls is None,
        polls=outlook.polls,
        lifetime=LIFETIME if outlook.lifetime is None else outlook.lifetime,
    )


def _drawn(
    outlook: Outlook, part: str, draw: str, otherwise: timedelta | None
) -> timedelta | None:
    span = outlook.queue if part == "queue" else outlook.render
    if span is not None:
        return timedelta(seconds=span.drawn(chance.fraction(draw, part)))
    # Who says how a job ends or how long it takes, takes it out of a caller's hands.
    return timedelta(0) if otherwise is None and outlook.is_timed else otherwise


def _spans(
    pace: Pace, slowness: float, seconds: int, draw: str
) -> tuple[timedelta | None, timedelta | None]:
    if pace is Pace.MANUAL:
        return None, None
    if pace is Pace.INSTANT:
        return timedelta(0), timedelta(0)
    if pace is Pace.FAST:
        return FAST_QUEUE, FAST_WHOLE - FAST_QUEUE
    whole = timedelta(seconds=_realistic(slowness, seconds, draw))
    queue = whole * 0.15 * chance.fraction(draw, "queue")
    return queue, whole - queue


def _realistic(slowness: float, seconds: int, draw: str) -> float:
    low, high = REALISTIC
    for_default = low + (high - low) * chance.fraction(draw, "whole")
    return for_default * slowness * seconds / catalog.DEFAULT_SECONDS


def _after(instant: datetime, span: timedelta) -> datetime:
    """Never beyond the last instant that clocks show."""
    return instant + min(span, LAST - instant)
