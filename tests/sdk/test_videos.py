"""Waiting for a video, looking at it, remixing it, deleting it."""

from collections.abc import Callable

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI
from openai.types import Video

pytestmark = pytest.mark.sdk


def test_create_and_poll_returns_a_completed_video(client: OpenAI) -> None:
    video = client.videos.create_and_poll(prompt="A paper boat")

    assert ("completed", 100) == (video.status, video.progress)
    assert video.created_at <= video.completed_at
    assert 3600 == video.expires_at - video.completed_at
    assert video.error is None


def test_poll_waits_for_a_video_that_was_created_before(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    created = client.videos.create(prompt="A paper boat", **tiny)

    polled = client.videos.poll(created.id)

    assert (created.id, "completed") == (polled.id, polled.status)


def test_poll_takes_an_interval_of_its_own(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    created = client.videos.create(prompt="A paper boat", **tiny)

    polled = client.videos.poll(created.id, poll_interval_ms=20)

    assert "completed" == polled.status


def test_a_completed_video_reads_the_same_every_time(
    reader: OpenAI, finished: object
) -> None:
    again = reader.videos.retrieve(finished.video.id)

    assert finished.video == again


def test_a_video_that_is_under_way_says_no_times(patient: OpenAI) -> None:
    video = patient.videos.retrieve(patient.videos.create(prompt="x").id)

    assert video.status in ("queued", "in_progress")
    assert 0 <= video.progress <= 99
    assert (None, None) == (video.completed_at, video.expires_at)


def test_a_remix_inherits_all_but_the_prompt(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    own = tiny | {"model": "sora-2-pro", "seconds": "2", "size": "32x16"}
    source = client.videos.create_and_poll(prompt="A calm sea", **own)

    remix = client.videos.remix(source.id, prompt="A storm")

    assert source.id == remix.remixed_from_video_id
    assert source.id != remix.id
    assert ("queued", 0, "A storm") == (remix.status, remix.progress, remix.prompt)
    assert ("sora-2-pro", "2", "32x16") == (remix.model, remix.seconds, remix.size)


def test_a_remix_is_made_and_can_be_remixed(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    source = client.videos.create_and_poll(prompt="A calm sea", **tiny)

    second = client.videos.poll(client.videos.remix(source.id, prompt="A storm").id)
    third = client.videos.poll(client.videos.remix(second.id, prompt="Snow").id)

    assert ("completed", second.id) == (third.status, third.remixed_from_video_id)


def test_a_remix_may_be_a_form(reader: OpenAI, finished: object) -> None:
    remix = reader.post(
        f"/videos/{finished.video.id}/remix",
        body={"prompt": "A storm"},
        cast_to=Video,
        options={"headers": {"Content-Type": "multipart/form-data"}},
    )

    assert (finished.video.id, "A storm") == (remix.remixed_from_video_id, remix.prompt)


def test_a_remix_outlives_its_source(client: OpenAI, tiny: dict[str, object]) -> None:
    source = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    remix = client.videos.remix(source.id, prompt="A storm")
    client.videos.delete(source.id)

    polled = client.videos.poll(remix.id)

    assert ("completed", source.id) == (polled.status, polled.remixed_from_video_id)


def test_a_deleted_video_is_not_found(
    client: OpenAI, tiny: dict[str, object], refused: Callable[..., NotFoundError]
) -> None:
    video = client.videos.create_and_poll(prompt="A paper boat", **tiny)

    gone = client.videos.delete(video.id)

    assert (video.id, "video.deleted", True) == (gone.id, gone.object, gone.deleted)
    for call in (
        client.videos.retrieve,
        client.videos.delete,
        client.videos.download_content,
        lambda video_id: client.videos.remix(video_id, prompt="x"),
    ):
        error = refused(NotFoundError, lambda call=call: call(video.id))
        assert f"Video with id '{video.id}' not found." == error.body["message"]


def test_a_deleted_video_is_not_listed(client: OpenAI, tiny: dict[str, object]) -> None:
    kept = client.videos.create(prompt="kept", **tiny)
    gone = client.videos.create_and_poll(prompt="gone", **tiny)

    client.videos.delete(gone.id)

    assert [kept.id] == [video.id for video in client.videos.list()]


def test_a_video_under_way_is_not_deleted(
    patient: OpenAI, refused: Callable[..., BadRequestError]
) -> None:
    video = patient.videos.create(prompt="A paper boat")

    error = refused(BadRequestError, lambda: patient.videos.delete(video.id))

    expected = "Video cannot be deleted while it is still being processed."
    assert expected == error.body["message"]
    assert video.id == patient.videos.retrieve(video.id).id


@pytest.mark.anyio
async def test_an_async_client_goes_the_whole_way(
    async_client: AsyncOpenAI, tiny: dict[str, object]
) -> None:
    videos = async_client.videos
    created = await videos.create_and_poll(prompt="A calm sea", **tiny)
    remix = await videos.remix(created.id, prompt="A storm")
    remixed = await videos.poll(remix.id, poll_interval_ms=30)
    found = await videos.retrieve(remix.id)
    gone = await videos.delete(created.id)
    listed = [video.id async for video in videos.list()]

    assert ("completed", remixed) == (remixed.status, found)
    assert gone.deleted
    assert [remix.id] == listed
