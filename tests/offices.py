"""A deliverer by itself, in a world: its posts are held back until a test lets them go."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from anyio.lowlevel import checkpoint

from reelmock.domain.webhook import DeliveryStatus, Letter, Reply
from reelmock.engine.deliver import Deliverer, Waiter
from reelmock.service.ports import Ports
from sendings import stored

URL = "http://127.0.0.1:9/hooks"


@dataclass
class HeldPosts:
    """Posts that wait for their answers."""

    waiting: dict[str, asyncio.Future[Reply]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    most: int = 0

    async def post(self, letter: Letter) -> Reply:
        name = letter.delivery.id
        self.begun.append(name)
        self.waiting[name] = asyncio.get_running_loop().create_future()
        self.most = max(self.most, len(self.waiting))
        try:
            return await self.waiting[name]
        finally:
            del self.waiting[name]

    async def close(self) -> None:
        """Nothing to let go of."""


class Office:
    """A deliverer in a world."""

    def __init__(self, world: Any, **more: Any) -> None:
        self.world, self.posts = world, HeldPosts()
        self.ports: Ports = replace(world.ports, outbound=self.posts, **more)
        self.wakes = 0
        self.deliverer = Deliverer(self.ports, self._woken)

    def _woken(self) -> None:
        self.wakes += 1

    async def look(self, project_id: str = "proj_a") -> None:
        """What the engine's loop does when it hears of a project."""
        self.deliverer.ask(project_id)
        await self.turn()

    async def turn(self) -> None:
        """What it does when it is woken; then everything that can go on goes on."""
        await self.deliverer.begin_due()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await checkpoint()

    async def answer(
        self, *names: str, status: int = 200, seconds: float = 0.1
    ) -> None:
        for name in names:
            self.posts.waiting[name].set_result(Reply(status, seconds=seconds))
        await self.settle()

    async def waits(self, *names: str) -> Waiter:
        """Somebody who waits for these deliveries, or for all."""
        waiter = Waiter.of(names)
        self.deliverer.ask("proj_a", waiter)
        await self.turn()
        return waiter

    def status(self, name: str) -> DeliveryStatus:
        return stored(self.ports, name).status

    async def leave(self) -> None:
        """Let go of everything."""
        self.deliverer._is_stopping = True
        for one in [*self.posts.waiting.values()]:
            one.cancel()
        await self.settle()
