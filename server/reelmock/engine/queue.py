"""Which job is rendered next: the one that should end first, and never one twice."""

import heapq
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from reelmock.domain.job import Job

PUT_OFF = timedelta(seconds=5)
"""Real time until something is tried again that could not even fail in good order."""

AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""Before all others."""


class Place(NamedTuple):
    """A job's place in the queue."""

    ends_at: datetime
    ordinal: int
    project_id: str
    job_id: str

    @property
    def name(self) -> tuple[str, str]:
        """What tells the job from all others."""
        return self.project_id, self.job_id


class RenderQueue:
    """Jobs waiting for a render, and how many renders are under way."""

    def __init__(self, workers: int) -> None:
        self._free = workers
        self._waiting: list[Place] = []
        self._later: list[tuple[datetime, Place]] = []
        self._known: set[tuple[str, str]] = set()
        self._running: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        """How many jobs wait."""
        return len(self._known) - len(self._running)

    @property
    def has_room(self) -> bool:
        """Whether one more render could begin at once."""
        return self._free > 0

    def put(self, job: Job) -> None:
        """Queue a job, unless it waits or is being rendered already."""
        place = Place(job.plan.ends_at, job.ordinal, job.project_id, job.id)
        if place.name not in self._known:
            self._known.add(place.name)
            heapq.heappush(self._waiting, place)

    def put_first(self, job: Job) -> None:
        """Queue a job before all others, also one that waits already."""
        place = Place(AT_ONCE, job.ordinal, job.project_id, job.id)
        if place.name not in self._running:
            self._known.add(place.name)
            heapq.heappush(self._waiting, place)

    def put_again(self, place: Place, real: datetime) -> None:
        """Queue a job once more, after a while."""
        self._known.add(place.name)
        heapq.heappush(self._later, (real + PUT_OFF, place))

    def put_off(self) -> list[datetime]:
        """The real instant at which a job put off comes back, if there is one."""
        return [self._later[0][0]] if self._later else []

    def take(self, real: datetime) -> list[Place]:
        """As many jobs as there are free workers for."""
        while self._later and self._later[0][0] <= real:
            heapq.heappush(self._waiting, heapq.heappop(self._later)[1])
        taken = []
        while self._waiting and self._free:
            place = heapq.heappop(self._waiting)
            # One that was put first has left its old place behind.
            if place.name in self._known and place.name not in self._running:
                self._running.add(place.name)
                taken.append(place)
                self._free -= 1
        return taken

    def ended(self, place: Place) -> None:
        """A render has ended, one way or the other."""
        self._free += 1
        self._running.discard(place.name)
        self._known.discard(place.name)
