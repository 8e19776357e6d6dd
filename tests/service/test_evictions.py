"""What goes when the data is full, what never does, and what is said of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from full_worlds import (
    CLIP,
    LATER,
    LITTLE,
    Open,
    completed,
    on_disk,
    run_engine,
    stored,
    told,
    uploaded,
    where,
)
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.catalog import Size
from reelmock.domain.clock import Clock
from reelmock.domain.errors import AssetExpired, SourceExpired, StorageFull
from reelmock.domain.job import GENERATION_FAILED, Kind, Status
from reelmock.domain.outlook import Outlook
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.domain.timeline import standing
from reelmock.engine.render import render
from reelmock.service import assets, videos
from reelmock.service.assets import made_still
from reelmock.service.creates import CreateVideo, create
from reelmock.service.evictions import check_spare, make_room
from reelmock.service.references import keep, keep_clip_of
from worlds import World


def test_what_is_stored_is_counted_and_what_is_removed_is_not(open_world: Open) -> None:
    world = open_world(10_000)
    completed(world, picture=b"picture")
    file = uploaded(world, b"x" * 100)
    assert on_disk(world) == world.ports.room.taken > 100

    world.ports.blobs.put(file.key, b"shorter")
    assert on_disk(world) == world.ports.room.taken
    world.ports.blobs.remove([file.key, file.key, "none"])
    assert on_disk(world) == world.ports.room.taken


def test_without_a_bound_nothing_is_counted_and_nothing_goes(open_world: Open) -> None:
    world = open_world(None)
    job = completed(world)
    make_room(world.ports, 2**60)

    assert not where(world, job).is_expired
    assert 0 == world.ports.room.taken


def test_the_oldest_completed_video_makes_room_for_the_newest(open_world: Open) -> None:
    world = open_world(3 * CLIP + LITTLE)
    jobs = [completed(world) for _ in range(5)]

    assert [True, True, False, False, False] == [
        where(world, job).is_expired for job in jobs
    ]
    assert [(job.id, "video") for job in jobs[:2]] == told(world)
    assert 2 == world.ports.meters.evicted_videos
    assert 2 * CLIP == world.ports.meters.evicted_bytes
    assert 3 * CLIP == on_disk(world) == world.ports.room.taken


def test_each_is_said_in_a_warning_with_its_project_and_bytes(open_world: Open) -> None:
    world = open_world(CLIP + LITTLE)
    first, _ = completed(world), completed(world)
    noted = next(facts for action, facts in world.notes if action == "evicted")

    assert noted == {
        "video": first.id, "variant": "video", "bytes": CLIP, "project": "proj_a",
    }  # fmt: skip


def test_what_has_expired_goes_first_also_before_it_is_swept(open_world: Open) -> None:
    world = open_world(2 * CLIP + LITTLE)
    old = completed(world)
    world.clock.pass_by(3590)
    young = completed(world)
    world.clock.pass_by(10)
    newest = completed(world)

    assert [True, False, False] == [
        where(world, job).is_expired for job in (old, young, newest)
    ]
    assert [] == told(world)
    assert 2 * CLIP == on_disk(world)


def test_expired_files_go_first_and_others_never(open_world: Open) -> None:
    world = open_world(300 + CLIP)
    expired, kept = (
        uploaded(world, b"x" * 100, seconds=3600),
        uploaded(world, b"y" * 200),
    )
    world.clock.pass_by(3601)
    job = completed(world)
    with pytest.raises(StorageFull):
        uploaded(world, b"z" * 200)

    assert expired.key not in set(world.ports.blobs.written_before(LATER))
    assert b"y" * 200 == world.bytes_of(kept.key)
    # It could not be enough, so it stays.
    assert not where(world, job).is_expired


def test_references_of_failed_jobs_go_first(open_world: Open) -> None:
    world = open_world(2 * CLIP + LITTLE)
    with world.ports.unit() as unit:
        unit.projects.held(world.project)
    failed = failing(world, b"x" * CLIP)
    kept = completed(world)
    world.clock.pass_by(3)
    newest = completed(world)

    assert Status.FAILED == where(world, failed).status
    assert [] == told(world)
    assert [False, False] == [where(world, job).is_expired for job in (kept, newest)]


def failing(world: World, picture: bytes) -> Any:
    key = keep(world.ports, world.project, picture)
    command = CreateVideo("a kite", "sora-2", 4, Size(720, 1280), key)
    with world.ports.unit() as unit:
        return create(
            world.ports, unit, world.now, world.project, command,
            Outlook(failure=GENERATION_FAILED),
        )  # fmt: skip


def test_stills_go_before_videos_and_are_made_again(open_world: Open) -> None:
    still = len("thumbnail") + CLIP
    world = open_world(2 * CLIP + still + LITTLE)
    first = completed(world)
    made_still(world.ports, world.now, world.project, first.id, Variant.THUMBNAIL)
    second = completed(world)
    third = completed(world)

    assert [(first.id, "thumbnail")] == told(world)
    assert [False] * 3 == [
        where(world, job).is_expired for job in (first, second, third)
    ]
    assert 0 == world.ports.meters.evicted_videos

    made_still(world.ports, world.now, world.project, third.id, Variant.THUMBNAIL)
    assert [(first.id, "video")] == told(world)[1:2]


def test_what_a_job_under_way_needs_never_goes(open_world: Open) -> None:
    world = open_world(4 * CLIP)
    source = completed(world)
    with world.ports.unit() as unit:
        found = videos.usable(
            world.ports, unit, world.now, world.project, source.id, verb="edited"
        )
    kept = keep_clip_of(world.ports, world.project, found, verb="edited")
    edit = world.create(kind=Kind.EDIT, source=source.id, reference=kept)
    rendered = world.create()
    render(world.ports, "proj_a", rendered.id)
    make_room(world.ports, 2 * CLIP)

    assert where(world, source).is_expired
    assert source.id.encode() == world.bytes_of(kept)
    assert not where(world, rendered).is_expired
    assert rendered.id.encode() == world.bytes_of(asset_key(rendered, Variant.VIDEO))
    render(world.ports, "proj_a", edit.id)
    assert stored(world, edit).rendered_at is not None


def test_an_evicted_video_is_one_that_has_expired_and_stays_one(
    open_world: Open,
) -> None:
    world = open_world(CLIP + LITTLE)
    first, second = completed(world), completed(world)
    gone_at = world.now

    def all_agree(world: World) -> None:
        with world.ports.unit() as unit:
            here = (world.ports, unit, world.now, world.project)
            retrieved = videos.retrieve(*here, first.id)
            page = videos.list_page(
                world.ports, unit, world.project, limit=9, order=Order.ASC, after=None
            )
            assert [retrieved.id, second.id] == [job.id for job in page.jobs]
            assert retrieved == page.jobs[0]
            assert Status.COMPLETED == retrieved.status
            assert retrieved == videos.settle(*here, first.id)
            stands = standing(retrieved, world.now)
            assert stands.is_expired
            assert stands.completed_at <= stands.expires_at <= gone_at
            with pytest.raises(AssetExpired):
                assets.stored_asset(*here, first.id, Variant.VIDEO)
            with pytest.raises(AssetExpired):
                assets.stored_asset(*here, first.id, Variant.THUMBNAIL)
            with pytest.raises(SourceExpired):
                videos.usable(*here, first.id, verb="remixed")

    all_agree(world)
    again = open_world(CLIP + LITTLE, world.clock)
    all_agree(again)
    assert not where(again, second).is_expired


def test_the_older_of_two_projects_is_told_by_their_own_clocks(
    open_world: Open,
) -> None:
    """One that stands in 2001 is not the older for it."""
    world = open_world(2 * CLIP + LITTLE)
    old = completed(world)
    world.clock.pass_by(100)
    past = Clock(world.clock.now(), datetime(2001, 1, 1, tzinfo=UTC))
    home, world.project = world.project, Project("proj_b", past)
    young = completed(world)
    world.project = home
    newest = completed(world)

    assert [(old.id, "video")] == told(world)
    assert stored(world, young).swept_at is stored(world, newest).swept_at is None


def test_what_finds_no_room_is_refused_and_leaves_nothing(open_world: Open) -> None:
    world = open_world(250)
    uploaded(world, b"x" * 200)
    before = sorted(world.ports.blobs.written_before(LATER))
    with pytest.raises(StorageFull) as refused:
        uploaded(world, b"y" * 100)
    with pytest.raises(StorageFull):
        world.create(picture=b"p" * 100)

    assert "100 bytes" in refused.value.message
    assert "may store 250" in refused.value.message
    assert before == sorted(world.ports.blobs.written_before(LATER))
    assert 200 == world.ports.room.taken == on_disk(world)


def test_a_job_is_refused_only_where_nothing_can_be_evicted_for_it(
    open_world: Open,
) -> None:
    world = open_world(8 * CLIP + LITTLE)
    for _ in range(8):
        completed(world)
    check_spare(world.ports)
    assert 1 == world.ports.meters.evicted_videos

    kept = open_world(8 * CLIP + LITTLE, world.clock)
    uploaded(kept, b"x" * 8 * CLIP)
    with pytest.raises(StorageFull):
        check_spare(kept.ports)


def test_a_render_without_room_is_tried_again_and_then_fails(open_world: Open) -> None:
    world = open_world(CLIP + 10)
    uploaded(world, b"x" * 20)
    job = world.create()
    for _ in range(2):
        with pytest.raises(StorageFull):
            render(world.ports, "proj_a", job.id)
    render(world.ports, "proj_a", job.id)
    world.clock.pass_by(3)

    assert Status.FAILED == where(world, job).status
    assert 20 == on_disk(world) == world.ports.room.taken


def test_a_smaller_bound_evicts_at_the_start_and_says_what_it_cannot(
    open_world: Open,
) -> None:
    world = open_world(10 * CLIP)
    jobs = [completed(world) for _ in range(4)]
    file = uploaded(world, b"x" * CLIP)
    smaller = open_world(3 * CLIP + LITTLE, world.clock)

    assert [True, True, False, False] == [
        where(smaller, job).is_expired for job in jobs
    ]
    assert on_disk(smaller) == smaller.ports.room.taken <= 3 * CLIP + LITTLE
    tiny = open_world(8, world.clock)
    assert [("data_full", {"bytes": CLIP, "max_data": 8})] == [
        note for note in tiny.notes if note[0] != "evicted"
    ]
    assert b"x" * CLIP == tiny.bytes_of(file.key)


def test_an_engine_sweeps_orphans_before_it_evicts(open_world: Open) -> None:
    world = open_world(None)
    now = world.clock.now()
    world.project = Project("proj_a", Clock(now, now, frozen=True))
    job = completed(world)
    world.ports.blobs.put("proj_a/video_x/video.mp4", b"x" * CLIP)
    again = open_world(CLIP + LITTLE, world.clock, is_counted=False)
    world.clock.instant = LATER
    asyncio.run(
        asyncio.wait_for(run_engine(again, lambda: bool(again.ports.room.taken)), 20)
    )

    assert [asset_key(job, Variant.VIDEO)] == list(
        again.ports.blobs.written_before(LATER)
    )
    assert ["swept"] == [action for action, _ in again.notes]
    assert CLIP == again.ports.room.taken
