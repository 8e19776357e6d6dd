"""Where a job is at an instant: a pure function of the job and now, and of nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reelmock.domain.clock import Clock
from reelmock.domain.job import Failure, Job, Status

LIFETIME = timedelta(seconds=3600)
"""From completion to expiry (seen: S1, S2)."""

LAST = 99
"""Progress before completion never says more; a job may linger there (seen: S20)."""

POLL_LEAST, POLL_MOST, POLL_BLIND = 50, 2000, 1000
"""Bounds of the poll interval we suggest, and the one for a job with no known end; ms."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A job at an instant: status, progress in percent, and the times it has reached."""

    status: Status
    progress: int
    completed_at: datetime | None = None
    expires_at: datetime | None = None
    failure: Failure | None = None
    is_expired: bool = False


QUEUED = Standing(Status.QUEUED, 0)


def standing(job: Job, now: datetime) -> Standing:
    """Where the job is at `now`; for one job it never moves backwards as now grows."""
    if job.failed_at is not None and now >= _ended_at(job, job.failed_at):
        return Standing(Status.FAILED, LAST, failure=job.failure)
    if job.rendered_at is not None and now >= _ended_at(job, job.rendered_at):
        return _completed(job, job.rendered_at, now)
    if now < job.plan.starts_at:
        return QUEUED
    return Standing(Status.IN_PROGRESS, _progress(job, now))


def next_due(job: Job) -> datetime | None:
    """The next instant at which something is to be written of this job; None if never.

    That is its end, and then its expiry; one that waits for its render has no due.
    """
    if job.status is Status.COMPLETED:
        return None if job.swept_at else expiry(job)
    if job.status is Status.FAILED:
        return None
    fact = job.rendered_at or job.failed_at
    return None if fact is None else _ended_at(job, fact)


def expiry(job: Job) -> datetime | None:
    """When the bytes go: an hour after the whole second of completion."""
    if job.rendered_at is None:
        return None
    completed_at = _ended_at(job, job.rendered_at)
    return completed_at.replace(microsecond=0) + LIFETIME


def poll_after(job: Job, now: datetime, clock: Clock) -> int:
    """Real milliseconds until the job can be terminal, as a suggestion to pollers."""
    wait = clock.real_wait(job.plan.ends_at - now)
    if wait is None:
        return POLL_BLIND
    milliseconds = int(wait / timedelta(milliseconds=1)) + 1
    return max(POLL_LEAST, min(POLL_MOST, milliseconds))


def _ended_at(job: Job, fact: datetime) -> datetime:
    return max(job.plan.ends_at, fact)


def _completed(job: Job, rendered_at: datetime, now: datetime) -> Standing:
    expires_at = expiry(job)
    return Standing(
        Status.COMPLETED,
        100,
        completed_at=_ended_at(job, rendered_at),
        expires_at=expires_at,
        is_expired=expires_at is not None and now >= expires_at,
    )


def _progress(job: Job, now: datetime) -> int:
    whole = job.plan.ends_at - job.plan.starts_at
    if now >= job.plan.ends_at or not whole:
        return LAST
    return min(LAST, int(100 * ((now - job.plan.starts_at) / whole)))
