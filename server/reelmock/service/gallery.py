"""The videos of a project for somebody who looks at it from beside: nothing is noted, no
fault is met, and nothing is moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reelmock.domain.asset import Variant
from reelmock.domain.job import Job, Status
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.domain.timeline import Standing, standing
from reelmock.service import assets
from reelmock.service.clocks import current
from reelmock.service.ports import Ports, Unit

EXPIRED = "expired"
"""What a completed video is called whose bytes are gone."""

STATUSES = (*Status, EXPIRED)
"""What videos can be looked for by."""

STRIDE = 512
"""Jobs that are read at once when few of them may be wanted."""

MOST_READ = 20_000
"""Jobs that one search looks at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which videos somebody wants to see: of a status, with a text in prompt, id or
    model; empty for any."""

    status: str = ""
    text: str = ""

    def has(self, job: Job, where: Standing) -> bool:
        """Whether a job that stands so is one of them."""
        status, text = called(where), self.text.casefold()
        return self.status in ("", status) and any(
            text in said.casefold() for said in (job.prompt, job.id, job.model)
        )

    @property
    def is_rare(self) -> bool:
        """Whether few of the jobs that the store finds may be among them."""
        return bool(self.status) or not self.text.isascii()

    @property
    def stored(self) -> Status | None:
        """The status that a job of these is stored with, if it is but one."""
        ended = {EXPIRED: Status.COMPLETED, "completed": Status.COMPLETED,
                 "failed": Status.FAILED}  # fmt: skip
        return ended.get(self.status, Status.QUEUED if self.status else None)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the newest first, and the ordinal before which there may be more;
    None if nothing is."""

    jobs: tuple[Job, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many videos there are, how many of them have not ended, were completed and
    failed, and what they cost, in millionths of a dollar."""

    videos: int
    open: int
    completed: int
    failed: int
    cost: int


def called(where: Standing) -> str:
    """The wire's word for how a job stands, or that its bytes are gone."""
    return EXPIRED if where.is_expired else where.status.value


def search(
    ports: Ports, project_id: str, wanted: Wanted, *, limit: int, before: int | None
) -> Found:
    """The newest jobs that are wanted, older than the ordinal `before`. It may end with
    none and go on: a search looks at so many jobs, and no more."""
    found: list[Job] = []
    most = STRIDE if wanted.is_rare else limit + 1
    with ports.unit() as unit:
        _, now = _entered(ports, unit, project_id)
        for _ in range(0, MOST_READ, most):
            read = unit.jobs.search(project_id, status=wanted.stored, limit=most,
                                    text=wanted.text, before=before)  # fmt: skip
            found += [job for job in read if wanted.has(job, standing(job, now))]
            if len(found) > limit:
                return Found(tuple(found[:limit]), found[limit - 1].ordinal)
            if len(read) < most:
                return Found(tuple(found), None)
            before = read[-1].ordinal
    return Found(tuple(found), before)


def named(ports: Ports, project_id: str, names: Iterable[str]) -> dict[str, Job]:
    """The jobs of these ids that are there."""
    with ports.unit() as unit:
        found = [unit.jobs.get(project_id, name) for name in names]
    return {job.id: job for job in found if job is not None}


def unended(ports: Ports, project_id: str, most: int) -> list[Job]:
    """The newest jobs that have not ended."""
    with ports.unit() as unit:
        return unit.jobs.search(project_id, status=Status.QUEUED, text="", before=None,
                                limit=most)  # fmt: skip


def totals(ports: Ports, project_id: str) -> Totals:
    """How many there are, and what they cost."""
    with ports.unit() as unit:
        counts = unit.jobs.counts(project_id)
        cost = unit.jobs.cost(project_id)
    ended = {status: counts.get(status.value, 0) for status in Status}
    videos, completed = sum(counts.values()), ended[Status.COMPLETED]
    failed = ended[Status.FAILED]
    return Totals(videos, videos - completed - failed, completed, failed, cost)


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
