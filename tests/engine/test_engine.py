import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from reelmock.clock.bell import Bell
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.job import Status
from reelmock.domain.timeline import standing
from reelmock.engine.loop import Engine
from reelmock.engine.queue import PUT_OFF, RenderQueue
from reelmock.engine.render import render
from reelmock.engine.sweep import sweep
from reelmock.service import videos
from reelmock.service.clocks import set_speed
from reelmock.service.ticks import BATCH, tick

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def stored(world: Any, job_id: str) -> Any:
    with world.ports.unit() as unit:
        return unit.jobs.held(world.project.id, job_id)


def keys(world: Any) -> list[str]:
    return sorted(world.ports.blobs.written_before(LATER))


def test_a_render_writes_bytes_then_the_fact(world: Any) -> None:
    job = world.create()
    done = render(world.ports, "proj_a", job.id)

    assert done is not None
    assert world.now == done.rendered_at
    assert [asset_key(job, Variant.VIDEO)] == keys(world)


def test_a_rendered_job_is_not_rendered_again(world: Any) -> None:
    job = world.create()
    render(world.ports, "proj_a", job.id)

    assert render(world.ports, "proj_a", job.id) is None
    assert [job.id] == world.renderer.made


def test_a_render_that_fails_twice_and_then_works_completes_the_job(world: Any) -> None:
    world.renderer.failures = 2
    job = world.create()
    for _ in range(3):
        render(world.ports, "proj_a", job.id)
    world.clock.pass_by(2)

    assert Status.COMPLETED == standing(stored(world, job.id), world.now).status


def test_a_render_that_fails_three_times_ends_the_job_failed(world: Any) -> None:
    world.renderer.failures = 3
    job = world.create()
    for _ in range(3):
        render(world.ports, "proj_a", job.id)
    world.clock.pass_by(2)
    where = standing(stored(world, job.id), world.now)

    assert (Status.FAILED, "video_generation_failed") == (
        where.status,
        where.failure.code,
    )
    assert render(world.ports, "proj_a", job.id) is None
    assert [] == keys(world)


def test_a_tick_settles_what_is_due_and_says_when_to_come_again(world: Any) -> None:
    job = world.create()
    render(world.ports, "proj_a", job.id)
    began = world.now

    assert began + timedelta(seconds=2) == tick(world.ports, world.project, began)
    assert Status.QUEUED == stored(world, job.id).status
    world.clock.pass_by(2)
    assert began + timedelta(seconds=3602) == tick(
        world.ports, world.project, world.now
    )
    assert Status.COMPLETED == stored(world, job.id).status


def test_a_tick_removes_the_bytes_of_what_has_expired(world: Any) -> None:
    job = world.create(picture=b"picture")
    render(world.ports, "proj_a", job.id)
    world.clock.pass_by(4000)

    assert tick(world.ports, world.project, world.now) is None
    assert [] == keys(world)
    assert stored(world, job.id).swept_at is not None


def test_a_job_that_waits_for_its_render_is_never_due(world: Any) -> None:
    world.create()
    world.clock.pass_by(4000)

    assert tick(world.ports, world.project, world.now) is None


def test_a_tick_takes_no_more_than_a_batch(world: Any) -> None:
    for _ in range(BATCH + 1):
        render(world.ports, "proj_a", world.create().id)
    world.clock.pass_by(2)

    assert world.now == tick(world.ports, world.project, world.now)
    assert world.now < tick(world.ports, world.project, world.now)


def test_a_sweep_removes_orphans_and_nothing_else(world: Any) -> None:
    kept = world.create(picture=b"picture")
    render(world.ports, "proj_a", kept.id)
    waiting = world.create()
    coming = asset_key(waiting, Variant.VIDEO)
    for key in ("proj_a/video_x/video.mp4", "proj_b/video_y/reference", coming):
        world.ports.blobs.put(key, b"orphan")
    before = keys(world)
    world.clock.instant = LATER

    assert 2 == sweep(world.ports, world.clock.now())
    assert [
        key for key in before if "video_x" not in key and "proj_b" not in key
    ] == keys(world)


def test_a_sweep_finds_all_that_a_kill_left_of_an_expired_video(world: Any) -> None:
    """Killed after the commit of its expiry, before the bytes went."""
    job = world.create(picture=b"picture")
    render(world.ports, "proj_a", job.id)
    world.clock.pass_by(4000)
    with world.ports.unit() as unit:
        left = videos.expire(unit, world.now, world.project, job.id)
    assert {*keys(world)} < {*left}
    world.clock.instant = LATER

    assert 2 == sweep(world.ports, world.clock.now())
    assert [] == keys(world)


def test_a_sweep_leaves_what_is_younger_than_itself(world: Any) -> None:
    world.ports.blobs.put("proj_a/video_x/video.mp4", b"of a commit under way")
    world.clock.instant = datetime(2000, 1, 1, tzinfo=UTC)

    assert 0 == sweep(world.ports, world.clock.now())


def test_a_video_deleted_while_its_still_is_made_leaves_no_bytes(world: Any) -> None:
    job = world.create()
    render(world.ports, "proj_a", job.id)
    world.clock.pass_by(2)
    with world.ports.unit() as unit:
        gone = videos.delete(world.ports, unit, world.now, world.project, job.id)
    world.ports.blobs.remove(gone)

    assert render(world.ports, "proj_a", job.id) is None
    assert [] == keys(world)


def test_the_queue_begins_with_what_should_end_first(world: Any) -> None:
    late = world.create()
    world.clock.pass_by(-1)
    early = world.create()
    queue = RenderQueue(workers=1)
    for job in (late, early, early):
        queue.put(job)

    (first,) = queue.take(world.clock.now())
    assert early.id == first.job_id
    assert [] == queue.take(world.clock.now())
    queue.ended(first)
    assert [late.id] == [place.job_id for place in queue.take(world.clock.now())]


def test_a_job_put_off_comes_back_after_a_while(world: Any) -> None:
    queue = RenderQueue(workers=1)
    queue.put(world.create())
    (place,) = queue.take(world.clock.now())
    queue.ended(place)
    queue.put_again(place, world.clock.now())

    assert [] == queue.take(world.clock.now())
    assert [world.clock.now() + PUT_OFF] == queue.put_off()
    assert [place] == queue.take(world.clock.now() + PUT_OFF)


def test_a_new_speed_changes_the_clock_and_nothing_else(world: Any) -> None:
    world.create()
    fast = set_speed(world.ports, "proj_a", 2.0)

    with world.ports.unit() as unit:
        after = unit.projects.get("proj_a")
    assert 2.0 == fast.clock.speed == after.clock.speed
    assert 1 == after.ordinal
    assert 2 == world.create().ordinal


def test_a_sweep_ends_when_the_server_does(world: Any) -> None:
    world.ports.blobs.put("proj_a/video_x/video.mp4", b"orphan")
    world.clock.instant = LATER

    assert 0 == sweep(world.ports, world.clock.now(), lambda: True)


def test_an_engine_outlives_whatever_breaks(world: Any) -> None:
    """What raises is told of, and takes nothing with it that came beside it."""

    async def live() -> list[str]:
        bell: Bell[Any] = Bell()
        engine = Engine(world.ports, bell, workers=1)
        running = asyncio.ensure_future(engine.run())
        bell.ring("no job at all")
        job = world.create()
        bell.ring(job)
        while not world.renderer.made:
            await asyncio.wait([running], timeout=0.01)
        engine.stop()
        await running
        return list(world.renderer.made)

    assert 1 == len(asyncio.run(asyncio.wait_for(live(), 20)))
    assert "hear_broke" in [action for action, _ in world.notes]
