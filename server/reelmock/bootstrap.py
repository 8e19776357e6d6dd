"""The only place that names concrete adapters: settings in, a whole house out."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from reelmock.api.app import create_app as create_api
from reelmock.api.dialects import DIALECTS
from reelmock.api.options import Options
from reelmock.blobs.archive import ZipArchives
from reelmock.blobs.bounded import BoundedBlobs
from reelmock.blobs.objects import ObjectBlobs
from reelmock.blobs.scratch import Scratch
from reelmock.clock.bell import Bell
from reelmock.clock.system import SystemClock
from reelmock.domain.catalog import MILLION, Catalog
from reelmock.domain.errors import StorageFull
from reelmock.domain.errors.control import Misuse, ScenarioInvalid
from reelmock.domain.ids import ONE_PROJECT
from reelmock.domain.job import Job
from reelmock.domain.plan import Pace
from reelmock.domain.project import Project
from reelmock.domain.signature import drawn_secret
from reelmock.domain.target import Targets
from reelmock.domain.terms import Level
from reelmock.engine.loop import Change, Engine
from reelmock.facing import Later, by_prefix
from reelmock.log import create_note
from reelmock.media.renderer import FfmpegRenderer
from reelmock.outbound.poster import Poster
from reelmock.scenarios.grammar import YamlGrammar
from reelmock.service import scenarios
from reelmock.service.beginnings import Beginnings
from reelmock.service.changes import Changes
from reelmock.service.clocks import set_speed
from reelmock.service.evictions import make_room
from reelmock.service.feed import Feed
from reelmock.service.journal import Journal
from reelmock.service.limits import RateLimits
from reelmock.service.loads import load
from reelmock.service.meters import Meters
from reelmock.service.once import Once
from reelmock.service.ports import Ports, Wait
from reelmock.service.room import Room
from reelmock.service.scripts import Scripts
from reelmock.service.skies import Skies
from reelmock.service.snapshots import write_snapshot
from reelmock.service.terms import TermsBook
from reelmock.service.webhook_ports import Deliver
from reelmock.serving import App
from reelmock.settings import BadSettings, Settings
from reelmock.store.database import Database
from reelmock.store.folder import Folder
from reelmock.store.unit import Store

DATA = Path(".reelmock")


class SaveFailed(Exception):
    """The snapshot of --save-on-exit could not be written; says where and why."""


@dataclass(frozen=True)
class House:
    """Everything of one server that is not its sockets."""

    ports: Ports
    engine: Engine
    app: App
    folder: Folder
    database: Database
    save_on_exit: Path | None

    def save(self) -> None:
        """Write the snapshot that the settings want; raises SaveFailed."""
        if self.save_on_exit is None:
            return
        try:
            write_snapshot(self.ports, None, self.save_on_exit)
        except (OSError, Misuse) as wrong:
            raise SaveFailed(
                f"the snapshot {self.save_on_exit} was not written: {wrong}"
            ) from wrong

    def close(self) -> None:
        """Leave the database clean and the directory to the next."""
        self.database.close()
        self.folder.release()


def build(settings: Settings, *, is_loopback_only: bool) -> House:
    """A house of these settings; what it listens on decides which hosts it answers to.

    Raises FolderTaken, FolderForeign, SchemaTooNew, DataUnusable, or BadSettings for a
    file to load that is not there or cannot be.
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
    grammar = YamlGrammar(settings.media)
    changes: Changes = Feed()
    scripts = _scripts(settings, grammar, changes)
    database = Database(folder.database)
    database.open()
    bell: Bell[Change] = Bell()

    clock = SystemClock()
    ports = _ports(
        settings, folder.path, database, scripts, grammar,
        wake=bell.ring,
        hasten=lambda job: engine.hasten(job),
        deliver=lambda project_id, *names: engine.deliver(project_id, *names),
        clock=clock,
        targets=_targets(settings, is_loopback_only),
        changes=changes,
    )  # fmt: skip
    engine: Engine = Engine(ports, bell, settings.render_workers)
    try:
        _follow_settings(ports, database, settings.speed)
        _load(ports, settings)
    except BaseException:
        database.close()
        raise
    faces = _faces(settings, ports, engine, is_loopback_only)
    return House(ports, engine, faces, folder, database, settings.save_on_exit)


def _ports(
    settings: Settings, path: Path, database: Database, scripts: Scripts,
    grammar: YamlGrammar, *, wake: Callable[[Change], None],
    hasten: Callable[[Job], Wait], deliver: Deliver, clock: SystemClock,
    targets: Targets, changes: Changes,
) -> Ports:  # fmt: skip
    secret = bytes.fromhex(database.secret("content", secrets.token_hex(32)))
    note = create_note(settings.log_level, settings.log_format)
    store = Store(database, changes)
    catalog = Catalog(table.model(name) for name, table in settings.models.items())
    stored, room = ObjectBlobs.in_folder(path / "blobs"), Room(settings.max_data)
    ports = Ports(
        clock=clock,
        unit=store.unit,
        blobs=BoundedBlobs(stored, room, lambda size: make_room(ports, size)),
        room=room,
        scratch=Scratch(path / "scratch"),
        once=Once(),
        renderer=_renderer(settings, path / "scratch", catalog, note),
        wake=wake,
        hasten=hasten,
        deliver=deliver,
        outbound=Poster(targets, clock.perf),
        targets=targets,
        everywhere=_everywhere(settings, secret),
        began=clock.now(),
        skies=Skies(changes),
        terms=TermsBook(changes),
        feed=Feed(_last_place(store)),
        changes=changes,
        note=note,
        seed=scripts.seed,
        secret=secret,
        pace=Pace(settings.pace),
        catalog=catalog,
        limits=_limits(settings.rate_limit),
        conformance=settings.conformance,
        beginnings=Beginnings(
            settings.speed,
            None if settings.budget is None else round(settings.budget * MILLION),
        ),
        scripts=scripts,
        grammar=grammar,
        is_magic=settings.magic,
        journal=Journal(is_on=settings.journal, changes=changes),
        meters=Meters(),
        archives=ZipArchives(),
    )
    return ports


def _last_place(store: Store) -> int:
    """The place of the newest event that an earlier server left."""
    with store.unit() as unit:
        return unit.events.last_place(None)


def _renderer(
    settings: Settings, folder: Path, catalog: Catalog, note: Callable[..., None]
) -> FfmpegRenderer:
    try:
        return FfmpegRenderer(
            folder,
            cache=lambda: settings.cache_folder,
            sizes=catalog.sizes,
            is_silent=settings.silent,
            media=settings.media,
            note=note,
        )
    except ValueError as wrong:
        raise BadSettings(f"media: {wrong}") from None


def _targets(settings: Settings, is_loopback_only: bool) -> Targets:
    """Whoever starts a server may name any target."""
    allowed = frozenset(settings.allow_webhook_host)
    return Targets(is_loopback_only, allowed, own=settings.webhook)


def _everywhere(settings: Settings, secret: bytes) -> tuple[str, str] | None:
    if settings.webhook is None:
        return None
    return settings.webhook, settings.webhook_secret or drawn_secret(secret)


def _scripts(settings: Settings, grammar: YamlGrammar, changes: Changes) -> Scripts:
    read = [grammar.load(name)[0] for name in settings.scenario]
    names = [scenario.name for scenario in read]
    for name in names:
        if names.count(name) > 1:
            raise ScenarioInvalid(
                where="--scenario",
                problem=f"there are two scenarios named {name!r}",
                hint="Give one of the files another name.",
            )
    return Scripts(settings.seed or secrets.token_hex(16), read, changes)


def _follow_settings(ports: Ports, database: Database, speed: float) -> None:
    """What an earlier server left, as this one's settings have it."""
    before = float(database.exchange("speed", str(speed)) or speed)
    with ports.unit() as unit:
        projects = unit.projects.every()
    for project in projects:
        if before != speed and project.clock.speed == before:
            set_speed(ports, project.id, speed)
        _follow_scenarios(ports, project)


def _follow_scenarios(ports: Ports, project: Project) -> None:
    """One that cannot be read any more, for its media are gone, is told of and not
    followed: the server starts all the same."""
    if project.scenarios is None:
        return
    try:
        ports.scripts.set_own(project.id, scenarios.read(ports, project.scenarios))
    except Misuse as wrong:
        ports.note(
            "warning", "scenario_unread", project=project.id, reason=wrong.message
        )


def _load(ports: Ports, settings: Settings) -> None:
    """Begin with what the settings name; what will be saved there can still be missing."""
    source, target = settings.load, settings.save_on_exit
    if target is not None and not target.absolute().parent.is_dir():
        raise BadSettings(f"save-on-exit: there is no folder {target.parent}")
    if source is None or (source == target and not source.exists()):
        return
    try:
        # What lies there is known before anything is put: nothing goes for what is refused.
        ports.blobs.count()
        load(ports, source, ONE_PROJECT if settings.one_project else None)
    except FileNotFoundError:
        raise BadSettings(
            f"load: there is no {source}; named by save-on-exit too, it may be missing"
        ) from None
    except (OSError, ValueError, Misuse, StorageFull) as wrong:
        raise BadSettings(f"load: {source}: {wrong}") from None


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

    def control() -> App:
        # Imported with the first call of it: most servers are never asked.
        from reelmock.control.app import create_app as create_control

        return create_control(
            ports,
            version=version("reelmock"),
            is_alive=lambda: engine.is_alive,
            waiting=lambda: engine.waiting,
            one_project=ONE_PROJECT if settings.one_project else None,
            admin_token=settings.admin_token,
            is_loopback_only=is_loopback_only,
            allowed_hosts=hosts,
        )

    def dashboard() -> App:
        from reelmock.dashboard.app import create_app as create_dashboard

        return create_dashboard(
            ports,
            api=api,
            version=version("reelmock"),
            one_project=ONE_PROJECT if settings.one_project else None,
            admin_token=settings.admin_token,
            is_loopback_only=is_loopback_only,
            allowed_hosts=hosts,
        )

    return by_prefix(api, Later(control), Later(dashboard))
