"""What finds no room costs nothing: what stays, and what is asked for first."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from fakes import HeldClock
from full_worlds import (
    CLIP,
    LITTLE,
    Open,
    completed,
    on_disk,
    run_engine,
    told,
    uploaded,
    where,
)
from reelmock.bootstrap import build
from reelmock.clock.system import SystemClock
from reelmock.domain.errors import StorageFull
from reelmock.engine.render import render
from reelmock.service.evictions import take_stock
from reelmock.service.preload import preload
from reelmock.service.restores import restore
from reelmock.service.snapshots import write_snapshot
from reelmock.settings import BadSettings
from reelmock.settings import build as settings_of
from worlds import opened


def test_nothing_is_evicted_for_what_is_refused_all_the_same(open_world: Open) -> None:
    world = open_world(9 * CLIP + LITTLE)
    uploaded(world, b"x" * 4 * CLIP)
    jobs = [completed(world) for _ in range(4)]
    for clips in (6, 10):
        with pytest.raises(StorageFull):
            uploaded(world, b"y" * clips * CLIP)

    assert [] == told(world)
    assert [False] * 4 == [where(world, job).is_expired for job in jobs]
    uploaded(world, b"y" * 5 * CLIP)
    assert 4 == len(told(world))


def test_what_a_video_was_made_from_is_reckoned_with_it(open_world: Open) -> None:
    world = open_world(6 * CLIP)
    job = completed(world, picture=b"x" * 2 * CLIP)
    uploaded(world, b"y" * 5 * CLIP)

    assert where(world, job).is_expired
    assert 5 * CLIP == on_disk(world) == world.ports.room.taken


def test_nothing_unexpired_goes_before_what_lay_there_is_counted(
    open_world: Open,
) -> None:
    world = open_world(2 * CLIP + LITTLE, is_counted=False)
    jobs = [completed(world) for _ in range(2)]
    with pytest.raises(StorageFull):
        uploaded(world, b"x" * CLIP)
    assert [] == told(world)

    take_stock(world.ports)
    take_stock(world.ports)
    assert 2 * CLIP == world.ports.room.taken
    uploaded(world, b"x" * CLIP)
    assert [True, False] == [where(world, job).is_expired for job in jobs]


def test_all_that_is_due_at_one_instant_goes_first(open_world: Open) -> None:
    world = open_world(450 + 2 * CLIP)
    for _ in range(45):
        uploaded(world, b"x" * 10, seconds=3600)
    world.clock.pass_by(3601)
    job = completed(world)
    uploaded(world, b"y" * (440 + CLIP))

    assert [] == told(world)
    assert not where(world, job).is_expired


def test_a_restore_without_room_for_all_of_it_evicts_nothing(
    open_world: Open, tmp_path: Path
) -> None:
    source = tmp_path / "a.zip"
    (tmp_path / "other").mkdir()
    with opened(tmp_path / "other") as other:
        uploaded(other, b"z" * 2 * CLIP)
        uploaded(other, b"z" * 3 * CLIP)
        write_snapshot(other.ports, None, source)
    world = open_world(4 * CLIP)
    job = completed(world)
    with pytest.raises(StorageFull, match=f"{5 * CLIP} bytes"):
        restore(world.ports, source, "proj_b")

    assert not where(world, job).is_expired
    assert CLIP == on_disk(world) == world.ports.room.taken


def test_a_preload_without_room_for_all_of_it_evicts_nothing(open_world: Open) -> None:
    world = open_world(4 * CLIP)
    job = completed(world)
    wanted = world.ports.grammar.fixture(
        "videos:\n" + "- {prompt: a kite, status: completed}\n" * 5, "a.yaml"
    )
    with pytest.raises(StorageFull):
        preload(world.ports, "proj_b", wanted.videos)

    assert not where(world, job).is_expired
    assert CLIP == on_disk(world) == world.ports.room.taken


def test_a_start_that_is_refused_leaves_the_videos_that_were_there(
    tmp_path: Path,
) -> None:
    source, data = tmp_path / "a.zip", tmp_path / "data"
    data.mkdir()
    recent = HeldClock(SystemClock().now() - timedelta(seconds=60))
    with opened(data, recent) as world:
        job = completed(world)
        uploaded(world, b"x" * 700_000)
    with opened(tmp_path) as other:
        uploaded(other, b"z" * 700_000)
        write_snapshot(other.ports, None, source)
    words = {"data": data, "max_data": "1MiB", "load": source, "log_level": "error"}
    with pytest.raises(BadSettings, match="--max-data"):
        build(settings_of(words), is_loopback_only=True)

    with opened(data, world.clock) as again:
        assert not where(again, job).is_expired
        assert CLIP + 700_000 == on_disk(again)


def test_a_broken_sweep_leaves_nothing_uncounted(
    open_world: Open, tmp_path: Path
) -> None:
    world = open_world(10 * CLIP)
    completed(world)
    half = tmp_path / "blobs" / "a#1"
    half.mkdir()
    os.utime(half, (0, 0))
    again = open_world(10 * CLIP, world.clock, is_counted=False)
    asyncio.run(
        asyncio.wait_for(run_engine(again, lambda: bool(again.ports.room.taken)), 20)
    )

    assert "sweep_broke" in [action for action, _ in again.notes]
    assert CLIP == again.ports.room.taken


def test_a_render_asks_for_room_before_it_begins(open_world: Open) -> None:
    world = open_world(2**20)
    job = world.create()
    uploaded(world, b"x" * (2**20 - CLIP))
    with pytest.raises(StorageFull):
        render(world.ports, "proj_a", job.id)

    assert [] == world.renderer.made


def test_a_render_without_room_is_told_of_once(open_world: Open) -> None:
    world = open_world(CLIP + 10)
    uploaded(world, b"x" * 20)
    world.create()
    asyncio.run(asyncio.wait_for(run_engine(world, lambda: bool(world.notes)), 20))

    assert ["render_failed"] == [action for action, _ in world.notes]
