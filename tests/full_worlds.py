"""Worlds with room for few bytes, and what is looked at in them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from reelmock.clock.bell import Bell
from reelmock.domain.timeline import standing
from reelmock.engine.loop import Engine
from reelmock.engine.render import render
from reelmock.service import files
from reelmock.service.files import CreateFile
from worlds import World

LATER = datetime(2100, 1, 1, tzinfo=UTC)
CLIP = 54
"""Bytes of a clip that the plain renderer makes: its id."""
LITTLE = 20
"""Less than a clip, and more than what an eviction frees beyond what is asked for."""

Open = Callable[..., World]


def completed(world: World, **parts: Any) -> Any:
    job = world.create(**parts)
    render(world.ports, job.project_id, job.id)
    world.clock.pass_by(3)
    return job


def stored(world: World, job: Any) -> Any:
    with world.ports.unit() as unit:
        return unit.jobs.get(job.project_id, job.id)


def where(world: World, job: Any) -> Any:
    return standing(stored(world, job), world.now)


def uploaded(world: World, content: bytes, seconds: int | None = None) -> Any:
    sent = CreateFile(content, "a", "text/plain", "user_data", seconds)
    file = files.upload(world.ports, world.now, world.project, sent)
    with world.ports.unit() as unit:
        assert files.add(world.ports, unit, world.project, file)
    return file


def told(world: World) -> list[tuple[str, str]]:
    noted = [facts for action, facts in world.notes if action == "evicted"]
    return [(facts["video"], facts["variant"]) for facts in noted]


def on_disk(world: World) -> int:
    keys = world.ports.blobs.written_before(LATER)
    return sum(len(world.bytes_of(key)) for key in keys)


async def run_engine(world: World, is_done: Callable[[], bool]) -> None:
    """Run an engine of this world until that is so."""
    engine = Engine(world.ports, Bell[Any](), workers=1)
    running = asyncio.ensure_future(engine.run())
    while not is_done():
        await asyncio.wait([running], timeout=0.01)
    engine.stop()
    await running
