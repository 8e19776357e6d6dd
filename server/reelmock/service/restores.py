"""Snapshots back into projects: those they are of, or another one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reelmock.domain.asset import asset_key, file_key, reference_key
from reelmock.domain.errors.control import (
    ScenarioInvalid,
    SnapshotInvalid,
    SnapshotOfSeveral,
)
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.domain.scenario import Scenario
from reelmock.domain.seed import digest
from reelmock.domain.snapshot import Kept
from reelmock.service import scenarios
from reelmock.service.archives import Archive
from reelmock.service.clocks import alone, current
from reelmock.service.evictions import check_room
from reelmock.service.ports import Ports, Unit
from reelmock.service.resets import blob_keys, forget

Bring = Callable[[str, str], None]
"""Puts the blob of a digest under a key."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A project that is as it was, and how much of what it has."""

    project_id: str
    videos: int
    files: int
    characters: int


def restore(
    ports: Ports, source: Path, project_id: str | None = None
) -> list[Restored]:
    """Make a project what a snapshot says, or, where none is named, each that is in it.

    The clock goes on from the instant of the snapshot, and what is made from then on has
    new ids. Idempotency keys and quotas go; armed faults, the journal and other projects
    are left alone. All or nothing: raises SnapshotInvalid, SnapshotOfSeveral or
    StorageFull, and nothing has changed.
    """
    with ports.archives.open(source) as archive:
        kept = _addressed(archive.kept, project_id)
        own = {name: _scenario(ports, one) for name, one in kept.items()}
        with ExitStack() as stack:
            for name in sorted(kept):
                stack.enter_context(alone(ports, name))
            jobs = _restore(ports, archive, kept)
            for name, scenario in own.items():
                ports.scripts.renew(name, scenario, is_armed=True)
                if ports.limits is not None:
                    ports.limits.forget(name)
    for job in jobs:
        ports.wake(job)
    return [_told(name, one) for name, one in kept.items()]


def _addressed(kept: tuple[Kept, ...], project_id: str | None) -> dict[str, Kept]:
    """The states by the projects that they are for."""
    kept = tuple(_trusted(one) for one in kept)
    if project_id is None:
        return {one.project.id: one for one in kept}
    if len(kept) != 1:
        raise SnapshotOfSeveral(number=len(kept))
    return {project_id: kept[0]}


def _trusted(kept: Kept) -> Kept:
    own = scenarios.portable(kept.project.scenarios)
    return replace(kept, project=replace(kept.project, scenarios=own))


def _scenario(ports: Ports, kept: Kept) -> Scenario | None:
    if kept.project.scenarios is None:
        return None
    try:
        return scenarios.read(ports, kept.project.scenarios)
    except ScenarioInvalid as wrong:
        raise SnapshotInvalid(problem=wrong.message.rstrip(".")) from None


def _told(name: str, kept: Kept) -> Restored:
    videos = sum(removed_at is None for _, removed_at in kept.jobs)
    files = sum(removed_at is None for _, removed_at in kept.files)
    return Restored(name, videos, files, len(kept.characters))


def _restore(ports: Ports, archive: Archive, kept: Mapping[str, Kept]) -> list[Job]:
    """The jobs that are still to be rendered."""
    check_room(ports, sum(_bytes(archive, one) for one in kept.values()))
    homes = _reserved(ports, kept)
    with _brought(ports, archive) as bring:
        moved = [_moved(one, homes[name], bring) for name, one in kept.items()]
        with ports.unit() as unit:
            gone = [_replaced(ports, unit, one) for one in moved]
    for one, keys in zip(moved, gone, strict=True):
        ports.wake(one.project)
        ports.blobs.remove(keys)
    places = [place for one in moved for place in one.jobs]
    return [job for job, removed_at in places if removed_at is None and _is_unmade(job)]


def _bytes(archive: Archive, kept: Kept) -> int:
    """What the blobs of a state will take, each under a key of its own."""
    references = (job.reference for job, _ in kept.jobs)
    return (
        sum(asset.bytes for asset in kept.assets)
        + sum(file.bytes for file, removed_at in kept.files if removed_at is None)
        + sum(archive.size(one) for one in references if one is not None)
    )


def _is_unmade(job: Job) -> bool:
    return job.rendered_at is None and job.failed_at is None


def _reserved(ports: Ports, kept: Mapping[str, Kept]) -> dict[str, Project]:
    """The projects, each in an epoch in which nothing has a key yet."""
    real = ports.clock.now()
    homes = {}
    with ports.unit() as unit:
        for name, one in kept.items():
            held = unit.projects.held(current(ports, unit, name, real))
            epoch = max(held.epoch, one.project.epoch) + 1
            homes[name] = replace(held, epoch=epoch)
            unit.projects.save(homes[name])
    return homes


@contextmanager
def _brought(ports: Ports, archive: Archive) -> Iterator[Bring]:
    """What is put under keys in this block goes again if the block fails."""
    put: list[str] = []

    def bring(folder: Path, digest: str, key: str) -> None:
        archive.extract(digest, folder / "blob")
        put.append(key)
        ports.blobs.put(key, folder / "blob")

    with ports.scratch() as folder:
        try:
            yield partial(bring, folder)
        except BaseException:
            ports.blobs.remove(put)
            raise


def _moved(kept: Kept, home: Project, bring: Bring) -> Kept:
    """The state as the home's own, its bytes under keys of the home's epoch."""
    jobs = {job.id: _moved_job(job, home, bring) for job, _ in kept.jobs}
    assets = []
    for asset in kept.assets:
        key = asset_key(jobs[asset.job_id], asset.variant)
        bring(asset.key, key)
        assets.append(replace(asset, project_id=home.id, key=key))
    files = []
    for file, removed_at in kept.files:
        key = file_key(home.id, _draw(home, file.id)) if removed_at is None else ""
        if key:
            bring(file.key, key)
        files.append((replace(file, project_id=home.id, key=key), removed_at))
    return Kept(
        # What was made while the bytes were brought had an id of the home's epoch.
        replace(kept.project, id=home.id, epoch=home.epoch + 1),
        tuple((jobs[job.id], removed_at) for job, removed_at in kept.jobs),
        tuple(assets),
        tuple(files),
        tuple(replace(one, project_id=home.id) for one in kept.characters),
    )


def _moved_job(job: Job, home: Project, bring: Bring) -> Job:
    moved = replace(job, project_id=home.id, epoch=home.epoch)
    if job.reference is None:
        return moved
    key = reference_key(home.id, _draw(home, job.id))
    bring(job.reference, key)
    return replace(moved, reference=key)


def _draw(home: Project, name: str) -> str:
    return digest("restored", home.id, home.epoch, name)[:32]


def _replaced(ports: Ports, unit: Unit, moved: Kept) -> set[str]:
    """Have a project be this state and nothing else; the keys of what it was."""
    real = ports.clock.now()
    project = moved.project
    clock = replace(project.clock, anchor_real=real)
    unit.projects.held(project)
    gone = blob_keys(unit, project.id)
    # Endpoints are in no snapshot: what is there stays.
    forget(unit, project.id, {"webhooks"})
    for job, removed_at in moved.jobs:
        unit.jobs.add(project.id, job)
        if removed_at is not None:
            unit.jobs.remove(project.id, job.id, removed_at)
    for asset in moved.assets:
        unit.assets.put(project.id, asset)
    for file, removed_at in moved.files:
        unit.files.add(project.id, file)
        if removed_at is not None:
            unit.files.remove(project.id, file.id, removed_at)
    for character in moved.characters:
        unit.characters.add(project.id, character)
    unit.projects.save(replace(project, clock=clock))
    return gone
