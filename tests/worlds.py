"""Worlds: a whole house in a folder, but for its faces and its loop."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from fakes import HeldClock, PlainOutbound, PlainRenderer
from reelmock.blobs.archive import ZipArchives
from reelmock.blobs.bounded import BoundedBlobs
from reelmock.blobs.objects import ObjectBlobs
from reelmock.blobs.scratch import Scratch
from reelmock.domain.catalog import Catalog, Size
from reelmock.domain.clock import Clock
from reelmock.domain.job import Job
from reelmock.domain.plan import Pace
from reelmock.domain.project import Project
from reelmock.domain.target import Targets
from reelmock.engine.render import render
from reelmock.scenarios.grammar import YamlGrammar
from reelmock.service.beginnings import Beginnings
from reelmock.service.changes import Changes
from reelmock.service.creates import CreateVideo, create
from reelmock.service.deliveries import closed, letters
from reelmock.service.evictions import make_room
from reelmock.service.feed import Feed
from reelmock.service.journal import Journal
from reelmock.service.meters import Meters
from reelmock.service.once import Once
from reelmock.service.ports import Ports
from reelmock.service.references import keep
from reelmock.service.room import Room
from reelmock.service.scripts import Scripts
from reelmock.service.skies import Skies
from reelmock.service.terms import TermsBook
from reelmock.store.database import Database
from reelmock.store.unit import Store


@dataclass
class World:
    """A house without faces and loop: real store and blobs, held time, plain renders."""

    ports: Ports
    clock: HeldClock
    renderer: PlainRenderer
    project: Project
    woken: list[Job] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def now(self) -> Any:
        return self.project.clock.now(self.clock.now())

    def bytes_of(self, key: str) -> bytes:
        return b"".join(self.ports.blobs.stream(key, 0, 2**30))

    def create(self, prompt: str = "a kite", **parts: Any) -> Job:
        picture = parts.pop("picture", None)
        if picture is not None:
            parts["reference"] = keep(self.ports, self.project, picture)
        command = CreateVideo(prompt, "sora-2", 4, Size(720, 1280), **parts)
        with self.ports.unit() as unit:
            return create(self.ports, unit, self.now, self.project, command)


def _rendered(ports: Ports, job: Job, _seconds: float) -> bool:
    """Renders where it is waited for: this world has no loop."""
    render(ports, job.project_id, job.id)
    return True


def _posted(ports: Ports, project_id: str, _seconds: float) -> bool:
    """Posts where it is waited for."""
    outbound = cast(PlainOutbound, ports.outbound)
    with ports.unit() as unit:
        project = unit.projects.get(project_id)
        now = project.clock.now(ports.clock.now()) if project else None
        endpoints = unit.deliveries.due_endpoints(project_id, now) if now else []
        due = [
            one
            for name in endpoints
            for one in unit.deliveries.due(project_id, name, now, 1000)
        ]
    for one in due:
        for letter in letters(ports, project_id, one):
            closed(ports, letter, outbound.answer(letter))
    return not due or _posted(ports, project_id, _seconds)


@cache
def _unused() -> bytes:
    """A database that was just made: to copy it is a fraction of what making it is."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "reelmock.db")
        database.open()
        database.close()
        return database.path.read_bytes()


@contextmanager
def opened(
    folder: Path, clock: HeldClock | None = None,
    renderer: PlainRenderer | None = None, *, most: int | None = None,
) -> Iterator[World]:  # fmt: skip
    """A world on a folder of at most so many bytes, at noon unless there is a clock, pace fast, with one project
    whose clock runs with real time."""
    clock, renderer = clock or HeldClock(), renderer or PlainRenderer()
    database = Database(folder / "reelmock.db")
    if not database.path.exists():
        database.path.write_bytes(_unused())
    database.open()
    woken: list[Job] = []
    changes: Changes = Feed()
    notes: list[tuple[str, dict[str, Any]]] = []
    stored, room = ObjectBlobs.in_folder(folder / "blobs"), Room(most)
    ports = Ports(
        clock=clock,
        unit=Store(database, changes).unit,
        blobs=BoundedBlobs(stored, room, lambda size: make_room(ports, size)),
        room=room,
        scratch=Scratch(folder / "scratch"),
        once=Once(),
        renderer=renderer,
        wake=woken.append,
        note=lambda _level, action, **facts: notes.append((action, facts)),
        seed="seed",
        secret=b"secret",
        pace=Pace.FAST,
        catalog=Catalog(),
        limits=None,
        conformance=False,
        hasten=lambda job: partial(_rendered, ports, job),
        deliver=lambda project_id, *_: partial(_posted, ports, project_id),
        outbound=PlainOutbound(),
        targets=Targets(is_free=True),
        everywhere=None,
        began=clock.now(),
        skies=Skies(changes),
        terms=TermsBook(changes),
        feed=Feed(),
        changes=changes,
        beginnings=Beginnings(1.0),
        scripts=Scripts("seed", changes=changes),
        grammar=YamlGrammar(None),
        is_magic=True,
        journal=Journal(changes=changes),
        meters=Meters(),
        archives=ZipArchives(),
    )
    project = Project("proj_a", Clock.started(clock.now()))
    try:
        yield World(ports, clock, renderer, project, woken, notes)
    finally:
        database.close()
