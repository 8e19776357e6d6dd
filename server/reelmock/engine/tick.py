"""One pass over one project: everything that time has made due is written down."""

from datetime import datetime

from reelmock.domain.project import Project
from reelmock.service.ports import Ports
from reelmock.service.videos import expire, settle

BATCH = 50
"""How many jobs one pass settles; each in a unit of its own, so that no caller waits."""


def tick(ports: Ports, project: Project, now: datetime) -> datetime | None:
    """Settle what is due at `now`; the project's next due, which may be past already."""
    with ports.unit() as unit:
        due = unit.jobs.due(project.id, now, BATCH)
    for job_id in due:
        _settle_one(ports, project, now, job_id)
    with ports.unit() as unit:
        return unit.jobs.next_due(project.id)


def _settle_one(ports: Ports, project: Project, now: datetime, job_id: str) -> None:
    with ports.unit() as unit:
        job = settle(unit, now, project, job_id)
        gone = expire(unit, now, project, job_id)
    ports.blobs.remove(gone)
    if job is not None:
        action = "expired" if gone else job.status.value
        level = "info" if job.status.is_terminal else "debug"
        ports.note(level, f"video_{action}", video=job.id)
