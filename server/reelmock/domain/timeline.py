"""Where a job is at an instant: a pure function of the job and now, and of nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reelmock.domain.clock import Clock
from reelmock.domain.happening import Happening
from reelmock.domain.job import Job, Status
from reelmock.domain.outlook import Curve, Failure

LAST = 99
"""Progress before completion never says more; a job may linger there (seen: S20)."""

ROUNDED = 1e-9
"""What rounding may have taken from a percentage: 57 of 100 s are 57, not 56."""

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
    if is_counted(job):
        return _counted(job)
    if job.failed_at is not None and now >= _ended_at(job, job.failed_at):
        progress = min(LAST, job.plan.reach)
        return Standing(Status.FAILED, progress, failure=job.failure)
    if _can_complete(job) and now >= _ended_at(job, job.rendered_at):
        return _completed(job, now)
    if now < job.plan.starts_at:
        return QUEUED
    return Standing(Status.IN_PROGRESS, _progress(job, now))


def is_counted(job: Job) -> bool:
    """Whether more polls are to come before the job ends."""
    return job.plan.polls is not None and job.polls < job.plan.polls


def _can_complete(job: Job) -> bool:
    return job.rendered_at is not None and not job.plan.is_endless


def next_due(job: Job) -> datetime | None:
    """The next instant at which something is to be written of this job; None if never.

    That is its end, and then its expiry; one that waits for its render has no due.
    """
    if job.status is Status.COMPLETED:
        return None if job.swept_at else expiry(job)
    if job.status is Status.FAILED or is_counted(job):
        return None
    if job.failed_at is not None:
        return _ended_at(job, job.failed_at)
    return _ended_at(job, job.rendered_at) if _can_complete(job) else None


def is_only_unrendered(job: Job) -> bool:
    """Whether it was to end the moment it was created, and only its render is missing."""
    is_open = job.rendered_at is None and job.failed_at is None
    is_instant = job.plan.ends_at <= job.created_at and not job.plan.is_endless
    return is_open and is_instant and not is_counted(job)


def expiry(job: Job) -> datetime | None:
    """When the bytes go: a lifetime after the whole second of completion."""
    if not _can_complete(job):
        return None
    completed_at = _ended_at(job, job.rendered_at)
    return max(completed_at, completed_at.replace(microsecond=0) + job.plan.lifetime)


def poll_after(job: Job, now: datetime, clock: Clock) -> int:
    """Real milliseconds until the job can be terminal, as a suggestion to pollers."""
    if is_counted(job):
        return POLL_LEAST
    wait = clock.real_wait(job.plan.ends_at - now)
    if wait is None or job.plan.is_endless:
        return POLL_BLIND
    milliseconds = int(wait / timedelta(milliseconds=1)) + 1
    return max(POLL_LEAST, min(POLL_MOST, milliseconds))


def happenings(job: Job, since: datetime, until: datetime) -> list[Happening]:
    """What became of the job after `since` and up to `until`, in order."""
    if is_counted(job):
        return []
    reached = standing(job, until)
    ended = ended_at(job, reached)
    begun = [(job.plan.starts_at, "in_progress")]
    if ended is not None:
        begun = [] if ended <= job.plan.starts_at else begun
        begun.append((ended, reached.status.value))
    if reached.expires_at is not None:
        begun.append((reached.expires_at, "expired"))
    return [
        Happening(at, f"video.{what}", job.id)
        for at, what in begun
        if since < at <= until
    ]


def ended_at(job: Job, reached: Standing) -> datetime | None:
    """When a job that stands so ended; None for one that has not."""
    if reached.status is Status.FAILED:
        return _ended_at(job, job.failed_at)
    return reached.completed_at


def _ended_at(job: Job, fact: datetime | None) -> datetime:
    return job.plan.ends_at if fact is None else max(job.plan.ends_at, fact)


def _completed(job: Job, now: datetime) -> Standing:
    """What was evicted before its time has expired then."""
    completed_at = _ended_at(job, job.rendered_at)
    expires_at = expiry(job)
    if expires_at is not None and job.swept_at is not None:
        expires_at = max(completed_at, min(expires_at, job.swept_at))
    return Standing(
        Status.COMPLETED,
        100,
        completed_at=completed_at,
        expires_at=expires_at,
        is_expired=expires_at is not None and now >= expires_at,
    )


def _counted(job: Job) -> Standing:
    if not job.polls or not job.plan.polls:
        return QUEUED
    progress = job.plan.reach * job.polls // job.plan.polls
    return Standing(Status.IN_PROGRESS, min(LAST, progress))


def _progress(job: Job, now: datetime) -> int:
    plan = job.plan
    whole = plan.ends_at - plan.starts_at
    if now >= plan.ends_at or not whole:
        return min(LAST, plan.reach)
    share = climbed(plan.curve, (now - plan.starts_at) / whole)
    return min(LAST, int(plan.reach * share + ROUNDED))


def climbed(curve: Curve, gone: float) -> float:
    """The share of its progress that a job has made when this share of time is gone."""
    before = (0.0, 0.0)
    for after in (*curve, (1.0, 1.0)):
        if gone < after[0]:
            along = (gone - before[0]) / (after[0] - before[0])
            return before[1] + (after[1] - before[1]) * along
        before = after
    return before[1]
