"""How files become assets: the engine's renders, and stills made when asked for."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reelmock.domain.asset import Asset, Variant, asset_key
from reelmock.domain.errors import AssetExpired
from reelmock.domain.job import GENERATION_FAILED, Job
from reelmock.domain.project import Project
from reelmock.service.conformance import is_invented
from reelmock.service.ports import BlobMissing, Ports, Unit
from reelmock.service.videos import downloadable, settle

IsAwaited = Callable[[], bool]
"""Whether anybody still waits for what is being made."""


class Abandoned(Exception):
    """Nobody waits any more for what was to be made."""


ATTEMPTS = 3
"""A render that failed so often ends its job."""


def stored_asset(
    ports: Ports, unit: Unit, now: datetime, project: Project, video_id: str,
    variant: Variant,
) -> tuple[Job, Asset | None]:  # fmt: skip
    """The job, and the asset to download; None for a still that was never asked for,
    and for all of an invented video.

    Raises VideoNotFound, VideoNotReady or AssetExpired.
    """
    job = downloadable(ports, unit, now, project, video_id)
    asset = unit.assets.get(project.id, job.id, variant)
    if asset is None and variant is Variant.VIDEO and not is_invented(job):
        raise AssetExpired()
    return job, asset


def invented_content(
    ports: Ports, job: Job, variant: Variant, is_awaited: IsAwaited = lambda: True
) -> bytes:
    """The bytes of an invented video's variant, rendered now and kept nowhere.

    Raises Abandoned between two steps once nobody waits for them.
    """
    with ports.scratch() as folder:
        video, target = folder / "video.mp4", folder / f"still{variant.suffix}"
        _check(is_awaited)
        ports.renderer.video(job, None, video)
        if variant is Variant.VIDEO:
            return video.read_bytes()
        _check(is_awaited)
        ports.renderer.still(job, variant, video, target)
        return target.read_bytes()


def made_still(
    ports: Ports, now: datetime, project: Project, video_id: str, variant: Variant, *,
    is_awaited: IsAwaited = lambda: True,
) -> Asset:  # fmt: skip
    """The still, made now unless somebody else just did; raises as `stored_asset`.

    Raises Abandoned between two steps once nobody waits for it: whoever waits behind
    this caller then makes it.
    """
    with ports.unit() as unit:
        job = downloadable(ports, unit, now, project, video_id)
    with ports.once(asset_key(job, variant)):
        with ports.unit() as unit:
            job = downloadable(ports, unit, now, project, video_id)
            made = unit.assets.get(project.id, video_id, variant)
        return made or _make_still(ports, now, job, variant, is_awaited)


def _check(is_awaited: IsAwaited) -> None:
    if not is_awaited():
        raise Abandoned


def _make_still(
    ports: Ports, now: datetime, job: Job, variant: Variant, is_awaited: IsAwaited
) -> Asset:
    with ports.scratch() as folder:
        video, target = folder / "video.mp4", folder / f"still{variant.suffix}"
        _check(is_awaited)
        try:
            ports.blobs.fetch(asset_key(job, Variant.VIDEO), video)
        except BlobMissing as gone:
            raise AssetExpired() from gone
        _check(is_awaited)
        ports.renderer.still(job, variant, video, target)
        asset = stored(ports, now, job, variant=variant, file=target)
    with ports.unit() as unit:
        kept = unit.jobs.held(job.project_id, job.id)
        if kept is not None and kept.swept_at is None and kept.epoch == job.epoch:
            unit.assets.put(job.project_id, asset)
            return asset
    ports.blobs.remove([asset.key])
    raise AssetExpired()


def stored(
    ports: Ports, now: datetime, job: Job, *, variant: Variant, file: Path
) -> Asset:
    """Put a file under the job's key. It counts only once its row is committed."""
    key = asset_key(job, variant)
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    ports.blobs.put(key, file)
    size = file.stat().st_size
    return Asset(job.project_id, job.id, variant, key, size, digest, made_at=now)


def rendered(
    ports: Ports, unit: Unit, now: datetime, project: Project, asset: Asset
) -> Job | None:
    """Write down that a job's video is there; None if the job is not, or has one, or is
    another one that came back under its id."""
    job = unit.jobs.held(project.id, asset.job_id)
    if job is None or job.rendered_at is not None or job.failed_at is not None:
        return None
    if asset.key != asset_key(job, asset.variant):
        return None
    unit.assets.put(project.id, asset)
    unit.jobs.save(project.id, replace(job, rendered_at=now))
    return settle(ports, unit, now, project, job.id)


def attempt_failed(
    ports: Ports, unit: Unit, now: datetime, project: Project, job_id: str
) -> Job | None:
    """Count a failed render; the last one ends the job."""
    job = unit.jobs.held(project.id, job_id)
    if job is None:
        return None
    job = replace(job, attempts=job.attempts + 1)
    if job.attempts >= ATTEMPTS:
        job = replace(job, failed_at=now, failure=GENERATION_FAILED)
    unit.jobs.save(project.id, job)
    return settle(ports, unit, now, project, job.id)
