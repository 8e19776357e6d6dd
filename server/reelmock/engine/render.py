"""Makes the files of one job, and writes down that it did."""

from datetime import datetime

from reelmock.domain.asset import Variant
from reelmock.domain.errors import StorageFull
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.service.assets import attempt_failed, rendered, stored
from reelmock.service.evictions import check_room
from reelmock.service.ports import Ports, RenderStopped


def render(ports: Ports, project_id: str, job_id: str) -> Job | None:
    """Render a job once; the job as it stands afterwards, None if it needs nothing.
    Raises StorageFull while there is no room for its file and it was not tried so often
    that it has failed.

    Killed at any instant it leaves either the whole fact or none: the bytes go under
    the job's one key first, the row that makes them count comes after.
    """
    with ports.unit() as unit:
        job = unit.jobs.get(project_id, job_id)
    if job is None or job.rendered_at is not None or job.failed_at is not None:
        return None
    try:
        made = _made(ports, job)
    except RenderStopped:
        return None
    except StorageFull as full:
        made = _failed(ports, job, str(full))
        if made is not None and made.failed_at is None:
            raise  # there may be room in a while
    except Exception as failed:  # whatever it was, the job must not stay stuck
        made = _failed(ports, job, str(failed))
    # What came back under this id meanwhile has waited for this render to end.
    return made or render(ports, project_id, job_id)


def _made(ports: Ports, job: Job) -> Job | None:
    began = ports.clock.perf()
    check_room(ports, ports.room.least)
    with ports.scratch() as folder:
        file, reference = folder / "video.mp4", None
        if job.reference is not None:
            reference = folder / "reference"
            ports.blobs.fetch(job.reference, reference)
        ports.renderer.video(job, reference, file)
        project, now = _present(ports, job)
        asset = stored(ports, now, job, variant=Variant.VIDEO, file=file)
    with ports.unit() as unit:
        done = rendered(ports, unit, now, project, asset)
    if done is None:
        ports.blobs.remove([asset.key])
    took = round(ports.clock.perf() - began, 3)
    ports.meters.rendered(took)
    ports.note("info", "rendered", video=job.id, bytes=asset.bytes, seconds=took)
    return done


def _failed(ports: Ports, job: Job, reason: str) -> Job | None:
    project, now = _present(ports, job)
    with ports.unit() as unit:
        stored = unit.jobs.held(project.id, job.id)
        if stored is None or stored.epoch != job.epoch:
            return None
        ports.note("error", "render_failed", video=job.id, reason=reason)
        return attempt_failed(ports, unit, now, project, job.id)


def _present(ports: Ports, job: Job) -> tuple[Project, datetime]:
    with ports.unit() as unit:
        project = unit.projects.get(job.project_id)
    if project is None:
        raise LookupError(job.project_id)
    return project, project.clock.now(ports.clock.now())
