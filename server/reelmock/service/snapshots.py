"""A project, or several, in one file."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from reelmock.domain.asset import Asset, Variant
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.snapshot import Kept
from reelmock.service import scenarios
from reelmock.service.archives import NewArchive
from reelmock.service.clocks import current
from reelmock.service.everyone import named
from reelmock.service.ports import BlobMissing, Ports, Unit

Add = Callable[[str], str | None]
"""Takes in the blob of a key; its digest, or None for bytes that are lost."""


ATTEMPTS = 3
"""How often the state is looked up for one snapshot."""


def write_snapshot(ports: Ports, project_id: str | None, target: Path) -> None:
    """Write a project, or, where none is named, all of them, whole or not at all.

    What is kept is of one instant. Neither secrets nor keys are in it, no journal, no
    faults, and no counts.
    """
    target = target.absolute()
    with TemporaryDirectory(dir=target.parent, prefix=".reelmock-") as folder:
        part = Path(folder) / "part"
        _write(ports, project_id, part)
        part.replace(target)


def _write(ports: Ports, project_id: str | None, part: Path) -> None:
    """Nobody is kept out while bytes are copied: what somebody removes meanwhile is
    looked up again, and what is missing at last is lost."""
    for attempt in range(1, ATTEMPTS + 1):
        with ports.unit() as unit:
            found = _all(ports, unit, project_id)
        with suppress(BlobMissing):
            _pack(ports, found, part, is_all_there=attempt < ATTEMPTS)
            return


def _all(ports: Ports, unit: Unit, project_id: str | None) -> list[Kept]:
    unit.hold()
    real = ports.clock.now()
    return [_found(ports, unit, one, real) for one in sorted(named(ports, project_id))]


def _found(ports: Ports, unit: Unit, project_id: str, real: datetime) -> Kept:
    """A project's state, still with the keys of its blobs."""
    project = current(ports, unit, project_id, real)
    now = project.clock.now(real)
    clock = replace(project.clock, anchor=now, anchor_real=now)
    assets = unit.assets.of(project_id)
    characters = unit.characters.of(project_id)
    return Kept(
        replace(project, clock=clock, scenarios=scenarios.portable(project.scenarios)),
        tuple(unit.jobs.places(project_id)),
        tuple(sorted(assets, key=lambda one: (one.job_id, one.variant))),
        tuple(unit.files.places(project_id)),
        tuple(sorted(characters, key=lambda one: (one.created_at, one.id))),
    )


def _pack(
    ports: Ports, found: Iterable[Kept], part: Path, *, is_all_there: bool
) -> None:
    with ports.scratch() as folder, ports.archives.create(part) as archive:
        add = partial(_added, ports, archive, folder / "blob", is_all_there)
        archive.finish([_packed(one, add) for one in found])


def _added(
    ports: Ports, archive: NewArchive, copy: Path, is_all_there: bool, key: str
) -> str | None:
    try:
        ports.blobs.fetch(key, copy)
    except BlobMissing:
        if is_all_there:
            raise
        return None
    return archive.add(copy)


def _packed(found: Kept, add: Add) -> Kept:
    """The state with digests instead of keys; the blobs are taken in on the way."""
    there = {job.id for job, gone in found.jobs if not (gone or job.swept_at)}
    assets = [
        asset
        for one in found.assets
        if one.job_id in there and (asset := _packed_asset(one, add))
    ]
    shown = {one.job_id for one in assets if one.variant is Variant.VIDEO}
    now = found.project.clock.anchor
    jobs = [_packed_job(*place, add, now, shown) for place in found.jobs]
    return replace(
        found,
        jobs=tuple(jobs),
        assets=tuple(asset for asset in assets if asset.job_id in shown),
        files=tuple(_packed_file(*place, add, now) for place in found.files),
    )


def _packed_asset(asset: Asset, add: Add) -> Asset | None:
    digest = add(asset.key)
    return None if digest is None else replace(asset, key=digest, digest=digest)


def _packed_job(
    job: Job, removed_at: datetime | None, add: Add, now: datetime, shown: set[str]
) -> tuple[Job, datetime | None]:
    """A rendered one whose bytes are lost is kept as an expired one."""
    job = replace(job, media=None)
    is_lost = job.rendered_at is not None and job.id not in shown
    if is_lost and removed_at is None and job.swept_at is None:
        job = replace(job, swept_at=now)
    if job.reference is None or job.swept_at is not None:
        return replace(job, reference=None), removed_at
    return replace(job, reference=add(job.reference)), removed_at


def _packed_file(
    file: File, removed_at: datetime | None, add: Add, now: datetime
) -> tuple[File, datetime | None]:
    digest = add(file.key) if removed_at is None else None
    if digest is None:
        return replace(file, key="", digest=""), removed_at or now
    return replace(file, key=digest, digest=digest), None
