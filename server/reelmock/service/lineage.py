"""What a video was made from, and everything that was made from it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from reelmock.domain.job import Job
from reelmock.service.ports import Ports, Unit

GENERATIONS = 6
"""How far up and down is looked, at most."""

MOST = 60
"""Videos that were made from one, at most."""


@dataclass(frozen=True, slots=True)
class Kin:
    """One video, and those that were made from it. A source that was deleted has no job
    left; of one that `has_more`, some were left out."""

    id: str
    job: Job | None
    made: tuple["Kin", ...] = ()
    has_more: bool = False

    def every(self) -> Iterator["Kin"]:
        """This one and all below it."""
        yield self
        for one in self.made:
            yield from one.every()


def lineage(ports: Ports, job: Job) -> Kin:
    """The tree that the job stands in: its source, the source's source and so on, each
    with nothing but the way down to the job, and then all that was made from the job."""
    with ports.unit() as unit:
        tree = _below(unit, job)
        for _ in range(GENERATIONS):
            source = tree.job.source if tree.job else None
            if source is None:
                break
            above = unit.jobs.get(job.project_id, source)
            tree = Kin(source, above, (tree,))
    return tree


def _below(unit: Unit, job: Job) -> Kin:
    """Read a generation at a time: as few queries as there are generations."""
    made: defaultdict[str | None, list[Job]] = defaultdict(list)
    cut: set[str | None] = set()
    names, left = [job.id], MOST
    for _ in range(GENERATIONS):
        found = unit.jobs.made_of(job.project_id, names, left + 1)
        for one in found[:left]:
            made[one.source].append(one)
        cut |= {one.source for one in found[left:]}
        names, left = [one.id for one in found[:left]], left - len(found[:left])
        if not names:
            break
    return _tree(job, made, cut)


def _tree(job: Job, made: dict[str | None, list[Job]], cut: set[str | None]) -> Kin:
    below = tuple(_tree(one, made, cut) for one in made.get(job.id, ()))
    return Kin(job.id, job, below, has_more=job.id in cut)
