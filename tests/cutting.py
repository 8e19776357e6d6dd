"""Videos in a world for tests of the page that shows one."""

from typing import Any

from boards import HOME
from desks import OURS
from reelmock.domain.catalog import Size
from reelmock.domain.job import Job
from reelmock.engine.render import render
from reelmock.service import clocks, steering
from reelmock.service.creates import CreateVideo, create

PROMPT = "A kite <b>over</b> the sea & 'so on'"


def made(world: Any, prompt: str = PROMPT, **parts: Any) -> Job:
    """A new video of the project that the pages are about."""
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        now = project.clock.now(world.clock.now())
        command = CreateVideo(prompt, "sora-2", 4, Size(720, 1280), **parts)
        return create(world.ports, unit, now, project, command)


def completed(world: Any, **parts: Any) -> Job:
    """One that has its bytes."""
    job = made(world, **parts)
    render(world.ports, OURS, job.id)
    steering.complete(world.ports, OURS, job.id)
    return job


def url(job: Job, verb: str = "") -> str:
    """Where its page is, or what is done to it there."""
    return f"{HOME}/videos/{job.id}{verb and '/'}{verb}"
