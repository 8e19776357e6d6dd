from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import HeldClock
from reelmock.domain.asset import Variant
from reelmock.domain.errors import AssetExpired
from reelmock.domain.job import Status
from reelmock.domain.project import Project
from reelmock.engine.render import render
from reelmock.service import assets, clocks, scenarios, spending, videos
from reelmock.service.clocks import Advanced
from reelmock.service.resets import reset
from reelmock.service.restores import Restored
from reelmock.service.snapshots import write_snapshot
from states import (
    SLOW,
    Interrupted,
    arm,
    furnish,
    jobs,
    keys,
    meet,
    project,
    restored,
    seen,
    snapshot,
    unzipped,
    uploaded,
    zipped,
)
from worlds import opened


def download(world: Any, project_id: str, video_id: str) -> bytes:
    """The bytes of a video as a caller gets them."""
    at = project(world, project_id)
    now = at.clock.now(world.clock.now())
    with world.ports.unit() as unit:
        given = (world.ports, unit, now, at, video_id, Variant.VIDEO)
        _, asset = assets.stored_asset(*given)
    return world.bytes_of(asset.key)


@pytest.mark.parametrize("target", ["proj_a", "proj_b"])
def test_a_restored_project_is_as_it_was(world: Any, target: str) -> None:
    ids = furnish(world)
    before, content = seen(world), snapshot(world)
    world.create("later")
    furnish(replace(world, project=Project("proj_b", world.project.clock)))

    assert [Restored(target, 2, 1, 1)] == restored(world, content, target)
    assert before == seen(world, target)
    assert SLOW == scenarios.text_of(world.ports, target)
    assert "scenarios" == world.ports.scripts.own(target).name
    assert ids["done"].encode() + b"picture" == download(world, target, ids["done"])


def test_what_it_was_before_has_left_no_bytes(world: Any) -> None:
    furnish(world)
    content = snapshot(world)
    amount = len(keys(world))
    uploaded(world, b"more")

    restored(world, content)

    assert amount == len(keys(world))


def test_money_goes_on_from_what_was_spent_also_on_removed_videos(world: Any) -> None:
    furnish(world)
    spent = spending.spent(world.ports, "proj_a")

    restored(world, snapshot(world), "proj_b")

    assert spent == spending.spent(world.ports, "proj_b")
    assert 1_200_000 == spent.total


def test_other_projects_are_untouched(world: Any) -> None:
    furnish(world)
    content = snapshot(world)
    before = seen(world), project(world)

    restored(world, content, "proj_b")

    assert before == (seen(world), project(world))


@pytest.mark.parametrize("is_frozen", [True, False])
def test_the_clock_goes_on_from_the_instant_of_the_snapshot(
    world: Any, is_frozen: bool
) -> None:
    clocks.set_speed(world.ports, "proj_a", 60.0)
    if is_frozen:
        clocks.freeze(world.ports, "proj_a")
    world.clock.pass_by(10)
    then, content = now(world), snapshot(world)
    world.clock.pass_by(1000)

    restored(world, content, "proj_b")

    assert then == now(world, "proj_b")
    world.clock.pass_by(1)
    gone = timedelta(seconds=0 if is_frozen else 60)
    assert then + gone == now(world, "proj_b")


def test_new_ids_are_new(world: Any) -> None:
    clocks.freeze(world.ports, "proj_a")
    first = [world.create().id]
    content = snapshot(world)
    first.append(world.create().id)
    for _ in range(3):
        restored(world, content)
        first.append(world.create().id)

    assert 5 == len(set(first))


def test_videos_without_files_are_rendered_afterwards(world: Any) -> None:
    ids = furnish(world)
    content = snapshot(world)
    world.woken.clear()

    restored(world, content, "proj_b")

    assert "proj_b" == world.woken[0].id
    assert [ids["waiting"]] == [job.id for job in world.woken[1:]]
    made = render(world.ports, "proj_b", ids["waiting"])
    assert made is not None
    assert made.rendered_at is not None


def test_a_removed_video_keeps_its_place_and_stays_removed(world: Any) -> None:
    ids = furnish(world)

    restored(world, snapshot(world), "proj_b")

    with world.ports.unit() as unit:
        assert None is unit.jobs.get("proj_b", ids["removed"])
        assert None is not unit.jobs.ordinal_of("proj_b", ids["removed"])


def test_armed_faults_and_their_counts_are_left_alone(world: Any) -> None:
    content = snapshot(world)
    meet(world, "proj_a", arm(world, "proj_a"), 2)

    restored(world, content)

    assert [2] == [times for _, times in world.ports.scripts.armed("proj_a")]


def test_an_expired_video_stays_expired(world: Any) -> None:
    ids = furnish(world)
    passed: Advanced = clocks.advance(world.ports, "proj_a", timedelta(hours=2))

    restored(world, snapshot(world), "proj_b")

    assert passed.now == now(world, "proj_b")
    with pytest.raises(AssetExpired):
        download(world, "proj_b", ids["done"])


def test_of_several_projects_each_comes_back_into_its_own(world: Any) -> None:
    furnish(world)
    furnish(replace(world, project=Project("proj_b", world.project.clock)))
    before = [seen(world, name) for name in ("proj_a", "proj_b")]
    content = snapshot(world, None)
    reset(world.ports, None)

    told = restored(world, content, None)

    assert ["proj_a", "proj_b"] == [one.project_id for one in told]
    assert before == [seen(world, name) for name in ("proj_a", "proj_b")]


def test_equal_bytes_are_kept_once(world: Any) -> None:
    furnish(world)
    alone = snapshot(world)
    for name in ("proj_b", "proj_c"):
        restored(world, alone, name)

    assert len(unzipped(alone)) == len(unzipped(snapshot(world, None)))


def test_a_project_that_has_stored_nothing_has_a_snapshot_too(world: Any) -> None:
    furnish(world)

    assert [Restored("proj_a", 0, 0, 0)] == restored(world, snapshot(world, "proj_n"))
    assert [] == jobs(world)


def test_the_same_state_is_the_same_file(world: Any) -> None:
    furnish(world)
    clocks.freeze(world.ports, "proj_a")
    first = snapshot(world)
    world.clock.pass_by(60)

    assert first == snapshot(world)


def test_the_same_calls_on_two_servers_make_the_same_file(
    world: Any, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with opened(tmp_path / "other", HeldClock()) as other:
        for each in (world, other):
            clocks.freeze(each.ports, "proj_a")
            furnish(each)

        assert snapshot(world) == snapshot(other)


def test_it_has_neither_the_project_s_faults_nor_its_keys(world: Any) -> None:
    ids = furnish(world)
    arm(world, "proj_a", "my_fault")

    state = unzipped(snapshot(world))["snapshot.json"].decode()

    assert ids["done"] in state
    for word in ("my_fault", "secret", "references/", "anchor_real"):
        assert word not in state


def test_bytes_that_are_removed_meanwhile_are_not_missed(world: Any) -> None:
    ids = furnish(world)

    def drop() -> None:
        with world.ports.unit() as unit:
            at = (world.ports, unit, world.now, world.project)
            gone = videos.delete(*at, ids["done"])
        world.ports.blobs.remove(gone)

    blobs = Watched(world.ports.blobs, drop)
    content = snapshot(replace(world, ports=replace(world.ports, blobs=blobs)))

    restored(world, content, "proj_b")
    assert [ids["waiting"]] == [job.id for job in jobs(world, "proj_b")]


def test_a_video_whose_bytes_are_lost_is_kept_as_an_expired_one(world: Any) -> None:
    ids = furnish(world)
    world.ports.blobs.remove(keys(world))

    restored(world, snapshot(world), "proj_b")

    done, waiting = jobs(world, "proj_b")
    assert (ids["done"], True) == (done.id, done.swept_at is not None)
    assert (ids["waiting"], None) == (waiting.id, waiting.swept_at)
    with world.ports.unit() as unit:
        assert set() == unit.files.keys("proj_b")


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(
    world: Any, tmp_path: Path
) -> None:
    target = tmp_path / "kept.zip"
    target.write_bytes(b"before")
    furnish(world)
    blobs = Watched(world.ports.blobs, broken)

    with pytest.raises(OSError, match="disk"):
        write_snapshot(replace(world.ports, blobs=blobs), "proj_a", target)

    assert b"before" == target.read_bytes()
    write_snapshot(world.ports, "proj_a", target)
    assert "snapshot.json" in unzipped(target.read_bytes())
    assert [] == list(tmp_path.glob(".reelmock-*"))


def test_a_restore_that_fails_half_way_changes_nothing(world: Any) -> None:
    furnish(world)
    content = snapshot(world)
    world.create("later")
    before, had = seen(world), keys(world)
    blobs = Watched(world.ports.blobs, broken, verb="put", turn=3)

    with pytest.raises(OSError, match="disk"):
        restored(replace(world, ports=replace(world.ports, blobs=blobs)), content)

    assert (before, had) == (seen(world), keys(world))


def test_a_render_in_flight_spoils_no_restored_video(world: Any) -> None:
    job = world.create()
    waiting = snapshot(world)
    render(world.ports, "proj_a", job.id)
    done = snapshot(world)
    restored(world, waiting)
    renderer = Interrupted(world, lambda: restored(world, done))

    render(replace(world.ports, renderer=renderer), "proj_a", job.id)

    world.clock.pass_by(5)
    assert job.id.encode() == download(world, "proj_a", job.id)
    assert 1 == len(keys(world))


def test_a_render_in_flight_gives_way_to_that_of_the_restored_video(
    world: Any,
) -> None:
    job = world.create(picture=b"new")
    content = snapshot(world)
    reset(world.ports, "proj_a")
    back = replace(job, epoch=1, reference=None)
    with world.ports.unit() as unit:
        unit.jobs.add("proj_a", back)
    renderer = Interrupted(world, lambda: restored(world, content))

    made = render(replace(world.ports, renderer=renderer), "proj_a", job.id)

    assert made is not None
    world.clock.pass_by(5)
    assert job.id.encode() + b"new" == download(world, "proj_a", job.id)


def test_who_still_goes_by_the_former_clock_ends_no_restored_video(
    world: Any,
) -> None:
    job = world.create()
    render(world.ports, "proj_a", job.id)
    content = snapshot(world)
    clocks.advance(world.ports, "proj_a", timedelta(days=1))
    late = project(world)
    restored(world, content)

    with world.ports.unit() as unit:
        then = late.clock.now(world.clock.now())
        assert None is videos.settle(world.ports, unit, then, late, job.id)
        assert [] == videos.expire(unit, then, late, job.id)
    assert [Status.QUEUED] == [one.status for one in jobs(world)]


def now(world: Any, project_id: str = "proj_a") -> Any:
    return project(world, project_id).clock.now(world.clock.now())


def broken() -> None:
    raise OSError("the disk is full")


class Watched:
    """Blobs before whose first read, or a later write, something happens."""

    def __init__(
        self, blobs: Any, happen: Callable[[], None], verb: str = "fetch", turn: int = 1
    ) -> None:
        self._blobs, self._happen, self._verb, self._left = blobs, happen, verb, turn

    def __getattr__(self, name: str) -> Any:
        if name == self._verb:
            self._left -= 1
            if not self._left:
                self._happen()
        return getattr(self._blobs, name)


FIRST = """
{"reelmock_snapshot": 1, "projects": [{
  "id": "proj_a", "ordinal": 1, "clock": {"now": "2026-03-12T12:00:00Z"},
  "jobs": [{
    "id": "video_1", "ordinal": 1, "created_at": "2026-03-12T11:00:00.5Z",
    "model": "sora-2", "prompt": "a kite", "seconds": 4, "size": "720x1280",
    "plan": {"starts_at": "2026-03-12T11:00:00Z", "ends_at": "2026-03-12T11:00:02Z"},
    "look": {"composition": "f5dd4c03baede5710431447ddd5e88c4", "mood": 0.5},
    "failed_at": "2026-03-12T11:00:02Z", "failure": {"code": "x", "message": "y"},
    "status": "failed"}]}]}
"""


def test_a_file_of_the_first_version_is_read(world: Any) -> None:
    restored(world, zipped({"snapshot.json": FIRST.encode()}))

    (job,) = jobs(world)
    assert ("video_1", Status.FAILED) == (job.id, job.status)
    assert ("x", "y") == (job.failure.code, job.failure.message)
