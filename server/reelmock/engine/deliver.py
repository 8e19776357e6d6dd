"""Posts what is due: every endpoint in a lane of its own, so that none waits for another."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from reelmock.domain.clock import LAST
from reelmock.domain.project import Project
from reelmock.domain.webhook import EVERYWHERE, Letter, Reply
from reelmock.engine.queue import PUT_OFF
from reelmock.service import deliveries
from reelmock.service.ports import Ports

WIDTH = 8
"""Attempts at a time to one endpoint, once it has answered in time; until then, one."""

MOST = 512
"""Attempts at a time in all."""

SPARED = 256
"""Of those, how many are not for endpoints that did not answer in time."""

SLOW = 5.0
"""Real seconds from which on an answer is not in time."""

GRACE = 2.0
"""Real seconds that attempts under way are given when the engine stops. Those cut short
are made again by the next one."""


@dataclass(slots=True)
class Lane:
    """One endpoint's attempts under way, by the ids of their deliveries. Whether it
    answers in time is not known before it was tried."""

    project_id: str
    endpoint_id: str
    epoch: int
    flying: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    is_prompt: bool | None = None
    rests_until: datetime | None = None

    def is_resting(self, real: datetime) -> bool:
        """Whether nothing is to begin just now."""
        return self.rests_until is not None and real < self.rests_until

    @property
    def room(self) -> int:
        """How many attempts more may begin."""
        return (WIDTH if self.is_prompt else 1) - len(self.flying)


@dataclass(eq=False, slots=True)
class Waiter:
    """Who waits until these deliveries of a project were attempted; without any named,
    until all that are due were."""

    posted: "Future[bool]" = field(default_factory=Future)
    left: set[str] = field(default_factory=set)
    is_of_all: bool = True

    @classmethod
    def of(cls, delivery_ids: Collection[str]) -> "Waiter":
        """One for these, or for all."""
        return cls(left=set(delivery_ids), is_of_all=not delivery_ids)

    def tell(self, *, is_posted: bool) -> None:
        """Say what came of it, unless nobody waits any more."""
        if self.posted.set_running_or_notify_cancel():
            self.posted.set_result(is_posted)


class Deliverer:
    """What the engine's loop has posted. All of it runs on that loop; `woken` has the
    loop come by again."""

    def __init__(self, ports: Ports, woken: Callable[[], None]) -> None:
        self._ports = ports
        self._woken = woken
        self._asked: dict[str, None] = {}
        self._dues: dict[str, datetime] = {}
        self._rests: dict[str, datetime] = {}
        self._lanes: dict[str, dict[str, Lane]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._crowded: dict[str, None] = {}
        self._waiters: dict[str, list[Waiter]] = {}
        self._is_stopping = False

    def wakings(self) -> list[datetime]:
        """The real instants at which something is due."""
        return [*self._dues.values(), *self._rests.values()]

    def ask(self, project_id: str, waiter: Waiter | None = None) -> None:
        """Have a project looked after at the next `begin_due`, once however often it is
        asked for: a thousand videos may end in one instant. The waiter is told."""
        self._asked[project_id] = None
        if waiter is not None:
            waiting = self._waiters.get(project_id, [])
            still = [one for one in waiting if not one.posted.cancelled()]
            self._waiters[project_id] = [*still, waiter]

    async def begin_due(self) -> None:
        """Look after every project for which the time has come; between two of them
        others have their turn."""
        real = self._ports.clock.now()
        for dues in (self._dues, self._rests):
            for project_id in [name for name, due in dues.items() if due <= real]:
                del dues[project_id]
                self.ask(project_id)
        asked, self._asked = self._asked, {}
        for project_id in asked:
            self._look(project_id)
            await self._ports.clock.sleep(0)

    def _look(self, project_id: str, lane: Lane | None = None) -> None:
        """Begin what is due in a project; in a lane alone, while that has more."""
        if self._is_stopping:
            return
        try:
            if lane is None or not self._is_refilled(lane):
                self._begin_in(project_id)
        except Exception as broken:  # a full disk, say: one project must not stop all
            self._ports.note("error", "deliver_broke", reason=repr(broken))
            self._rest(project_id, self._ports.clock.now() + PUT_OFF)

    def _begin_in(self, project_id: str) -> None:
        real = self._ports.clock.now()
        with self._ports.unit() as unit:
            project = unit.projects.get(project_id)
            if project is None:
                self._tell(project_id, (), is_over=True)
                return
            now = project.clock.now(real)
            due = unit.deliveries.due_endpoints(project_id, now)
            later = unit.deliveries.next_due(project_id, now)
        self._drop_older(project)
        self._put_due(project, later)
        for endpoint_id in due:
            self._fill(project, self._lane(project, endpoint_id), real)
        self._tell_due(project, now, is_over=not due)
        self._forget_idle(project_id)

    def _drop_older(self, project: Project) -> None:
        """What is under way in an earlier epoch was forgotten by a reset or a restore."""
        lanes = self._lanes.get(project.id, {})
        for lane in [one for one in lanes.values() if one.epoch != project.epoch]:
            del lanes[lane.endpoint_id]
            for task in lane.flying.values():
                task.cancel()

    def _lane(self, project: Project, endpoint_id: str) -> Lane:
        lanes = self._lanes.setdefault(project.id, {})
        if endpoint_id not in lanes:
            lanes[endpoint_id] = Lane(project.id, endpoint_id, project.epoch)
        return lanes[endpoint_id]

    def _forget_idle(self, project_id: str) -> None:
        """What an endpoint is like is remembered, but not of any number of them."""
        if project_id in self._crowded:
            return
        real, lanes = self._ports.clock.now(), self._lanes.pop(project_id, {})
        is_kept = max(len(self._lanes), len(lanes)) < MOST
        used = {
            name: one
            for name, one in lanes.items()
            if one.flying
            or one.is_resting(real)
            or (is_kept and one.is_prompt is not None)
        }
        if used:
            self._lanes[project_id] = used

    def _is_refilled(self, lane: Lane) -> bool:
        """Whether a lane has enough to do, or gets it: half of it empties first."""
        if lane is not self._lanes.get(lane.project_id, {}).get(lane.endpoint_id):
            return False
        if 2 * len(lane.flying) >= WIDTH:
            return True
        with self._ports.unit() as unit:
            project = unit.projects.get(lane.project_id)
        if project is None or project.epoch != lane.epoch:
            return False
        return self._fill(project, lane, self._ports.clock.now())

    def _fill(self, project: Project, lane: Lane, real: datetime) -> bool:
        """Begin as many attempts as a lane has room for, the longest due first; whether
        that was any."""
        if lane.rests_until is not None and lane.is_resting(real):
            self._rest(project.id, lane.rests_until)
        if lane.room <= 0 or lane.is_resting(real):
            return False
        now, most = project.clock.now(real), lane.room + len(lane.flying)
        with self._ports.unit() as unit:
            due = unit.deliveries.due(project.id, lane.endpoint_id, now, most)
        begun = len(lane.flying)
        for delivery_id in [one for one in due if one not in lane.flying][: lane.room]:
            if self._is_full(lane):
                self._crowded[project.id] = None
                break
            self._begin(lane, delivery_id)
        return len(lane.flying) > begun

    def _is_full(self, lane: Lane) -> bool:
        """Whether others are in the way: all, those of endpoints that do not answer in
        time, or those of other projects to the endpoint that all of them have."""
        if lane.endpoint_id == EVERYWHERE:
            lanes = [each.get(EVERYWHERE) for each in self._lanes.values()]
            if sum(len(one.flying) for one in lanes if one is not None) >= WIDTH:
                return True
        is_late = lane.is_prompt is False
        return len(self._tasks) >= (MOST - SPARED if is_late else MOST)

    def _begin(self, lane: Lane, delivery_id: str) -> None:
        task = asyncio.ensure_future(self._attempt(lane, delivery_id))
        lane.flying[delivery_id] = task
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._ended(lane, delivery_id))

    async def _attempt(self, lane: Lane, delivery_id: str) -> None:
        try:
            for letter in deliveries.letters(self._ports, lane.project_id, delivery_id):
                reply = await self._ports.outbound.post(letter)
                lane.is_prompt = reply.seconds < SLOW
                await self._write_down(letter, reply)
        except Exception as broken:  # it stays due, and is not to be tried in a circle
            self._ports.note("error", "attempt_broke", reason=repr(broken))
            lane.rests_until = self._ports.clock.now() + PUT_OFF

    async def _write_down(self, letter: Letter, reply: Reply) -> None:
        """What was posted is not posted again because a disk is full: it is written down
        later. Only a stop meanwhile has it posted again, by the next engine."""
        while True:
            try:
                deliveries.closed(self._ports, letter, reply)
            except Exception as broken:
                self._ports.note("error", "attempt_unwritten", reason=repr(broken))
                await self._ports.clock.sleep(PUT_OFF.total_seconds())
            else:
                return

    def _ended(self, lane: Lane, delivery_id: str) -> None:
        """An attempt is over: its lane has room, and perhaps all is done."""
        self._tasks.discard(lane.flying.pop(delivery_id))
        if self._is_stopping:
            return
        self._tell(lane.project_id, (delivery_id,))
        if self._crowded and not lane.is_prompt:  # others wait for their turn
            self._crowded.setdefault(lane.project_id)
        else:
            self._look(lane.project_id, lane)
        # Whoever got no room comes next; and all of them, if nobody is left to let them in.
        for first in [*self._crowded] if not self._tasks else [*self._crowded][:1]:
            del self._crowded[first]
            self._look(first)

    def _rest(self, project_id: str, until: datetime) -> None:
        self._rests[project_id] = min(until, self._rests.get(project_id, until))
        self._woken()

    def _put_due(self, project: Project, due: datetime | None) -> None:
        # Beyond LAST no clock goes: what is due there never is.
        is_ever = due is not None and due <= LAST
        real = project.clock.real_at(due) if due is not None and is_ever else None
        if real is None:
            self._dues.pop(project.id, None)
        elif real != self._dues.get(project.id):
            self._dues[project.id] = real
            self._woken()

    def _tell_due(self, project: Project, now: datetime, *, is_over: bool) -> None:
        """Tell those whose deliveries are neither due nor under way any more."""
        waiting = self._waiters.get(project.id)
        if not waiting:
            return
        lanes = self._lanes.get(project.id, {}).values()
        flying = {name for lane in lanes for name in lane.flying}
        named = {name for one in waiting for name in one.left} - flying
        with self._ports.unit() as unit:
            found = [unit.deliveries.get(project.id, name) for name in named]
        due = {one.id for one in found if one and one.due_at and one.due_at <= now}
        self._tell(project.id, named - due, is_over=is_over and not flying)

    def _tell(
        self, project_id: str, posted: Collection[str], *, is_over: bool = False
    ) -> None:
        """Tell those who waited for no more than these; of all of them if it is over."""
        left = []
        for one in self._waiters.pop(project_id, []):
            one.left.difference_update(posted)
            if is_over or not (one.left or one.is_of_all):
                one.tell(is_posted=True)
            else:
                left.append(one)
        if left:
            self._waiters[project_id] = left

    def disappoint(self) -> None:
        """Tell everybody that waits that it will not come."""
        waiting, self._waiters = self._waiters, {}
        for one in [each for project in waiting.values() for each in project]:
            one.tell(is_posted=False)

    async def stop(self) -> None:
        """Let what is under way end, for a while; nothing more begins."""
        self._is_stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self.disappoint()
        await self._ports.outbound.close()
