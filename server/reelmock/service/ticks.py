"""One pass over one project: everything that time has made due is written down."""

from datetime import datetime

from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.service.files import expire_files
from reelmock.service.ports import Ports, Unit
from reelmock.service.videos import expire, settle

BATCH = 20
"""How many jobs one transaction settles: few, so that no caller waits long for it."""


def tick(ports: Ports, project: Project, now: datetime) -> datetime | None:
    """Settle what is due at `now`; the project's next due, which may be past already."""
    gone: list[str] = []
    ended: list[Job] = []
    with ports.unit() as unit:
        for job_id in unit.jobs.due(project.id, now, BATCH):
            job = settle(ports, unit, now, project, job_id)
            expired = expire(unit, now, project, job_id)
            gone += expired
            ended += [job] if job and not expired else []
        gone += expire_files(unit, now, project, BATCH)
        due = earliest_due(unit, project)
    ports.blobs.remove(gone)
    for job in ended:
        ports.note("info", f"video_{job.status}", video=job.id)
    return due


def earliest_due(unit: Unit, project: Project) -> datetime | None:
    """The next instant at which time makes something due in this project."""
    dues = (unit.jobs.next_due(project.id), unit.files.next_due(project.id))
    return min((due for due in dues if due is not None), default=None)
