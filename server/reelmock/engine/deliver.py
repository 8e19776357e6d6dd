"""Posts what is due: every endpoint in a lane of its own, so that none waits for another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from reelmock.domain.project import Project
from reelmock.engine.queue import PUT_OFF
from reelmock.service import deliveries
from reelmock.service.ports import Ports

WIDTH = 8
"""Attempts at a time to one endpoint; to one that did not answer in time, one."""

MOST = 512
"""Attempts at a time in all."""

SLOW = 5.0
"""Real seconds from which on an endpoint is slow."""

GRACE = 2.0
"""Real seconds that attempts under way are given when the engine stops. Those cut short
are made again by the next one."""


@dataclass(slots=True)
class Lane:
    """One endpoint's attempts under way, by the ids of their deliveries."""

    project_id: str
    endpoint_id: str
    flying: set[str] = field(default_factory=set)
    is_slow: bool = False
    rests_until: datetime | None = None

    def room(self, real: datetime) -> int:
        """How many attempts more may begin."""
        if self.rests_until is not None and real < self.rests_until:
            return 0
        return (1 if self.is_slow else WIDTH) - len(self.flying)


class Deliverer:
    """What the engine's loop has posted. All of it runs on that loop; `woken` has the
    loop come by again."""

    def __init__(self, ports: Ports, woken: Callable[[], None]) -> None:
        self._ports = ports
        self._woken = woken
        self._dues: dict[str, datetime] = {}
        self._rests: dict[str, datetime] = {}
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hungry: set[str] = set()
        self._awaited: dict[str, list[Future[bool]]] = {}

    def wakings(self) -> list[datetime]:
        """The real instants at which something is due."""
        return [*self._dues.values(), *self._rests.values()]

    def begin_due(self) -> None:
        """Look after every project for which the time has come."""
        real = self._ports.clock.now()
        for dues in (self._dues, self._rests):
            for project_id in [name for name, due in dues.items() if due <= real]:
                del dues[project_id]
                self.look(project_id)

    def look(self, project_id: str, awaited: "Future[bool] | None" = None) -> None:
        """Begin what is due in a project; `awaited` is told when all of it is over."""
        if awaited is not None:
            self._awaited.setdefault(project_id, []).append(awaited)
        try:
            self._look(project_id)
        except Exception as broken:  # a full disk, say: one project must not stop all
            self._ports.note("error", "deliver_broke", reason=repr(broken))
            self._rest(project_id, self._ports.clock.now() + PUT_OFF)

    def _look(self, project_id: str) -> None:
        real = self._ports.clock.now()
        with self._ports.unit() as unit:
            project = unit.projects.get(project_id)
            if project is None:
                self._tell(project_id)
                return
            now = project.clock.now(real)
            due = unit.deliveries.due_endpoints(project_id, now)
            later = unit.deliveries.next_due(project_id, now)
        self._put_due(project, later)
        for endpoint_id in due:
            self._fill(project, self._lane(project_id, endpoint_id), real)
        if not due and not self._is_flying(project_id):
            self._tell(project_id)

    def _lane(self, project_id: str, endpoint_id: str) -> Lane:
        name = (project_id, endpoint_id)
        return self._lanes.setdefault(name, Lane(*name))

    def _fill(self, project: Project, lane: Lane, real: datetime) -> None:
        """Begin as many attempts as a lane has room for, the longest due first."""
        room = lane.room(real)
        if room <= 0:
            return
        most = room + len(lane.flying)
        with self._ports.unit() as unit:
            now = project.clock.now(real)
            due = unit.deliveries.due(project.id, lane.endpoint_id, now, most)
        for delivery_id in [one for one in due if one not in lane.flying][:room]:
            if len(self._tasks) >= MOST:
                self._hungry.add(project.id)
                return
            self._begin(lane, delivery_id)

    def _begin(self, lane: Lane, delivery_id: str) -> None:
        lane.flying.add(delivery_id)
        task = asyncio.ensure_future(self._attempt(lane, delivery_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, lane: Lane, delivery_id: str) -> None:
        try:
            sent = deliveries.letters(self._ports, lane.project_id, delivery_id)
            for letter in sent:
                reply = await self._ports.outbound.post(letter)
                lane.is_slow = reply.seconds >= SLOW
                deliveries.closed(self._ports, letter, reply)
        except Exception as broken:  # it stays due, and is not to be posted in a circle
            self._ports.note("error", "attempt_broke", reason=repr(broken))
            lane.rests_until = self._ports.clock.now() + PUT_OFF
        finally:
            lane.flying.discard(delivery_id)
        self._ended(lane)

    def _ended(self, lane: Lane) -> None:
        """An attempt is over: its lane has room, and perhaps all is done."""
        real = self._ports.clock.now()
        if lane.rests_until is not None and real < lane.rests_until:
            self._rest(lane.project_id, lane.rests_until)
            return
        for project_id in {lane.project_id, *self._hungry}:
            self._hungry.discard(project_id)
            self.look(project_id)
        if not lane.flying:
            self._lanes.pop((lane.project_id, lane.endpoint_id), None)

    def _rest(self, project_id: str, until: datetime) -> None:
        self._rests[project_id] = until
        self._woken()

    def _is_flying(self, project_id: str) -> bool:
        return any(
            lane.flying for (name, _), lane in self._lanes.items() if name == project_id
        )

    def _put_due(self, project: Project, due: datetime | None) -> None:
        real = None if due is None else project.clock.real_at(due)
        if real is None:
            self._dues.pop(project.id, None)
            return
        if real != self._dues.get(project.id):
            self._dues[project.id] = real
            self._woken()

    def _tell(self, project_id: str) -> None:
        for awaited in self._awaited.pop(project_id, []):
            awaited.set_result(True)

    async def stop(self) -> None:
        """Let what is under way end, for a while; who waits is told that it is over."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for awaited in [one for each in self._awaited.values() for one in each]:
            awaited.set_result(False)
        await self._ports.outbound.close()
