"""The life of one video, moment by moment, and where each stands in a picture of it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reelmock.domain.clock import LAST
from reelmock.domain.entry import POLL, Entry
from reelmock.domain.job import Job
from reelmock.domain.timeline import Standing, ended_at, is_counted
from reelmock.service.deliveries import Told

WIDTH, LEFT, RIGHT = 1000, 96, 984
"""Of the picture, and of the film in it, in its own units."""

SHORTEST = timedelta(seconds=1)
"""What a stretch without a known end is drawn as, at least."""

ROOM = 2.5
"""Width of a stretch that takes no time, where ten times as long is wider by one."""

BETWEEN = 68
"""Units between two inscriptions below the film, at least."""

STEPS = (1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 72 * 3600)
"""Seconds after the end that are written below the film."""

MOST = 240
"""Moments that are drawn and told, the newest."""


class Lane(StrEnum):
    """Which line of the picture a moment stands in."""

    JOB = "job"
    POLLS = "polls"
    DOWNLOADS = "downloads"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at an instant, or from it `until` another; so often."""

    at: datetime
    lane: Lane
    words: str
    until: datetime | None = None
    times: int = 1
    is_good: bool = True
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the film, of one status and with a scale of its own."""

    word: str
    since: datetime
    until: datetime
    is_ended: bool = False
    is_planned: bool = False

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since

    def share(self, at: datetime) -> float:
        """How far along it an instant is, from 0 to 1. What follows an end comes at ever
        longer intervals, and is drawn so."""
        whole = self.length.total_seconds()
        gone = min(max((at - self.since).total_seconds(), 0.0), whole)
        if not whole:
            return 0.0
        if self.is_ended:
            return math.log1p(gone) / math.log1p(whole)
        return gone / whole


def moments(
    job: Job, where: Standing, entries: Iterable[Entry], told: Iterable[Told]
) -> list[Moment]:
    """All that is known of it, in order; what is to come is said to be so."""
    found = [*_of_job(job, where), *_asked(entries), *_delivered(told)]
    past = sorted((one for one in found if not one.is_to_come), key=_order)[-MOST:]
    return past + sorted((one for one in found if one.is_to_come), key=_order)


def _order(one: Moment) -> datetime:
    return one.at


def _of_job(job: Job, where: Standing) -> Iterator[Moment]:
    yield Moment(job.created_at, Lane.JOB, "Created, queued")
    ended, plan = ended_at(job, where), job.plan
    is_timed = not is_counted(job) and plan.starts_at < LAST
    has_begun = where.status.value != "queued"
    if is_timed and not (ended and ended <= plan.starts_at):
        words = "Started, in progress" if has_begun else "To start"
        yield Moment(plan.starts_at, Lane.JOB, words, is_to_come=not has_begun)
    if ended is None:
        yield from _planned(job)
        return
    code = f": {where.failure.code}" if where.failure else ""
    yield Moment(ended, Lane.JOB, f"{where.status.value.capitalize()}{code}",
                 is_good=where.failure is None)  # fmt: skip
    if where.expires_at is not None:
        words = "Expired" if where.is_expired else "To expire"
        yield Moment(where.expires_at, Lane.JOB, words, is_to_come=not where.is_expired)


def _planned(job: Job) -> Iterator[Moment]:
    if is_counted(job) or job.plan.is_endless or job.plan.ends_at >= LAST:
        return
    is_good = job.failed_at is None
    words = "To complete" if is_good else "To fail"
    if job.failure is not None and not is_good:
        words += f": {job.failure.code}"
    yield Moment(job.plan.ends_at, Lane.JOB, words, is_good=is_good, is_to_come=True)


def _asked(entries: Iterable[Entry]) -> Iterator[Moment]:
    for one in entries:
        refused = f", answered {one.status}" if one.is_refused else ""
        if one.operation == POLL:
            how = f"Polled {one.count} times" if one.count > 1 else "Polled"
            statuses = ", ".join(one.statuses).replace("_", " ") or "no status told"
            words = f"{how}: {statuses}{refused}"
            yield Moment(one.at, Lane.POLLS, words, one.last, one.count,
                         is_good=not one.is_refused)  # fmt: skip
        elif one.operation == "getVideoContent":
            yield Moment(one.at, Lane.DOWNLOADS, f"Downloaded: {one.variant}{refused}",
                         is_good=not one.is_refused)  # fmt: skip


def _delivered(told: Iterable[Told]) -> Iterator[Moment]:
    for one in told:
        kind = one.delivery.event.type
        for attempt in one.attempts:
            answer = attempt.error if attempt.status is None else attempt.status
            yield Moment(attempt.at, Lane.WEBHOOKS, f"{kind} posted: {answer}",
                         is_good=attempt.is_success)  # fmt: skip
        if one.delivery.due_at is not None:
            words = f"{kind} to be posted"
            due_at = one.delivery.due_at
            yield Moment(due_at, Lane.WEBHOOKS, words, is_to_come=True)


def stretches(
    job: Job, where: Standing, now: datetime, told: list[Moment]
) -> list[Stretch]:
    """The film in parts, by what the video was, is and is to be."""
    latest = max(one.until or one.at for one in told)
    parts = _ended(job, where, max(latest, now)) or _open(job, where, now)
    return [one for one in parts if one.length] or parts[-1:]


def _open(job: Job, where: Standing, now: datetime) -> list[Stretch]:
    plan, since, status = job.plan, job.created_at, where.status.value
    now = max(now, since + SHORTEST)
    is_queued = status == "queued"
    if is_counted(job) or plan.starts_at >= LAST:
        return [Stretch(status, since, now)]
    is_known = not plan.is_endless and plan.ends_at < LAST
    begun = plan.starts_at
    until = max(plan.ends_at if is_known else now, begun + SHORTEST, now)
    return [
        Stretch("queued", since, begun),
        Stretch("in progress", begun, until, is_planned=is_queued),
    ]


def _ended(job: Job, where: Standing, latest: datetime) -> list[Stretch]:
    ended = ended_at(job, where)
    if ended is None:
        return []
    begun = max(min(job.plan.starts_at, ended), job.created_at)
    made = [
        Stretch("queued", job.created_at, begun),
        Stretch("in progress", begun, ended),
    ]
    if where.expires_at is None:
        until = max(latest, ended + SHORTEST)
        return [*made, Stretch(where.status.value, ended, until, is_ended=True)]
    expiry = where.expires_at
    lived = Stretch("completed", ended, expiry, is_ended=True)
    if not where.is_expired:
        return [*made, lived]
    until = max(latest, expiry + SHORTEST)
    return [*made, lived, Stretch("expired", expiry, until, is_ended=True)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of the film, and where it begins and ends in the picture."""

    stretch: Stretch
    left: float
    right: float


class Picture:
    """Where everything stands."""

    def __init__(self, parts: list[Stretch]) -> None:
        rooms = [ROOM + math.log10(1 + one.length.total_seconds()) for one in parts]
        unit, left = (RIGHT - LEFT) / sum(rooms), float(LEFT)
        self.parts: list[Placed] = []
        for one, room in zip(parts, rooms, strict=True):
            self.parts.append(Placed(one, round(left, 1), round(left + room * unit, 1)))
            left += room * unit

    def x(self, at: datetime) -> float:
        """Where an instant stands; what is beyond the film stands at its end."""
        for one in self.parts:
            if at <= one.stretch.until:
                return self._within(one, at)
        return self.parts[-1].right

    def _within(self, one: Placed, at: datetime) -> float:
        return round(one.left + (one.right - one.left) * one.stretch.share(at), 1)

    def steps(self) -> list[tuple[float, int]]:
        """Seconds after the beginning of what follows an end, where there is room for
        them."""
        found: list[tuple[float, int]] = []
        for one in self.parts:
            if not one.stretch.is_ended:
                continue
            last = one.left
            for seconds in STEPS:
                x = self._within(one, one.stretch.since + timedelta(seconds=seconds))
                if x - last >= BETWEEN and one.right - x >= 1.5 * BETWEEN:
                    found.append((x, seconds))
                    last = x
        return found
