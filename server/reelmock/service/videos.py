"""What a caller can do with videos, one verb a function."""

from dataclasses import dataclass, replace
from datetime import datetime

from reelmock.domain import ids
from reelmock.domain.asset import Variant, asset_key, reference_key
from reelmock.domain.catalog import Size
from reelmock.domain.errors import (
    AssetExpired,
    SourceExpired,
    SourceUnfinished,
    VideoNotFound,
    VideoNotReady,
    VideoUnfinished,
)
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.page import Order, Page
from reelmock.domain.plan import plan
from reelmock.domain.project import Project
from reelmock.domain.seed import digest
from reelmock.domain.timeline import standing
from reelmock.service.ports import BlobMissing, Ports, Unit


@dataclass(frozen=True, slots=True)
class CreateVideo:
    """A create that the contract has let pass. `reference` is the key of its picture,
    as `keep_picture` gave it."""

    prompt: str
    model: str
    seconds: int
    size: Size
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class RemixVideo:
    """A remix that the contract has let pass. `reference` is the key of the copy of
    its source's picture."""

    source: str
    prompt: str
    reference: str | None = None


def create(
    ports: Ports, unit: Unit, now: datetime, project: Project, command: CreateVideo
) -> Job:
    """Store a new job, queued, with its plan; the engine is to be woken after commit."""
    taken = unit.projects.take_ordinal(project)
    job = _new_job(ports, now, taken, command)
    unit.jobs.add(project.id, job)
    return job


def keep_picture(ports: Ports, project: Project, picture: bytes) -> str:
    """Put a checked reference under a key of its own, before its job is stored.

    The key takes an ordinal, so that none is given twice; the bytes are written while
    nobody waits for their writer. Without a job the next start sweeps them.
    """
    with ports.unit() as unit:
        taken = unit.projects.take_ordinal(project)
    draw = digest(ports.seed, "reference", project.id, taken.epoch, taken.ordinal)
    key = reference_key(project.id, draw[:32])
    ports.blobs.put(key, picture)
    return key


def _new_job(ports: Ports, now: datetime, project: Project, made: CreateVideo) -> Job:
    new_id = ids.video_id(
        ports.seed, project.id, project.epoch, ordinal=project.ordinal, created_at=now
    )
    drawn = plan(ports.pace, now, model=made.model, seconds=made.seconds, draw=new_id)
    return Job(
        id=new_id,
        project_id=project.id,
        ordinal=project.ordinal,
        kind=Kind.CREATE,
        created_at=now,
        model=made.model,
        prompt=made.prompt,
        seconds=made.seconds,
        size=made.size,
        plan=drawn,
        reference=made.reference,
    )


def remix(
    ports: Ports, unit: Unit, now: datetime, project: Project, command: RemixVideo
) -> Job:
    """Store a new job with the model, size and seconds of a completed one."""
    source = remixable(unit, now, project, command.source)
    taken = unit.projects.take_ordinal(project)
    made = CreateVideo(
        command.prompt, source.model, source.seconds, source.size, command.reference
    )
    job = _new_job(ports, now, taken, made)
    job = replace(job, kind=Kind.REMIX, remixed_from=source.id)
    unit.jobs.add(project.id, job)
    return job


def copy_picture(ports: Ports, project: Project, source: Job) -> str | None:
    """A copy of the source's picture, for a remix that outlives it; None without one."""
    if source.reference is None:
        return None
    try:
        picture = ports.blobs.read(source.reference)
    except BlobMissing as gone:
        raise SourceExpired(id=source.id) from gone
    return keep_picture(ports, project, picture)


def remixable(unit: Unit, now: datetime, project: Project, video_id: str) -> Job:
    """A completed video with its bytes; raises what it is not."""
    job = find(unit, project, video_id)
    where = standing(job, now)
    if where.status is not Status.COMPLETED:
        raise SourceUnfinished(id=video_id)
    if where.is_expired:
        raise SourceExpired(id=video_id)
    return job


def find(unit: Unit, project: Project, video_id: str) -> Job:
    """The job as stored; raises VideoNotFound."""
    job = unit.jobs.get(project.id, video_id)
    if job is None:
        raise VideoNotFound(id=video_id)
    return job


def retrieve(unit: Unit, now: datetime, project: Project, video_id: str) -> Job:
    """The job, settled as of now; raises VideoNotFound."""
    job = find(unit, project, video_id)
    if not job.status.is_terminal and standing(job, now).status.is_terminal:
        job = settle(unit, now, project, video_id) or job
    return job


def settle(unit: Unit, now: datetime, project: Project, video_id: str) -> Job | None:
    """Write the job's end, once it has come; None for a removed job.

    The engine and `retrieve` both call it: whoever comes first writes. On the way there
    a standing is only reckoned, so that polls and ticks write nothing.
    """
    job = unit.jobs.held(project.id, video_id)
    if job is None:
        return None
    where = standing(job, now)
    if where.status.is_terminal and where.status is not job.status:
        job = replace(job, status=where.status)
        unit.jobs.save(project.id, job)
    return job


def list_page(
    unit: Unit, project: Project, *, limit: int, order: Order, after: str | None
) -> Page:
    """One page in creation order; raises VideoNotFound for an `after` never seen.

    An `after` that was deleted keeps its place, so that a loop which deletes what it
    lists comes to the end (chosen).
    """
    place = None
    if after is not None:
        place = unit.jobs.ordinal_of(project.id, after)
        if place is None:
            raise VideoNotFound(id=after)
    return unit.jobs.page(project.id, limit=limit, order=order, after=place)


def delete(unit: Unit, now: datetime, project: Project, video_id: str) -> list[str]:
    """Forget a completed or failed video; the keys to remove after the commit."""
    job = unit.jobs.held(project.id, video_id)
    if job is None:
        raise VideoNotFound(id=video_id)
    if not standing(job, now).status.is_terminal:
        raise VideoUnfinished()
    unit.assets.remove(project.id, job.id)
    unit.jobs.remove(project.id, job.id, now)
    return blob_keys(job)


def blob_keys(job: Job) -> list[str]:
    """Every key that bytes of a job can be under."""
    keys = [asset_key(job.project_id, job.id, variant) for variant in Variant]
    return keys if job.reference is None else [*keys, job.reference]


def expire(unit: Unit, now: datetime, project: Project, video_id: str) -> list[str]:
    """Forget the assets of a video past its expiry; the keys to remove after commit."""
    job = unit.jobs.held(project.id, video_id)
    if job is None or job.swept_at or not standing(job, now).is_expired:
        return []
    unit.assets.remove(project.id, job.id)
    unit.jobs.save(project.id, replace(job, swept_at=now))
    return blob_keys(job)


def downloadable(unit: Unit, now: datetime, project: Project, video_id: str) -> Job:
    """A video whose content can be had now; raises VideoNotReady or AssetExpired."""
    job = retrieve(unit, now, project, video_id)
    where = standing(job, now)
    if where.status is not Status.COMPLETED:
        raise VideoNotReady()
    if where.is_expired:
        raise AssetExpired()
    return job
