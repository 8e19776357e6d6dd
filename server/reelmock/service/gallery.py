"""The videos of a project for somebody who looks at it from beside: nothing is noted, no
fault is met, and nothing is moved."""

from datetime import datetime

from reelmock.domain.asset import Variant
from reelmock.domain.job import Job
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.service import assets
from reelmock.service.clocks import current
from reelmock.service.ports import Ports, Unit


def newest(ports: Ports, project_id: str, limit: int) -> list[Job]:
    """The newest jobs, the newest first."""
    with ports.unit() as unit:
        page = unit.jobs.page(project_id, limit=limit, order=Order.DESC, after=None)
    return list(page.jobs)


def still(ports: Ports, project_id: str, video_id: str, variant: Variant) -> bytes:
    """A still of a completed video, made now unless it is there.

    Raises VideoNotFound, VideoNotReady or AssetExpired.
    """
    with ports.unit() as unit:
        project, now = _entered(ports, unit, project_id)
        _, asset = assets.stored_asset(ports, unit, now, project, video_id, variant)
    if asset is None:
        asset = assets.made_still(ports, now, project, video_id, variant)
    return b"".join(ports.blobs.stream(asset.key, 0, asset.bytes))


def _entered(ports: Ports, unit: Unit, project_id: str) -> tuple[Project, datetime]:
    real = ports.clock.now()
    project = current(ports, unit, project_id, real)
    return project, project.clock.now(real)
