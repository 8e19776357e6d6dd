from typing import Any

import pytest

from reelmock.domain.asset import Variant
from reelmock.domain.errors import (
    AssetExpired,
    SourceExpired,
    SourceUnfinished,
    VideoNotFound,
    VideoNotReady,
    VideoUnfinished,
)
from reelmock.domain.job import Job, Status
from reelmock.domain.timeline import standing
from reelmock.engine.render import render
from reelmock.service import assets, creates, videos
from reelmock.service.references import keep_picture_of


def completed(world: Any, **parts: Any) -> Job:
    """A video that was created, rendered, and is two seconds old."""
    job = world.create(**parts)
    render(world.ports, world.project.id, job.id)
    world.clock.pass_by(2)
    return get(world, job.id)


def get(world: Any, video_id: str) -> Job:
    with world.ports.unit() as unit:
        return videos.retrieve(world.ports, unit, world.now, world.project, video_id)


def remix(world: Any, video_id: str, prompt: str = "in blue") -> Job:
    here = (world.now, world.project)
    with world.ports.unit() as unit:
        source = videos.usable(world.ports, unit, *here, video_id, verb="remixed")
    copy = keep_picture_of(world.ports, world.project, source)
    command = creates.remix_of(source, prompt, copy)
    with world.ports.unit() as unit:
        return creates.create(world.ports, unit, *here, command)


def drop(world: Any, video_id: str) -> None:
    with world.ports.unit() as unit:
        keys = videos.delete(world.ports, unit, world.now, world.project, video_id)
    world.ports.blobs.remove(keys)


def content(world: Any, video_id: str, variant: Variant = Variant.VIDEO) -> bytes:
    given = (world.now, world.project, video_id, variant)
    with world.ports.unit() as unit:
        _, asset = assets.stored_asset(world.ports, unit, *given)
    asset = asset or assets.made_still(world.ports, *given)
    return world.bytes_of(asset.key)


def test_retrieve_writes_the_end_that_it_has_seen(world: Any) -> None:
    job = world.create()
    render(world.ports, world.project.id, job.id)
    world.clock.pass_by(2)

    assert Status.COMPLETED == get(world, job.id).status
    with world.ports.unit() as unit:
        assert Status.COMPLETED == unit.jobs.held("proj_a", job.id).status


def test_on_the_way_there_a_retrieve_writes_nothing(world: Any) -> None:
    job = world.create()
    world.clock.pass_by(1)

    assert job == get(world, job.id)
    assert Status.IN_PROGRESS == standing(job, world.now).status


def test_a_video_unknown_or_of_another_project_is_not_found(world: Any) -> None:
    with pytest.raises(VideoNotFound, match="'video_x' not found"):
        get(world, "video_x")


def test_content_comes_only_between_completion_and_expiry(world: Any) -> None:
    job = world.create()
    render(world.ports, world.project.id, job.id)
    with pytest.raises(VideoNotReady):
        content(world, job.id)
    world.clock.pass_by(2)
    assert job.id.encode() == content(world, job.id)
    world.clock.pass_by(3600)
    with pytest.raises(AssetExpired):
        content(world, job.id)


def test_a_still_is_made_when_first_asked_for_and_then_kept(world: Any) -> None:
    job = completed(world)
    first = content(world, job.id, Variant.THUMBNAIL)
    again = content(world, job.id, Variant.THUMBNAIL)

    assert first == again == b"thumbnail" + job.id.encode()
    assert [(job.id, Variant.THUMBNAIL)] == world.renderer.stills


def test_bytes_lost_behind_our_back_are_an_expired_asset(world: Any) -> None:
    job = completed(world)
    world.ports.blobs.remove(videos.blob_keys(job))

    with pytest.raises(AssetExpired):
        content(world, job.id, Variant.SPRITESHEET)


def test_an_unfinished_video_cannot_be_deleted(world: Any) -> None:
    job = world.create()

    with pytest.raises(VideoUnfinished):
        drop(world, job.id)
    assert job.id == get(world, job.id).id


def test_a_deleted_video_leaves_neither_record_nor_bytes(world: Any) -> None:
    job = completed(world, picture=b"picture")
    content(world, job.id, Variant.THUMBNAIL)
    drop(world, job.id)

    with pytest.raises(VideoNotFound):
        get(world, job.id)
    assert [] == list(world.ports.blobs.written_before(_later()))


def test_a_remix_inherits_all_but_the_prompt(world: Any) -> None:
    source = completed(world, picture=b"picture")
    made = remix(world, source.id)
    drop(world, source.id)
    render(world.ports, world.project.id, made.id)
    world.clock.pass_by(2)

    assert ("in blue", source.id) == (made.prompt, made.remixed_from)
    assert (source.model, source.seconds, source.size) == (
        made.model,
        made.seconds,
        made.size,
    )
    assert made.id.encode() + b"picture" == content(world, made.id)


def test_a_picture_lost_behind_our_back_cannot_be_remixed(world: Any) -> None:
    source = completed(world, picture=b"picture")
    world.ports.blobs.remove([source.reference])

    with pytest.raises(SourceExpired):
        remix(world, source.id)


def test_the_same_picture_sent_twice_is_kept_twice(world: Any) -> None:
    one, other = (completed(world, picture=b"picture") for _ in range(2))
    drop(world, one.id)

    assert b"picture" == world.bytes_of(other.reference)


def test_only_a_completed_video_that_has_not_expired_is_remixed(world: Any) -> None:
    job = world.create()
    with pytest.raises(SourceUnfinished):
        remix(world, job.id)
    render(world.ports, world.project.id, job.id)
    world.clock.pass_by(2 + 3600)
    with pytest.raises(SourceExpired):
        remix(world, job.id)
    with pytest.raises(VideoNotFound):
        remix(world, "video_x")


def test_an_expired_video_is_still_found_completed(world: Any) -> None:
    job = completed(world)
    world.clock.pass_by(4000)

    assert Status.COMPLETED == get(world, job.id).status
    assert standing(get(world, job.id), world.now).is_expired


def test_a_removed_project_never_gives_an_ordinal_twice(world: Any) -> None:
    first = completed(world)
    drop(world, first.id)

    assert first.ordinal + 1 == world.create().ordinal


def _later() -> Any:
    from datetime import UTC, datetime

    return datetime(2100, 1, 1, tzinfo=UTC)


def test_a_still_that_nobody_waits_for_is_not_made_but_for_who_still_does(
    world: Any,
) -> None:
    job = completed(world)
    here = (world.ports, world.now, world.project, job.id, Variant.THUMBNAIL)
    asked: list[bool] = []

    def is_awaited() -> bool:
        asked.append(True)
        return len(asked) < 2

    with pytest.raises(assets.Abandoned):
        assets.made_still(*here, is_awaited=is_awaited)
    assert [] == world.renderer.stills

    assert Variant.THUMBNAIL == assets.made_still(*here).variant
    assert [(job.id, Variant.THUMBNAIL)] == world.renderer.stills
