"""What goes when the data is full: the expired first, then what can be made again, then
the oldest videos, and nothing that a job under way still needs."""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, chain

from reelmock.domain.asset import Asset, Variant
from reelmock.domain.errors import StorageFull
from reelmock.domain.job import Job, Status
from reelmock.domain.project import Project
from reelmock.domain.timeline import standing
from reelmock.service.ports import Ports
from reelmock.service.ticks import BATCH, tick
from reelmock.service.videos import forget_bytes, settle

PAGE = 100
"""Assets that are looked at with one query."""


def take_stock(ports: Ports) -> None:
    """Count what lay there before this server began, and bring it within its bound."""
    if ports.room.most is None:
        return
    ports.blobs.count()
    make_room(ports, 0)
    if not ports.room.has(0):
        ports.note(
            "warning", "data_full", bytes=ports.room.taken, max_data=ports.room.most
        )


def check_spare(ports: Ports) -> None:
    """Refuse a job for which there will be no room, whatever goes; raises StorageFull."""
    check_room(ports, ports.room.spare)


def check_room(ports: Ports, size: int) -> None:
    """Free so many bytes; raises StorageFull, and nothing was evicted. Not inside a unit."""
    room = ports.room
    if room.most is None or room.has(size):
        return
    if size <= room.most:
        make_room(ports, size)
    if not room.has(size):
        raise StorageFull(size=size, most=room.most)


def make_room(ports: Ports, size: int) -> None:
    """Free so many bytes and a little more; not inside a unit. Where that cannot be, only
    what has expired goes, but for no bytes at all, whatever can.

    Of several callers one works, and the others find what it has freed.
    """
    with ports.once("room"):
        if ports.room.has(size):
            return
        with ports.unit() as unit:
            projects = unit.projects.every()
        for project in projects:
            _drop_expired(ports, project)
        if not ports.room.is_counted or (
            size and not _is_enough(ports, projects, size)
        ):
            return
        for is_video in (False, True):
            if ports.room.has(size):
                return
            _evict_oldest(ports, projects, size + ports.room.slack, is_video=is_video)


def _is_enough(ports: Ports, projects: list[Project], size: int) -> bool:
    """Whether what may be evicted makes so much room."""
    lacking = ports.room.lacks(size)
    given = chain.from_iterable(_givable(ports, project) for project in projects)
    return lacking == 0 or any(freed >= lacking for freed in accumulate(given))


def _givable(ports: Ports, project: Project) -> Iterator[int]:
    """The bytes of each still, and of each completed video with what it was made from."""
    real = ports.clock.now()
    now = project.clock.now(real)
    for _, asset, _ in _aged(ports, project, real, is_video=False):
        yield asset.bytes
    for _, asset, _ in _aged(ports, project, real, is_video=True):
        with ports.unit() as unit:
            job = unit.jobs.get(project.id, asset.job_id)
        if job is not None and standing(job, now).status is Status.COMPLETED:
            yield asset.bytes
            yield 0 if job.reference is None else ports.blobs.size(job.reference)


def _drop_expired(ports: Ports, project: Project) -> None:
    """What time has made due, before the engine comes to it, and the references of failed
    jobs: nobody can ask for any of it."""
    now = project.clock.now(ports.clock.now())
    before: list[str] = []
    while (due := _due(ports, project, now)) and due != before:
        tick(ports, project, now)
        before = due
    with ports.unit() as unit:
        failed = unit.jobs.failed_with_reference(project.id)
    for job in failed:
        _drop_reference(ports, project, now, job)


def _due(ports: Ports, project: Project, now: datetime) -> list[str]:
    """What one more tick would settle or remove; what is still there behind one, none
    will."""
    with ports.unit() as unit:
        files = unit.files.due(project.id, now, BATCH)
        return unit.jobs.due(project.id, now, BATCH) + [file.id for file in files]


def _drop_reference(ports: Ports, project: Project, now: datetime, job: Job) -> None:
    with ports.unit() as unit:
        held = unit.jobs.held(project.id, job.id)
        if held is None or standing(held, now).status is not Status.FAILED:
            return
        keys = forget_bytes(unit, now, project, held)
    ports.blobs.remove(keys)


def _evict_oldest(
    ports: Ports, projects: list[Project], size: int, *, is_video: bool
) -> None:
    real = ports.clock.now()
    each = [_aged(ports, project, real, is_video=is_video) for project in projects]
    for _, asset, project in heapq.merge(*each, key=lambda found: found[0]):
        if ports.room.has(size):
            return
        now = project.clock.now(ports.clock.now())
        if is_video:
            _evict_video(ports, project, now, asset)
        else:
            _evict_still(ports, asset)


def _aged(
    ports: Ports, project: Project, real: datetime, *, is_video: bool
) -> Iterator[tuple[timedelta, Asset, Project]]:
    """A project's videos, or their stills, the oldest first, with how long ago they were
    made, by their project's clock: the clocks of two projects tell nothing of each other."""
    now, behind = project.clock.now(real), None
    while True:
        with ports.unit() as unit:
            page = unit.assets.oldest(
                project.id, is_video=is_video, behind=behind, most=PAGE
            )
        for asset in page:
            yield asset.made_at - now, asset, project
        if len(page) < PAGE:
            return
        behind = page[-1]


def _evict_still(ports: Ports, asset: Asset) -> None:
    with ports.unit() as unit:
        unit.assets.remove_one(asset.project_id, asset.job_id, asset.variant)
        # Before the commit: from it on somebody may make it again, under this very key.
        ports.blobs.remove([asset.key])
    _tell(ports, asset)


def _evict_video(ports: Ports, project: Project, now: datetime, asset: Asset) -> None:
    """Have a completed video be one that expires now; any other is left alone."""
    with ports.unit() as unit:
        job = settle(ports, unit, now, project, asset.job_id)
        if job is None or job.status is not Status.COMPLETED or job.swept_at:
            return
        keys = forget_bytes(unit, now, project, job)
    ports.blobs.remove(keys)
    _tell(ports, asset)


def _tell(ports: Ports, asset: Asset) -> None:
    ports.meters.evicted(asset.bytes, is_video=asset.variant is Variant.VIDEO)
    ports.note(
        "warning",
        "evicted",
        video=asset.job_id,
        variant=asset.variant.value,
        bytes=asset.bytes,
        project=asset.project_id,
    )
