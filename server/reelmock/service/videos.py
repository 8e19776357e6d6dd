"""What becomes of videos that are there, one verb a function."""

from dataclasses import replace
from datetime import datetime

from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.errors import (
    AssetExpired,
    SourceExpired,
    SourceUnfinished,
    VideoNotFound,
    VideoNotReady,
    VideoUnfinished,
)
from reelmock.domain.job import Job, Status
from reelmock.domain.page import Order, Page
from reelmock.domain.project import Project
from reelmock.domain.timeline import standing
from reelmock.service.conformance import invented_video
from reelmock.service.events import announce
from reelmock.service.ports import Ports, Unit


def find(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str
) -> Job:
    """The job as stored; raises VideoNotFound."""
    job = unit.jobs.get(project.id, video_id)
    if job is not None:
        return job
    if _is_unheard_of(ports, unit, project, video_id):
        return invented_video(now, project.id, video_id)
    raise VideoNotFound(id=video_id)


def _is_unheard_of(ports: Ports, unit: Unit, project: Project, video_id: str) -> bool:
    """Whether to invent it: in conformance mode, when there never was such a video."""
    return ports.conformance and unit.jobs.ordinal_of(project.id, video_id) is None


def retrieve(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str
) -> Job:
    """The job, settled as of now; raises VideoNotFound."""
    job = find(ports, unit, now, project, video_id)
    if not job.status.is_terminal and standing(job, now).status.is_terminal:
        job = settle(ports, unit, now, project, video_id) or job
    return job


def settle(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str
) -> Job | None:
    """Write the job's end, once it has come, and tell of it; None for a removed job.

    The engine and `retrieve` both call it: whoever comes first writes. On the way there
    a standing is only reckoned, so that polls and ticks write nothing.
    """
    job = _held(unit, project, video_id)
    if job is None:
        return None
    where = standing(job, now)
    if where.status.is_terminal and where.status is not job.status:
        job = replace(job, status=where.status)
        unit.jobs.save(project.id, job)
        announce(ports, unit, now, project, job)
    return job


def _held(unit: Unit, project: Project, video_id: str) -> Job | None:
    """The job, unless it came with a later epoch than the caller has seen of its project:
    that one has another clock."""
    job = unit.jobs.held(project.id, video_id)
    return None if job is None or job.epoch > project.epoch else job


def list_page(
    ports: Ports, unit: Unit, project: Project, *, limit: int, order: Order,
    after: str | None,
) -> Page:  # fmt: skip
    """One page in creation order; raises VideoNotFound for an `after` never seen.

    An `after` that was deleted keeps its place, so that a loop which deletes what it
    lists comes to the end (chosen).
    """
    place = None
    if after is not None:
        place = unit.jobs.ordinal_of(project.id, after)
        if place is None and ports.conformance:
            return Page((), has_more=False)
        if place is None:
            raise VideoNotFound(id=after)
    return unit.jobs.page(project.id, limit=limit, order=order, after=place)


def delete(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str
) -> list[str]:
    """Forget a completed or failed video; the keys to remove after the commit."""
    job = unit.jobs.held(project.id, video_id)
    if job is None and _is_unheard_of(ports, unit, project, video_id):
        return []
    if job is None:
        raise VideoNotFound(id=video_id)
    if not standing(job, now).status.is_terminal:
        raise VideoUnfinished()
    unit.assets.remove(project.id, job.id)
    unit.jobs.remove(project.id, job.id, now)
    return blob_keys(job)


def blob_keys(job: Job) -> list[str]:
    """Every key that bytes of a job can be under."""
    keys = [asset_key(job, variant) for variant in Variant]
    return keys if job.reference is None else [*keys, job.reference]


def expire(unit: Unit, now: datetime, project: Project, video_id: str) -> list[str]:
    """Forget the assets of a video past its expiry; the keys to remove after commit."""
    job = _held(unit, project, video_id)
    if job is None or job.swept_at or not standing(job, now).is_expired:
        return []
    return forget_bytes(unit, now, project, job)


def forget_bytes(unit: Unit, now: datetime, project: Project, job: Job) -> list[str]:
    """Forget the assets of a held job that has ended, and write down since when; the keys
    to remove after the commit."""
    unit.assets.remove(project.id, job.id)
    unit.jobs.save(project.id, replace(job, swept_at=now))
    return blob_keys(job)


def downloadable(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str
) -> Job:
    """A video whose content can be had now; raises VideoNotReady or AssetExpired."""
    job = retrieve(ports, unit, now, project, video_id)
    where = standing(job, now)
    if where.status is not Status.COMPLETED:
        raise VideoNotReady()
    if where.is_expired:
        raise AssetExpired()
    return job


def usable(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str, *,
    verb: str, param: str | None = None,
) -> Job:  # fmt: skip
    """A completed video with its bytes, to be remixed, edited or extended.

    Raises VideoNotFound, SourceUnfinished or SourceExpired.
    """
    job = find(ports, unit, now, project, video_id)
    where = standing(job, now)
    if where.status is not Status.COMPLETED:
        raise SourceUnfinished(param, id=video_id, verb=verb)
    if where.is_expired:
        raise SourceExpired(param, id=video_id, verb=verb)
    return job
