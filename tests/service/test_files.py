from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reelmock.domain.asset import file_key
from reelmock.domain.clock import Clock
from reelmock.domain.errors import FileNotFound
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.engine.sweep import sweep
from reelmock.service import files
from reelmock.service.files import CreateFile
from reelmock.service.ticks import BATCH, tick

HOUR = 3600
MONTH = 30 * 24 * HOUR
LATER = datetime(2100, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def kept(
    world: Any, content: bytes = b"words", project: Project | None = None, **more: Any
) -> File:
    project = project or world.project
    command = CreateFile(content, "a.txt", "text/plain", **{"purpose": "vision"} | more)
    made = files.upload(world.ports, world.now, project, command)
    with world.ports.unit() as unit:
        unit.files.add(project.id, made)
    return made


def found(world: Any, file_id: str, now: datetime | None = None, **more: Any) -> File:
    now = now or world.now
    with world.ports.unit() as unit:
        return files.find_file(world.ports, unit, now, world.project, file_id, **more)


def listed(world: Any, now: datetime | None = None, **asked: Any) -> list[str]:
    query: dict[str, Any] = {"limit": 10, "order": Order.ASC, "after": None}
    query |= {"purpose": None} | asked
    with world.ports.unit() as unit:
        page, _ = files.list_files(
            world.ports, unit, now or world.now, world.project, **query
        )
    return [file.id for file in page]


def deleted(world: Any, file_id: str) -> list[str]:
    with world.ports.unit() as unit:
        return files.delete_file(world.ports, unit, world.now, world.project, file_id)


def keys(world: Any) -> list[str]:
    return sorted(world.ports.blobs.written_before(LATER))


def test_a_file_is_found_with_its_bytes(world: Any) -> None:
    file = kept(world)

    assert file == found(world, file.id)
    assert b"words" == b"".join(files.content_of(world.ports, file, 0, 5))
    assert b"or" == b"".join(files.content_of(world.ports, file, 1, 3))


def test_a_file_is_gone_for_its_caller_at_the_instant_of_its_expiry(world: Any) -> None:
    file = kept(world, seconds=HOUR)
    end = world.now + timedelta(seconds=HOUR)

    assert end == file.expires_at
    assert file == found(world, file.id, end - INSTANT)
    assert [file.id] == listed(world, end - INSTANT)
    with pytest.raises(FileNotFound) as refused:
        found(world, file.id, end, param="input_reference")
    assert "input_reference" == refused.value.param
    assert [] == listed(world, end)


def test_a_tick_removes_the_bytes_of_an_expired_file_and_no_others(world: Any) -> None:
    file, stays = kept(world, seconds=HOUR), kept(world)
    began = world.now

    assert began + timedelta(seconds=HOUR) == tick(world.ports, world.project, began)
    assert sorted([file.key, stays.key]) == keys(world)
    world.clock.pass_by(HOUR)
    assert tick(world.ports, world.project, world.now) is None
    assert [stays.key] == keys(world)
    assert [stays.id] == listed(world)


def test_a_file_expires_on_its_project_s_clock(world: Any) -> None:
    hasty = Clock.started(world.clock.now(), speed=60)
    world.project = replace(world.project, clock=hasty)
    file = kept(world, seconds=HOUR)
    world.clock.pass_by(59)

    assert file == found(world, file.id)
    world.clock.pass_by(1)
    with pytest.raises(FileNotFound):
        found(world, file.id)
    tick(world.ports, world.project, world.now)
    assert [] == keys(world)


def test_on_a_frozen_clock_no_file_expires(world: Any) -> None:
    world.project = replace(
        world.project, clock=Clock(world.clock.now(), world.clock.now(), frozen=True)
    )
    file = kept(world, seconds=HOUR)
    world.clock.pass_by(10 * MONTH)
    tick(world.ports, world.project, world.now)

    assert file == found(world, file.id)
    assert [file.key] == keys(world)


@pytest.mark.parametrize(
    ("purpose", "seconds", "expected"),
    [
        ("batch", None, MONTH),
        ("batch", HOUR, HOUR),
        ("vision", HOUR, HOUR),
        ("vision", None, None),
        ("fine-tune", None, None),
    ],
)
def test_a_batch_file_goes_after_a_month_and_others_when_asked_to(
    purpose: str, seconds: int | None, expected: int | None, world: Any
) -> None:
    file = kept(world, purpose=purpose, seconds=seconds)

    due = None if expected is None else world.now + timedelta(seconds=expected)
    assert due == file.expires_at
    assert due == tick(world.ports, world.project, world.now)


def test_a_tick_takes_no_more_files_than_a_batch(world: Any) -> None:
    for _ in range(BATCH + 1):
        kept(world, seconds=HOUR)
    world.clock.pass_by(HOUR)

    assert world.now == tick(world.ports, world.project, world.now)
    assert 1 == len(keys(world))
    assert tick(world.ports, world.project, world.now) is None
    assert [] == keys(world)


def test_an_expired_file_keeps_its_place_before_and_after_the_tick(world: Any) -> None:
    first, gone, last = kept(world), kept(world, seconds=HOUR), kept(world)
    world.clock.pass_by(HOUR)

    for _ in range(2):
        assert [last.id] == listed(world, after=gone.id)
        assert [first.id] == listed(world, after=gone.id, order=Order.DESC)
        tick(world.ports, world.project, world.now)


def test_an_expired_file_cannot_be_deleted_and_a_deleted_one_never_expires(
    world: Any,
) -> None:
    file, early = kept(world, seconds=HOUR), kept(world, seconds=HOUR)

    assert [early.key] == deleted(world, early.id)
    world.ports.blobs.remove([early.key])
    world.clock.pass_by(HOUR)
    with pytest.raises(FileNotFound):
        deleted(world, file.id)
    assert tick(world.ports, world.project, world.now) is None
    assert [] == keys(world)


def test_a_sweep_keeps_the_bytes_of_files_and_removes_orphans(world: Any) -> None:
    other = replace(world.project, id="proj_b")
    mine, theirs = kept(world), kept(world, project=other)
    for key in (file_key("proj_a", "file-x"), file_key("proj_c", mine.id)):
        world.ports.blobs.put(key, b"orphan")
    world.clock.instant = LATER

    assert 2 == sweep(world.ports, world.clock.now())
    assert sorted([mine.key, theirs.key]) == keys(world)


def test_a_sweep_removes_what_a_kill_left_of_a_deleted_file(world: Any) -> None:
    """Killed after the commit, before the bytes went."""
    gone, stays = kept(world), kept(world)
    deleted(world, gone.id)
    world.clock.instant = LATER

    assert 1 == sweep(world.ports, world.clock.now())
    assert [stays.key] == keys(world)


def test_a_sweep_removes_what_a_kill_left_of_an_upload(world: Any) -> None:
    """Killed after the bytes came, before the commit."""
    command = CreateFile(b"words", "a.txt", "text/plain", "vision")
    files.upload(world.ports, world.now, world.project, command)
    world.clock.instant = LATER

    assert 1 == sweep(world.ports, world.clock.now())
    assert [] == keys(world)
    assert [] == listed(world)


def test_a_file_whose_bytes_went_in_this_instant_is_not_found(world: Any) -> None:
    file = kept(world)
    world.ports.blobs.remove([file.key])

    with pytest.raises(FileNotFound):
        files.content_of(world.ports, file, 0, 5)


def test_files_and_videos_share_their_project_s_numbers_and_no_ids(world: Any) -> None:
    made = [kept(world), world.create(), kept(world)]

    assert [1, 2, 3] == [one.ordinal for one in made]
    assert 3 == len({one.id for one in made})


def test_in_conformance_mode_a_file_that_never_was_is_found_and_one_that_was_is_not(
    world: Any,
) -> None:
    world.ports = replace(world.ports, conformance=True)
    gone = kept(world, seconds=HOUR)
    world.clock.pass_by(HOUR)
    invented = found(world, "file-x")

    assert b"Example data" == b"".join(
        files.content_of(world.ports, invented, 0, invented.bytes)
    )
    assert [] == deleted(world, "file-x")
    for _ in range(2):
        with pytest.raises(FileNotFound):
            found(world, gone.id)
        tick(world.ports, world.project, world.now)
    assert [] == listed(world)
