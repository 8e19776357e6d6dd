"""The engine's loop: it waits for the next due instant, or until somebody rings."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from reelmock.domain import timeline
from reelmock.domain.errors import StorageFull
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.engine.deliver import Deliverer, Waiter
from reelmock.engine.queue import PUT_OFF, Place, RenderQueue
from reelmock.engine.render import render
from reelmock.engine.sweep import sweep
from reelmock.service.evictions import take_stock
from reelmock.service.ports import Ports, Wait
from reelmock.service.ticks import earliest_due, tick

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job that somebody waits for; `made` says in the end whether its render is over."""

    job: Job
    made: "Future[bool]"


@dataclass(frozen=True, slots=True)
class Due:
    """A project in which deliveries may be due, and who waits for them, if anybody."""

    project_id: str
    waiter: Waiter | None = None


Change = Job | File | Project | Wanted | Due
"""What the loop hears of."""


class Rings(Protocol):
    """What the loop listens to."""

    def listen(self) -> None:
        """Be heard from now on."""

    def deafen(self) -> None:
        """Be heard no more."""

    def wake(self) -> None:
        """End the wait."""

    def ring(self, brought: Change) -> None:
        """Bring something."""

    def taken(self) -> list[Change]:
        """What changed since the last time."""

    async def wait(
        self, now: datetime, until: datetime | None, *, is_busy: bool
    ) -> None:
        """Return at `until`, when woken, or, unless busy, when a job changes."""


class Engine:
    """An impatient reader: it settles what nobody has asked for yet, and renders.

    Dues are kept in real time, one a running project; a frozen project has none.
    """

    def __init__(self, ports: Ports, bell: Rings, workers: int) -> None:
        self._ports = ports
        self._bell = bell
        self._dues: dict[str, datetime] = {}
        self._renders = RenderQueue(workers)
        self._deliverer = Deliverer(ports, bell.wake)
        self._running: dict[asyncio.Future[Job | None], Place] = {}
        self._wanted: dict[tuple[str, str], list[Future[bool]]] = {}
        self._stopping = False
        self._made_at = ports.clock.now()
        self.is_alive = False
        self._threads = ThreadPoolExecutor(workers + 2, thread_name_prefix="engine")

    async def run(self) -> None:
        """Work until stopped. What an earlier process left is taken up first."""
        self._bell.listen()
        self.is_alive = True
        try:
            await self._in_thread(self._take_up)
            swept = asyncio.ensure_future(self._in_thread(self._sweep))
            await self._work()
            self._ports.renderer.close()
            await self._deliverer.stop()
            await asyncio.gather(swept, *self._running, return_exceptions=True)
        finally:
            self.is_alive = False
            self._bell.deafen()
            self._disappoint()
            self._threads.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """End `run` soon; renders under way are dropped and taken up by the next."""
        self._stopping = True
        self._bell.wake()

    def hasten(self, job: Job) -> Wait:
        """Have a job rendered before all others; what waits for it, in any thread but
        the loop's. It says no when the engine stops."""
        wanted = Wanted(job, Future())
        self._bring(wanted)
        return self._wait_for(wanted.made)

    def deliver(self, project_id: str, *delivery_ids: str) -> Wait:
        """Have a project's due deliveries posted at once; what waits until these, or each
        of all, were attempted, in any thread but the loop's. It says no when the engine
        stops."""
        self._bring(Due(project_id))

        def wait(seconds: float) -> bool:
            waiter = Waiter.of(delivery_ids)
            self._bring(Due(project_id, waiter))
            is_posted = self._wait_for(waiter.posted)(seconds)
            waiter.posted.cancel()
            return is_posted

        return wait

    def _bring(self, brought: Wanted | Due) -> None:
        self._bell.ring(brought)
        self._bell.wake()

    def _wait_for(self, told: "Future[bool]") -> Wait:
        def wait(seconds: float) -> bool:
            with suppress(TimeoutError):
                return not self._stopping and told.result(seconds)
            return False

        return wait

    @property
    def waiting(self) -> int:
        """How many jobs wait for a render."""
        return len(self._renders)

    def _disappoint(self) -> None:
        left = [made for each in self._wanted.values() for made in each]
        taken = self._bell.taken()
        left += [one.made for one in taken if isinstance(one, Wanted)]
        for made in left:
            made.set_result(False)
        for one in taken:
            if isinstance(one, Due) and one.waiter is not None:
                one.waiter.tell(is_posted=False)
        self._deliverer.disappoint()

    async def _work(self) -> None:
        while not self._stopping:
            for changed in self._bell.taken():
                self._hear(changed)
            await self._tick_due()
            self._begin_renders()
            await self._deliverer.begin_due()
            wakings = [*self._dues.values(), *self._renders.put_off()]
            wakings += self._deliverer.wakings()
            until = min(wakings, default=None)
            is_busy = not self._renders.has_room
            await self._bell.wait(self._ports.clock.now(), until, is_busy=is_busy)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _take_up(self) -> None:
        with self._ports.unit() as unit:
            projects = unit.projects.every()
        for project in projects:
            if self._stopping:
                return
            try:
                self._take_up_one(project)
            except Exception as broken:  # one project must not stop the others
                self._ports.note("error", "take_up_broke", reason=repr(broken))

    def _take_up_one(self, project: Project) -> None:
        with self._ports.unit() as unit:
            self._put_due(project, earliest_due(unit, project))
            for job in unit.jobs.unrendered(project.id):
                self._renders.put(job)
            if unit.deliveries.next_due(project.id) is not None:
                self._bell.ring(Due(project.id))

    def _hear(self, changed: Change) -> None:
        try:
            self._take_in(changed)
        except Exception as broken:  # one job must not take the others with it
            self._ports.note("error", "hear_broke", reason=repr(broken))

    def _take_in(self, changed: Change) -> None:
        if isinstance(changed, Wanted):
            self._want(changed)
        elif isinstance(changed, Due):
            self._deliverer.ask(changed.project_id, changed.waiter)
        elif isinstance(changed, Project):
            self._clock_changed(changed.id)
        elif isinstance(changed, File):
            self._due_at(changed.project_id, changed.expires_at)
        else:
            self._due_at(changed.project_id, timeline.next_due(changed))
            if _is_unmade(changed):
                self._renders.put(changed)

    def _due_at(self, project_id: str, due: datetime | None) -> None:
        with self._ports.unit() as unit:
            project = unit.projects.get(project_id)
        if project is not None:
            self._put_due(project, due)

    def _clock_changed(self, project_id: str) -> None:
        """All real instants of its dues are others now; after a restore, its jobs too."""
        self._dues.pop(project_id, None)
        with self._ports.unit() as unit:
            project = unit.projects.get(project_id)
            due = None if project is None else earliest_due(unit, project)
        if project is not None:
            self._put_due(project, due)
        self._deliverer.ask(project_id)

    def _want(self, wanted: Wanted) -> None:
        job = wanted.job
        with self._ports.unit() as unit:
            stored = unit.jobs.get(job.project_id, job.id)
        if stored is None or not _is_unmade(stored):
            wanted.made.set_result(True)
            return
        self._wanted.setdefault((job.project_id, job.id), []).append(wanted.made)
        self._renders.put_first(stored)

    def _put_due(self, project: Project, due: datetime | None) -> None:
        real = None if due is None else project.clock.real_at(due)
        if real is not None:
            self._dues[project.id] = min(real, self._dues.get(project.id, real))

    async def _tick_due(self) -> None:
        real = self._ports.clock.now()
        for project_id in [name for name, due in self._dues.items() if due <= real]:
            del self._dues[project_id]
            await self._tick(project_id, real)

    async def _tick(self, project_id: str, real: datetime) -> None:
        try:
            with self._ports.unit() as unit:
                project = unit.projects.get(project_id)
            if project is not None:
                work = partial(tick, self._ports, project, project.clock.now(real))
                self._put_due(project, await self._in_thread(work))
        except Exception as broken:  # a full disk, say: the engine must outlive it
            self._ports.note("error", "tick_broke", reason=repr(broken))
            self._dues[project_id] = real + PUT_OFF

    def _sweep(self) -> None:
        orphans = partial(sweep, self._ports, self._made_at, lambda: self._stopping)
        for work in (orphans, partial(take_stock, self._ports)):
            try:
                if not self._stopping:
                    work()
            except Exception as broken:  # orphans cost room, and nothing else
                self._ports.note("error", "sweep_broke", reason=repr(broken))

    def _begin_renders(self) -> None:
        loop = asyncio.get_running_loop()
        for place in self._renders.take(self._ports.clock.now()):
            work = partial(render, self._ports, place.project_id, place.job_id)
            future = loop.run_in_executor(self._threads, work)
            self._running[future] = place
            future.add_done_callback(self._render_ended)

    def _render_ended(self, future: asyncio.Future[Job | None]) -> None:
        place = self._running.pop(future)
        self._renders.ended(place)
        broken = None if future.cancelled() else future.exception()
        if broken is not None:
            # Of a lack of room the render itself has told.
            if not isinstance(broken, StorageFull):
                self._ports.note("error", "render_broke", reason=repr(broken))
            self._renders.put_again(place, self._ports.clock.now())
        elif not future.cancelled():
            job = future.result()
            if job is not None:
                self._hear(job)
            if job is None or not _is_unmade(job):
                for made in self._wanted.pop(place.name, []):
                    made.set_result(True)
        self._bell.wake()


def _is_unmade(job: Job) -> bool:
    return job.rendered_at is None and job.failed_at is None
