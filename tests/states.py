"""A project with something of everything, and what can be seen of a project's state."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.domain.scenario import Match, Rule, Subject
from reelmock.engine.render import render
from reelmock.service import files, scenarios, spending, videos
from reelmock.service.characters import create_character
from reelmock.service.clocks import current
from reelmock.service.files import CreateFile
from reelmock.service.restores import Restored, restore
from reelmock.service.snapshots import write_snapshot

SLOW = "rules:\n- name: slow\n  plan: {queue: 60}\n"
"""A scenario file."""


def furnish(world: Any) -> dict[str, str]:
    """Give the world's project something of everything; the ids by name."""
    done = world.create("done", picture=b"picture")
    render(world.ports, world.project.id, done.id)
    world.clock.pass_by(5)
    gone = world.create("gone")
    removed = world.create("removed")
    render(world.ports, world.project.id, removed.id)
    world.clock.pass_by(5)
    with world.ports.unit() as unit:
        where = (world.ports, unit, world.now, world.project)
        keys = videos.delete(*where, removed.id)
        hero = create_character(*where, "Hero")
    world.ports.blobs.remove(keys)
    scenarios.hold(world.ports, world.project.id, SLOW)
    spending.set_budget(world.ports, world.project.id, 90_000_000)
    sent = uploaded(world, b"notes")
    return {
        "done": done.id, "waiting": gone.id, "removed": removed.id, "hero": hero.id,
        "file": sent.id,
    }  # fmt: skip


def uploaded(world: Any, content: bytes) -> File:
    command = CreateFile(content, "notes.txt", "text/plain", "user_data")
    made = files.upload(world.ports, world.now, world.project, command)
    with world.ports.unit() as unit:
        files.add(world.ports, unit, world.project, made)
    return made


def arm(world: Any, project_id: str | None, name: str = "") -> Rule:
    return world.ports.scripts.arm(project_id, Rule(name, Match()))


def meet(world: Any, project_id: str, rule: Rule, times: int) -> None:
    """Have a rule applied so often."""
    for _ in range(times):
        world.ports.scripts.choose(
            project_id, 0, world.now, [rule], Subject("createVideo")
        )


def project(world: Any, project_id: str = "proj_a") -> Project:
    """The project as stored."""
    with world.ports.unit() as unit:
        return current(world.ports, unit, project_id, world.clock.now())


def jobs(world: Any, project_id: str = "proj_a") -> list[Job]:
    with world.ports.unit() as unit:
        return [job for job, gone in unit.jobs.places(project_id) if gone is None]


def seen(world: Any, project_id: str = "proj_a") -> dict[str, Any]:
    """All that a project has, but for whose it is and the keys of its blobs."""
    with world.ports.unit() as unit:
        places = unit.jobs.places(project_id)
        kept = unit.assets.of(project_id)
        stored = unit.files.places(project_id)
        characters = unit.characters.of(project_id)
    return {
        "jobs": [(_anonymous(world, job, gone), gone) for job, gone in places],
        "assets": sorted((one.job_id, world.bytes_of(one.key)) for one in kept),
        "files": [(file.id, _bytes(world, file.key), gone) for file, gone in stored],
        "characters": [(one.id, one.name, one.created_at) for one in characters],
    }


def _bytes(world: Any, key: str) -> bytes | None:
    return world.bytes_of(key) if key else None


def _anonymous(world: Any, job: Job, gone: object) -> Job:
    reference = None
    if job.reference is not None and gone is None:
        reference = world.bytes_of(job.reference).hex()
    return replace(job, project_id="", reference=reference, epoch=0)


def keys(world: Any) -> set[str]:
    """Every key that has bytes."""
    later = world.clock.now().replace(year=9000)
    return set(world.ports.blobs.written_before(later))


def snapshot(world: Any, project_id: str | None = "proj_a") -> bytes:
    with world.ports.scratch() as folder:
        write_snapshot(world.ports, project_id, folder / "snapshot.zip")
        return (folder / "snapshot.zip").read_bytes()


def restored(
    world: Any, content: bytes, project_id: str | None = "proj_a"
) -> list[Restored]:
    with world.ports.scratch() as folder:
        (folder / "snapshot.zip").write_bytes(content)
        return restore(world.ports, folder / "snapshot.zip", project_id)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return written.getvalue()


def rewritten(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A snapshot with another state in it."""
    entries = unzipped(content)
    state = json.loads(entries["snapshot.json"])
    change(state)
    return zipped(entries | {"snapshot.json": json.dumps(state).encode()})


class Interrupted:
    """A renderer during whose first render something happens."""

    def __init__(
        self, world: Any, happen: Callable[[], object], *, is_failing: bool = False
    ) -> None:
        self._world, self._happen, self._is_failing = world, happen, is_failing

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        happen, self._happen = self._happen, lambda: None
        is_failing, self._is_failing = self._is_failing, False
        happen()
        if is_failing:
            raise ValueError("the picture was removed")
        self._world.renderer.video(job, reference, target)
