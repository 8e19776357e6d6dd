"""The only place that names concrete adapters: settings in, a whole house out."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reelmock.api.app import create_app as create_api
from reelmock.api.dialects import DIALECTS
from reelmock.api.options import Options
from reelmock.api.rules import Level
from reelmock.blobs.objects import ObjectBlobs
from reelmock.blobs.scratch import Scratch
from reelmock.clock.bell import Bell
from reelmock.clock.system import SystemClock
from reelmock.control.app import PREFIX
from reelmock.control.app import create_app as create_control
from reelmock.domain.catalog import Catalog
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.plan import Pace
from reelmock.engine.loop import Engine
from reelmock.log import create_note
from reelmock.media.renderer import FfmpegRenderer
from reelmock.service.limits import RateLimits
from reelmock.service.once import Once
from reelmock.service.ports import Ports
from reelmock.settings import Settings
from reelmock.store.database import Database
from reelmock.store.folder import Folder
from reelmock.store.unit import Store

DATA = Path(".reelmock")

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[..., Any], Callable[..., Any]], Awaitable[None]]


@dataclass(frozen=True)
class House:
    """Everything of one server that is not its sockets."""

    ports: Ports
    engine: Engine
    app: App
    folder: Folder
    database: Database

    def close(self) -> None:
        """Leave the database clean and the directory to the next."""
        self.database.close()
        self.folder.release()


def build(settings: Settings, *, is_loopback_only: bool) -> House:
    """A house of these settings; what it listens on decides which hosts it answers to.

    Raises FolderTaken, FolderForeign, SchemaTooNew or DataUnusable.
    """
    folder = _folder(settings)
    try:
        return _furnish(settings, folder, is_loopback_only)
    except BaseException:
        folder.release()
        raise


def _folder(settings: Settings) -> Folder:
    if settings.ephemeral:
        return Folder.temporary()
    return Folder.at(settings.data or DATA)


def _furnish(settings: Settings, folder: Folder, is_loopback_only: bool) -> House:
    database = Database(folder.database)
    database.open()
    bell: Bell[Job | File] = Bell()
    ports = _ports(settings, folder.path, database, bell)
    engine = Engine(ports, bell, settings.render_workers)
    faces = _faces(settings, ports, engine, is_loopback_only)
    return House(ports, engine, faces, folder, database)


def _ports(
    settings: Settings, path: Path, database: Database, bell: Bell[Job | File]
) -> Ports:
    return Ports(
        clock=SystemClock(),
        unit=Store(database).unit,
        blobs=ObjectBlobs.in_folder(path / "blobs"),
        scratch=Scratch(path / "scratch"),
        once=Once(),
        renderer=FfmpegRenderer(path / "scratch"),
        wake=bell.ring,
        note=create_note(settings.log_level, settings.log_format),
        seed=settings.seed or secrets.token_hex(16),
        secret=bytes.fromhex(database.secret("content", secrets.token_hex(32))),
        pace=Pace(settings.pace),
        speed=settings.speed,
        catalog=Catalog(table.model(name) for name, table in settings.models.items()),
        limits=_limits(settings.rate_limit),
        conformance=settings.conformance,
    )


def _limits(rate_limit: str) -> RateLimits | None:
    """Off; the catalogue's figures of a tier; or one number for every model."""
    if rate_limit == "off":
        return None
    if rate_limit.isdecimal():
        return RateLimits(lambda _: int(rate_limit))
    tier = int(rate_limit.partition("-")[2] or 1)
    return RateLimits(lambda model: _of_tier(model.requests_per_minute, tier))


def _of_tier(figures: tuple[int, ...], tier: int) -> int:
    """A user's own model has one figure for every tier."""
    return figures[min(tier, len(figures)) - 1]


def _faces(
    settings: Settings, ports: Ports, engine: Engine, is_loopback_only: bool
) -> App:
    hosts = frozenset(settings.allow_host)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (broken := task.exception()) is not None:
            ports.note("error", "engine_ended", reason=repr(broken))

    @asynccontextmanager
    async def working(_app: object) -> AsyncIterator[None]:
        task = asyncio.create_task(engine.run())
        task.add_done_callback(ended)
        yield
        engine.stop()
        await asyncio.wait([task])

    options = Options(
        dialect=DIALECTS[settings.spoken],
        level=Level(settings.contract),
        enforced=frozenset(settings.enforce),
        required_keys=frozenset(settings.require_key),
        one_project=settings.one_project,
        allowed_hosts=hosts if is_loopback_only else None,
        public_url=settings.public_url,
        max_upload=settings.max_upload,
        workers=settings.render_workers,
    )
    api = create_api(ports, options, version=version("reelmock"), lifespan=working)
    control = create_control(
        version=version("reelmock"),
        is_alive=lambda: engine.is_alive,
        is_loopback_only=is_loopback_only,
        allowed_hosts=hosts,
    )
    return _by_prefix(api, control)


def _by_prefix(api: App, control: App) -> App:
    async def faces(
        scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        path = scope.get("path", "")
        is_control = path == PREFIX or path.startswith(PREFIX + "/")
        await (control if is_control else api)(scope, receive, send)

    return faces
