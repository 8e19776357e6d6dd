"""Videos that exist as if they had been made."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from reelmock.domain import ids
from reelmock.domain.asset import Asset, Variant, asset_key
from reelmock.domain.clock import LAST
from reelmock.domain.errors.control import CallInvalid, ScenarioInvalid
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.domain.preloaded import MOST, Moment, Preloaded
from reelmock.domain.project import Project
from reelmock.domain.timeline import standing
from reelmock.service.assets import stored
from reelmock.service.clocks import current
from reelmock.service.evictions import check_room
from reelmock.service.ports import Ports, RenderFailed, RenderStopped, Unit

WORKERS = 2
"""Renders of one preload at a time, beside the engine's own."""

HALFWAY = 50
"""The progress of a video of which only is said that it is in progress."""


def preload(ports: Ports, project_id: str, videos: Sequence[Preloaded]) -> list[Job]:
    """Have these videos exist, the oldest first; they are rendered before any is there.

    Raises ScenarioInvalid for what cannot have been, CallInvalid for what cannot be done,
    StorageFull for what there is no room for; then there is none.
    """
    if len(videos) > MOST:
        raise CallInvalid(
            message=f"{len(videos)} videos are more than {MOST}.",
            hint="Preload them in several calls.",
        )
    with ports.once(f"preload of {project_id}"):
        project, jobs = _planned(ports, project_id, videos)
        with _rendered(ports, jobs) as assets, ports.unit() as unit:
            _store(unit, project, jobs, assets)
    for job in jobs:
        ports.wake(job)
    return jobs


def check(
    videos: Sequence[Preloaded], now: datetime,
    is_taken: Callable[[str], bool] = lambda _: False,
) -> None:  # fmt: skip
    """Refuse what cannot have been by now; raises ScenarioInvalid."""
    named: set[str] = set()
    for number, video in enumerate(videos):
        _check_times(video, now, number)
        if video.id is None:
            continue
        if video.id in named or is_taken(video.id):
            raise _impossible(
                number, "id", f"there was a video {video.id!r} before",
                "Give another id, or reset the project first.",
            )  # fmt: skip
        named.add(video.id)


def _check_times(video: Preloaded, now: datetime, number: int) -> None:
    created_at, ended_at = _times(video, now)
    if created_at > ended_at:
        raise _impossible(
            number, "created_at", "it ended before it was created",
            "Write an earlier created_at, or a later end.",
        )  # fmt: skip
    if ended_at > now:
        raise _impossible(
            number, "created_at", f"it is later than the project's now, {now.isoformat()}",
            "Write an instant before it, or created_ago, in seconds.",
        )  # fmt: skip


def _planned(
    ports: Ports, project_id: str, videos: Sequence[Preloaded]
) -> tuple[Project, list[Job]]:
    """The jobs to be, in places of their own."""
    real = ports.clock.now()
    with ports.unit() as unit:
        project = unit.projects.held(current(ports, unit, project_id, real))
        now = project.clock.now(real)
        check(
            videos, now, lambda one: unit.jobs.ordinal_of(project.id, one) is not None
        )
        jobs = [
            _job(ports, replace(project, ordinal=ordinal), now, video)
            for ordinal, video in enumerate(videos, project.ordinal + 1)
        ]
        unit.projects.save(replace(project, ordinal=project.ordinal + len(videos)))
    return project, jobs


def _job(ports: Ports, project: Project, now: datetime, video: Preloaded) -> Job:
    created_at, ended_at = _times(video, now)
    drawn = ids.video_id(
        ports.seed,
        project.id,
        project.epoch,
        ordinal=project.ordinal,
        created_at=created_at,
    )
    job = Job(
        id=video.id or drawn,
        project_id=project.id,
        ordinal=project.ordinal,
        kind=Kind.CREATE if video.source is None else Kind.REMIX,
        created_at=created_at,
        model=video.model,
        prompt=video.prompt,
        seconds=video.seconds,
        size=video.size,
        plan=_plan(video, created_at, ended_at),
        look=look_of(video.prompt),
        source=video.source,
        cost=ports.catalog.behaviour(video.model).cost(video.size, video.seconds),
        epoch=project.epoch,
    )
    return _ended(job, video, ended_at, now)


def _times(video: Preloaded, now: datetime) -> tuple[datetime, datetime]:
    """When it was created, and when it ended, if it did."""
    created = video.ended if video.created is None else video.created
    ended = created if video.ended is None else video.ended
    return _instant(created, now), _instant(ended, now)


def _instant(moment: Moment | None, now: datetime) -> datetime:
    if moment is None:
        return now
    return now - moment if isinstance(moment, timedelta) else moment


def _plan(video: Preloaded, created_at: datetime, ended_at: datetime) -> Plan:
    """A plan that has come true; one of a video that has not ended never does."""
    if video.status is Status.COMPLETED:
        return Plan(created_at, ended_at)
    if video.status is Status.FAILED:
        return Plan(created_at, ended_at, reach=99 if video.progress is None else video.progress)  # fmt: skip
    if video.status is Status.QUEUED:
        return Plan(LAST, LAST, is_endless=True)
    reach = HALFWAY if video.progress is None else video.progress
    return Plan(created_at, created_at, reach=reach, is_endless=True)


def _ended(job: Job, video: Preloaded, ended_at: datetime, now: datetime) -> Job:
    """The job with the facts of its end; an expired one has no bytes any more."""
    if video.status is Status.FAILED:
        return replace(
            job, status=Status.FAILED, failed_at=ended_at, failure=video.failure
        )
    if video.status is not Status.COMPLETED:
        return job
    job = replace(job, status=Status.COMPLETED, rendered_at=ended_at)
    return replace(job, swept_at=now if standing(job, now).is_expired else None)


@contextmanager
def _rendered(ports: Ports, jobs: Sequence[Job]) -> Iterator[list[Asset]]:
    """The assets of the jobs that are to have some; their bytes go again if the block
    fails."""
    shown = [job for job in jobs if job.rendered_at and not job.swept_at]
    try:
        with ports.scratch() as folder:
            assets = _stored(ports, _clips(ports, folder, shown))
        yield assets
    except BaseException:
        ports.blobs.remove(asset_key(job, Variant.VIDEO) for job in shown)
        raise


def _clips(ports: Ports, folder: Path, jobs: Sequence[Job]) -> list[tuple[Job, Path]]:
    """The jobs, each with its clip in this folder."""
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="preload") as threads:
        return list(threads.map(lambda job: (job, _clip(ports, folder, job)), jobs))


def _clip(ports: Ports, folder: Path, job: Job) -> Path:
    file = folder / f"{job.ordinal}.mp4"
    try:
        ports.renderer.video(job, None, file)
    except (RenderFailed, RenderStopped) as failed:
        raise CallInvalid(
            message=f"The video {job.id!r} could not be rendered: {failed}.",
            hint="",
        ) from None
    return file


def _stored(ports: Ports, clips: Sequence[tuple[Job, Path]]) -> list[Asset]:
    """The assets that the clips become, all of them or none; raises StorageFull."""
    check_room(ports, sum(file.stat().st_size for _, file in clips))
    return [_asset(ports, job, file) for job, file in clips]


def _asset(ports: Ports, job: Job, file: Path) -> Asset:
    asset = stored(ports, job.plan.ends_at, job, variant=Variant.VIDEO, file=file)
    file.unlink()
    return asset


def _store(
    unit: Unit, project: Project, jobs: Sequence[Job], assets: Sequence[Asset]
) -> None:
    if unit.projects.held(project).epoch != project.epoch:
        raise CallInvalid(
            message="The project was reset or restored meanwhile.",
            hint="Send it again.",
        )
    for job in jobs:
        unit.jobs.add(project.id, job)
    for asset in assets:
        unit.assets.put(project.id, asset)


def _impossible(number: int, word: str, problem: str, hint: str) -> ScenarioInvalid:
    return ScenarioInvalid(where=f"videos[{number}].{word}", problem=problem, hint=hint)
