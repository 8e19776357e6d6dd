"""A video that is told to expire before its time."""

from datetime import timedelta
from typing import Any

import pytest

from reelmock.domain.errors import AssetExpired, VideoNotFound
from reelmock.domain.errors.control import VideoUnexpirable
from reelmock.domain.job import GENERATION_FAILED, Job
from reelmock.service import steering, videos
from reelmock.service.clocks import current
from steps import advance, at, freeze, keys, made, now, rendered, stands, told


def expire(world: Any, job: Job) -> Job:
    return steering.expire(world.ports, "proj_a", job.id)


def completed(world: Any) -> Job:
    job = rendered(world)
    world.clock.pass_by(100)
    return job


def test_it_expires_now_and_its_bytes_go(world: Any) -> None:
    job = completed(world)
    expire(world, job)
    where = stands(world, job)

    assert (at(100), True) == (where.expires_at, where.is_expired)
    assert at(2) == where.completed_at
    assert [] == keys(world)
    with world.ports.unit() as unit:
        project = current(world.ports, unit, "proj_a", world.clock.now())
        with pytest.raises(AssetExpired):
            videos.downloadable(world.ports, unit, now(world), project, job.id)


def test_time_has_it_expire_no_second_time(world: Any) -> None:
    job = completed(world)
    freeze(world)
    expire(world, job)

    assert [] == told(advance(world, timedelta(hours=2).total_seconds()))


def test_one_that_nobody_has_polled_yet_expires_too(world: Any) -> None:
    job = completed(world)

    assert "completed" == expire(world, job).status
    assert ["video_expired"] == [said for said, _ in world.notes if "expired" in said]


def test_it_expires_but_once(world: Any) -> None:
    job = completed(world)
    expire(world, job)

    with pytest.raises(VideoUnexpirable, match="it is expired"):
        expire(world, job)


def test_one_that_has_nothing_to_lose_does_not_expire(world: Any) -> None:
    job = made(world)
    with pytest.raises(VideoUnexpirable, match="it is queued"):
        expire(world, job)
    steering.fail(world.ports, "proj_a", job.id, GENERATION_FAILED)
    with pytest.raises(VideoUnexpirable, match="it is failed"):
        expire(world, job)


def test_one_that_is_not_there_is_not_found(world: Any) -> None:
    with pytest.raises(VideoNotFound):
        steering.expire(world.ports, "proj_a", "video_none")
