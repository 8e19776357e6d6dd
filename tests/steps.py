"""What tests of time do in a world: create in a project's own time, look, and hold renders
back until they say so."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from fakes import NOON
from reelmock.domain.catalog import Size
from reelmock.domain.clock import LAST
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.outlook import NOTHING, Outlook
from reelmock.domain.plan import Pace
from reelmock.domain.timeline import Standing, standing
from reelmock.engine.render import render
from reelmock.service import clocks, files, steering
from reelmock.service.clocks import Advanced
from reelmock.service.creates import CreateVideo, create
from reelmock.service.files import CreateFile
from reelmock.service.ports import Ports, Wait

PATIENT = 20.0
"""Real seconds that no test waits for another thread."""


HOUR = timedelta(hours=1)


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def freeze(
    world: Any, instant: datetime | None = None, *, ports: Ports | None = None
) -> Advanced:
    return clocks.freeze(ports or world.ports, "proj_a", instant)


def advance(world: Any, seconds: float, *, ports: Ports | None = None) -> Advanced:
    return clocks.advance(ports or world.ports, "proj_a", timedelta(seconds=seconds))


def told(done: Advanced) -> list[tuple[datetime, str, str]]:
    """When what happened to which video."""
    return [(one.at, one.what.partition(".")[2], one.id) for one in done.happened]


def keys(world: Any) -> list[str]:
    """The keys of all bytes there are."""
    return sorted(world.ports.blobs.written_before(LAST))


def now(world: Any, project_id: str = "proj_a") -> datetime:
    """The project's time."""
    real = world.clock.now()
    with world.ports.unit() as unit:
        return clocks.current(world.ports, unit, project_id, real).clock.now(real)


def made(
    world: Any, outlook: Outlook = NOTHING, *, pace: Pace = Pace.FAST,
    project_id: str = "proj_a", model: str = "sora-2", seconds: int = 4,
) -> Job:  # fmt: skip
    """A create as a face makes it, in the project's time."""
    ports, real = replace(world.ports, pace=pace), world.clock.now()
    command = CreateVideo("a kite", model, seconds, Size(720, 1280))
    with ports.unit() as unit:
        project = clocks.current(ports, unit, project_id, real)
        return create(ports, unit, project.clock.now(real), project, command, outlook)


def rendered(world: Any, outlook: Outlook = NOTHING, **more: Any) -> Job:
    """The same with its files."""
    job = made(world, outlook, **more)
    render(world.ports, job.project_id, job.id)
    return job


def stored(world: Any, job: Job) -> Job:
    """What has become of a job."""
    with world.ports.unit() as unit:
        found = unit.jobs.held(job.project_id, job.id)
    assert found is not None
    return found


def stands(world: Any, job: Job) -> Standing:
    """Where a job stands now."""
    return standing(stored(world, job), now(world, job.project_id))


def poll(world: Any, job: Job) -> tuple[str, int]:
    """What one poll is answered with."""
    real = world.clock.now()
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, "proj_a", real)
        polled = steering.count_poll(world.ports, unit, now(world), project, job)
    where = standing(polled, now(world))
    return where.status.value, where.progress


def upload(
    world: Any, seconds: int | None = None, *, project_id: str = "proj_a"
) -> File:
    """A file that stays so many seconds."""
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, project_id, world.clock.now())
    sent = CreateFile(b"bytes", "a.txt", "text/plain", "user_data", seconds)
    kept = files.upload(world.ports, now(world, project_id), project, sent)
    with world.ports.unit() as unit:
        unit.files.add(project_id, kept)
    return kept


@dataclass
class Held:
    """Renders that are waited for are made when the gate opens; `meanwhile` is done
    before."""

    world: Any
    meanwhile: Callable[[], object] = field(default=lambda: None)
    gate: Event = field(default_factory=Event)
    waited: Event = field(default_factory=Event)

    def hasten(self, job: Job) -> Wait:
        def wait(seconds: float) -> bool:
            self.waited.set()
            self.meanwhile()
            assert self.gate.wait(PATIENT)
            render(self.world.ports, job.project_id, job.id)
            return True

        return wait

    @property
    def ports(self) -> Ports:
        """The world's ports, but for what waits for renders."""
        return replace(self.world.ports, hasten=self.hasten)


def impatient(world: Any, asked: list[float] | None = None) -> Ports:
    """Ports whose renders are never in time: who waits for one, waits in vain."""

    def wait(seconds: float) -> bool:
        if asked is not None:
            asked.append(seconds)
        world.clock.pass_by(seconds)
        return False

    return replace(world.ports, hasten=lambda _: wait)
