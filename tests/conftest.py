"""Fixtures that every room may use."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from fakes import HeldClock, PlainRenderer
from reelmock import Emulator
from reelmock.blobs.objects import ObjectBlobs
from reelmock.blobs.scratch import Scratch
from reelmock.domain.catalog import Catalog, Size
from reelmock.domain.clock import Clock
from reelmock.domain.job import Job
from reelmock.domain.plan import Pace
from reelmock.domain.project import Project
from reelmock.service.creates import CreateVideo, create
from reelmock.service.once import Once
from reelmock.service.ports import Ports
from reelmock.service.references import keep
from reelmock.store.database import Database
from reelmock.store.unit import Store

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""Multiplies the generated cases, for a long hunt by hand."""

# No deadline: a busy machine is no bug.
settings.register_profile("house", deadline=None, max_examples=100 * SCALE)
settings.load_profile("house")


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A server at pace instant, shared: a test that needs to be alone has its key."""
    with Emulator(pace="instant") as running:
        yield running


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


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world at noon, pace fast, with one project whose clock runs with real time."""
    clock, renderer = HeldClock(), PlainRenderer()
    database = Database(tmp_path / "reelmock.db")
    database.open()
    woken: list[Job] = []
    notes: list[tuple[str, dict[str, Any]]] = []
    ports = Ports(
        clock=clock,
        unit=Store(database).unit,
        blobs=ObjectBlobs.in_folder(tmp_path / "blobs"),
        scratch=Scratch(tmp_path / "scratch"),
        once=Once(),
        renderer=renderer,
        wake=woken.append,
        note=lambda _level, action, **facts: notes.append((action, facts)),
        seed="seed",
        secret=b"secret",
        pace=Pace.FAST,
        speed=1.0,
        catalog=Catalog(),
        limits=None,
        conformance=False,
    )
    project = Project("proj_a", Clock.started(clock.now()))
    yield World(ports, clock, renderer, project, woken, notes)
    database.close()
