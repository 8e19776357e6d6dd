"""How many there are of what, at one instant: for `/metrics`."""

from collections import Counter
from dataclasses import dataclass, field

from reelmock.domain.timeline import standing
from reelmock.service.ports import Ports


@dataclass(slots=True)
class Census:
    """Jobs and deliveries by status, projects by the state of their clocks."""

    jobs: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)


def census(ports: Ports) -> Census:
    """Count what is there now. What has ended is counted by the database, the rest is
    looked at."""
    counted = Census()
    real = ports.clock.now()
    with ports.unit() as unit:
        for project in unit.projects.every():
            counted.clocks["frozen" if project.clock.frozen else "running"] += 1
            now = project.clock.now(real)
            stored = unit.jobs.counts(project.id)
            stored.pop("queued", None)
            counted.jobs.update(stored)
            counted.deliveries.update(unit.deliveries.counts(project.id))
            for job in unit.jobs.open(project.id):
                if not job.status.is_terminal:
                    counted.jobs[standing(job, now).status.value] += 1
    return counted
