"""One video in the hands of its caller: complete, fail, move or expire it by call, or move
it by polls."""

from dataclasses import replace
from datetime import datetime

from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.errors import VideoNotFound
from reelmock.domain.errors.control import VideoEnded, VideoUnexpirable
from reelmock.domain.job import Job, Status
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import Plan
from reelmock.domain.project import Project
from reelmock.domain.timeline import is_counted, standing
from reelmock.service.clocks import current
from reelmock.service.ports import Ports, Unit
from reelmock.service.videos import forget_bytes, settle

MOMENT = 0.5
"""Real seconds that a poll waits for one: more than a render takes, less than anybody minds."""

WAIT = 60.0
"""Real seconds that a call waits for a render."""


def complete(ports: Ports, project_id: str, video_id: str) -> Job | None:
    """End a video well, now; its files are made first. None if they were not in time.

    Raises VideoNotFound or VideoEnded, also for one whose render failed.
    """
    with ports.unit() as unit:
        project, _, job = _open(ports, unit, project_id, video_id)
        job = replace(job, failed_at=None, failure=None)
        unit.jobs.save(project.id, job)
    if job.rendered_at is None and not ports.hasten(job)(WAIT):
        return None
    with ports.unit() as unit:
        ended = _ended(ports, unit, project_id, video_id)
    if ended.status is not Status.COMPLETED:
        raise VideoEnded(id=video_id, status=ended.status.value)
    ports.wake(ended)
    return ended


def _ended(ports: Ports, unit: Unit, project_id: str, video_id: str) -> Job:
    """While its files were made, time may have ended the video already."""
    project, now, job = _found(ports, unit, project_id, video_id)
    if not standing(job, now).status.is_terminal:
        plan = replace(_ending_now(job.plan, now), is_endless=False)
        unit.jobs.save(project.id, replace(job, plan=plan))
    return _settled(ports, unit, now, project, job)


def fail(ports: Ports, project_id: str, video_id: str, failure: Failure) -> Job:
    """End a video badly, now, with the progress that it has.

    Raises VideoNotFound or VideoEnded.
    """
    with ports.unit() as unit:
        project, now, job = _open(ports, unit, project_id, video_id)
        reach = standing(job, now).progress
        plan = replace(_ending_now(job.plan, now), reach=reach)
        job = replace(job, plan=plan, failed_at=now, failure=failure, rendered_at=None)
        unit.jobs.save(project.id, job)
        unit.assets.remove(project.id, job.id)
        ended = _settled(ports, unit, now, project, job)
    ports.blobs.remove([asset_key(job, variant) for variant in Variant])
    return ended


def progress(ports: Ports, project_id: str, video_id: str, percent: int) -> Job:
    """Have a video in progress at so many percent; from there only calls move it.

    Raises VideoNotFound or VideoEnded.
    """
    with ports.unit() as unit:
        project, now, job = _open(ports, unit, project_id, video_id)
        plan = replace(_ending_now(job.plan, now), reach=percent, is_endless=True)
        job = replace(job, plan=plan, failed_at=None, failure=None)
        unit.jobs.save(project.id, job)
    ports.wake(job)
    return job


def expire(ports: Ports, project_id: str, video_id: str) -> Job:
    """Have a completed video's bytes go now, as at their expiry.

    Raises VideoNotFound or VideoUnexpirable.
    """
    with ports.unit() as unit:
        project, now, found = _found(ports, unit, project_id, video_id)
        job = settle(ports, unit, now, project, video_id) or found
        where = standing(job, now)
        if where.status is not Status.COMPLETED or where.is_expired:
            status = "expired" if where.is_expired else where.status.value
            raise VideoUnexpirable(id=video_id, status=status)
        keys = forget_bytes(unit, now, project, job)
        expired = unit.jobs.get(project_id, video_id) or job
    ports.blobs.remove(keys)
    ports.note("info", "video_expired", video=video_id)
    return expired


def count_poll(
    ports: Ports, unit: Unit, now: datetime, project: Project, job: Job
) -> Job:
    """Note one poll of a job that polls move; the last one ends it, if it is rendered or
    to fail."""
    held = unit.jobs.held(project.id, job.id)
    if held is None or not is_counted(held):
        return held or job
    counted = replace(held, polls=held.polls + 1)
    if not is_counted(counted):
        failed_at = None if held.failure is None else now
        plan = _ending_now(held.plan, now)
        counted = replace(counted, plan=plan, failed_at=failed_at)
    unit.jobs.save(project.id, counted)
    return settle(ports, unit, now, project, job.id) or counted


def await_render(ports: Ports, job: Job) -> None:
    """Wait a moment for the files of a job that nothing else keeps from its end."""
    ports.hasten(job)(MOMENT)


def await_last_poll(ports: Ports, job: Job) -> None:
    """Wait for the files of a job that the next poll is to end."""
    with ports.unit() as unit:
        job = unit.jobs.get(job.project_id, job.id) or job
    if _is_last_poll(job):
        ports.hasten(job)(WAIT)


def _is_last_poll(job: Job) -> bool:
    return (
        job.plan.polls is not None
        and job.polls + 1 == job.plan.polls
        and job.rendered_at is None
        and job.failure is None
        and not job.plan.is_endless
    )


def _open(
    ports: Ports, unit: Unit, project_id: str, video_id: str
) -> tuple[Project, datetime, Job]:
    project, now, job = _found(ports, unit, project_id, video_id)
    where = standing(job, now)
    if where.status.is_terminal:
        raise VideoEnded(id=video_id, status=where.status.value)
    return project, now, job


def _found(
    ports: Ports, unit: Unit, project_id: str, video_id: str
) -> tuple[Project, datetime, Job]:
    real = ports.clock.now()
    project = current(ports, unit, project_id, real)
    job = unit.jobs.held(project_id, video_id)
    if job is None:
        raise VideoNotFound(id=video_id)
    return project, project.clock.now(real), job


def _ending_now(plan: Plan, now: datetime) -> Plan:
    starts_at = min(plan.starts_at, now)
    return replace(plan, starts_at=starts_at, ends_at=now, polls=None, curve=())


def _settled(
    ports: Ports, unit: Unit, now: datetime, project: Project, job: Job
) -> Job:
    ended = settle(ports, unit, now, project, job.id) or job
    ports.note("info", f"video_{ended.status}", video=ended.id)
    return ended
