"""Whatever becomes of the clocks, the endpoints and the projects while webhooks are on their
way: everything is attempted, and everybody who waits is told."""

import os
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from offices import URL, Office
from reelmock.domain.webhook import DeliveryStatus
from reelmock.engine.deliver import WIDTH, Waiter
from reelmock.service import clocks, deliveries
from reelmock.service.resets import reset
from sendings import endpoint, stored, tell

pytestmark = [pytest.mark.judge, pytest.mark.anyio]

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""How many times 25 hunts; a long one by hand sets it higher."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def office(world: Any, anyio_backend: str) -> AsyncIterator[Office]:
    made = Office(world)
    yield made
    await made.leave()


class Chaos:
    """Does one thing after another to two projects, and looks each time."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.ports = office, office.ports
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.told: list[tuple[str, str]] = []
        self.waiters: list[Waiter] = []
        for project_id in ("proj_a", "proj_b"):
            for name in "xyz":
                endpoint(self.ports, f"{URL}/{name}", project_id)

    async def act(self) -> None:
        acts = [self.tell] * 2 + [self.answer] * 6 + [self.wait, self.pass_by]
        acts += [self.move_clock, self.redeliver]
        acts += [self.reset] if self.chance.random() < 0.1 else []
        project_id = self.chance.choice(["proj_a", "proj_b"])
        await self.chance.choice(acts)(project_id)
        await self.office.turn()
        self.look()

    async def tell(self, project_id: str) -> None:
        made = tell(self.ports, self.chance.randint(1, 12), project_id)
        self.told += [(project_id, one) for one in made]
        self.office.deliverer.ask(project_id)

    async def answer(self, _: str) -> None:
        waiting = [*self.office.posts.waiting]
        chosen = self.chance.sample(waiting, min(len(waiting), 6))
        status = self.chance.choice([200, 200, 500])
        seconds = self.chance.choice([0.1, 0.1, 10])
        await self.office.answer(*chosen, status=status, seconds=seconds)

    async def wait(self, project_id: str) -> None:
        waiter = Waiter.of([one for home, one in self.told if home == project_id][-1:])
        self.waiters.append(waiter)
        self.office.deliverer.ask(project_id, waiter)
        if self.chance.random() < 0.2:
            waiter.posted.cancel()

    async def pass_by(self, _: str) -> None:
        self.office.world.clock.pass_by(self.chance.choice([0.1, 5, 60, 4000]))

    async def move_clock(self, project_id: str) -> None:
        verbs = [
            lambda: clocks.resume(self.ports, project_id),
            lambda: clocks.set_speed(self.ports, project_id, 10),
            lambda: clocks.change_clock(
                self.ports, project_id, lambda one: one.moved(timedelta(seconds=40)),
                self.office.world.clock.now(),
            ),
            lambda: clocks.change_clock(
                self.ports, project_id,
                lambda one: one.frozen_at(one.now(real), real),
                real := self.office.world.clock.now(),
            ),
        ]  # fmt: skip
        self.chance.choice(verbs)()
        self.office.deliverer.ask(project_id)

    async def redeliver(self, project_id: str) -> None:
        own = [one for home, one in self.told if home == project_id]
        if own:
            deliveries.redeliver(self.ports, project_id, self.chance.choice(own))
            self.office.deliverer.ask(project_id)

    async def reset(self, project_id: str) -> None:
        reset(self.ports, project_id, keep=["webhooks", "clock"])
        self.told = [one for one in self.told if one[0] != project_id]
        self.office.deliverer.ask(project_id)

    def look(self) -> None:
        """Nothing is under way twice, too often, or against its instant."""
        flying = [
            name
            for lanes in self.office.deliverer._lanes.values()
            for lane in lanes.values()
            for name in lane.flying
        ]
        assert sorted(flying) == sorted(self.office.posts.waiting)
        assert len(flying) == len(self.office.deliverer._tasks)
        assert max(
            (len(lane.flying) for lanes in self.office.deliverer._lanes.values()
             for lane in lanes.values()), default=0,
        ) <= WIDTH  # fmt: skip

    async def end(self) -> None:
        """Everything is answered well until nothing is due: then all has arrived."""
        for project_id in ("proj_a", "proj_b"):
            clocks.resume(self.ports, project_id)
            self.office.deliverer.ask(project_id)
        for _ in range(40):
            await self.office.turn()
            while self.office.posts.waiting:
                await self.office.answer(*self.office.posts.waiting)
            self.office.world.clock.pass_by(8 * 3600)
        self.look()


@pytest.mark.parametrize("seed", range(25 * SCALE))
async def test_whatever_happens_everything_is_attempted_and_everybody_told(
    office: Office, seed: int
) -> None:
    chaos = Chaos(office, seed)
    for _ in range(60):
        await chaos.act()
    await chaos.end()

    left = [stored(office.ports, one, home) for home, one in chaos.told]
    assert {DeliveryStatus.DELIVERED, DeliveryStatus.EXHAUSTED} >= {
        one.status for one in left
    }
    assert all(one.attempts > 0 for one in left)
    assert all(one.posted.done() for one in chaos.waiters)
    assert {} == office.deliverer._waiters
    told = {action for action, _ in office.world.notes}
    assert set() == told - {"webhook_delivered", "webhook_failed"}
