"""Every way the client has to fetch a video's bytes."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openai import AsyncOpenAI, NotFoundError, OpenAI
from PIL import Image

from reelmock import Emulator

pytestmark = pytest.mark.sdk

TYPES = {
    "video": ("video/mp4", "mp4"),
    "thumbnail": ("image/webp", "webp"),
    "spritesheet": ("image/jpeg", "jpg"),
}


def is_mp4(content: bytes) -> bool:
    return content[4:12] == b"ftypisom" and b"moov" in content and b"mdat" in content


def test_the_content_is_an_mp4(reader: OpenAI, finished: object) -> None:
    download = reader.videos.download_content(finished.video.id)

    assert is_mp4(download.content)


def test_the_variant_is_the_video_by_default(reader: OpenAI, finished: object) -> None:
    by_default = reader.videos.download_content(finished.video.id)
    named = reader.videos.download_content(finished.video.id, variant="video")

    assert by_default.content == named.content


@pytest.mark.parametrize("variant", TYPES)
def test_every_variant_has_its_type_and_name(
    variant: str, reader: OpenAI, finished: object
) -> None:
    video_id = finished.video.id
    media_type, ending = TYPES[variant]

    response = reader.videos.download_content(video_id, variant=variant).response

    assert media_type == response.headers["content-type"]
    assert str(len(response.content)) == response.headers["content-length"]
    expected = f'attachment; filename="{video_id}.{ending}"'
    assert expected == response.headers["content-disposition"]
    assert "private, no-store" == response.headers["cache-control"]
    assert "bytes" == response.headers["accept-ranges"]


def test_a_thumbnail_is_a_webp_of_the_video_s_size(
    reader: OpenAI, finished: object
) -> None:
    download = reader.videos.download_content(finished.video.id, variant="thumbnail")

    with Image.open(io.BytesIO(download.content)) as still:
        assert ("WEBP", (720, 1280)) == (still.format, still.size)


def test_a_spritesheet_is_a_jpeg_of_tiles(reader: OpenAI, finished: object) -> None:
    download = reader.videos.download_content(finished.video.id, variant="spritesheet")

    with Image.open(io.BytesIO(download.content)) as sheet:
        assert "JPEG" == sheet.format
        assert 0 == sheet.width % 320


@pytest.mark.parametrize("variant", TYPES)
def test_the_bytes_are_the_same_every_time(
    variant: str, reader: OpenAI, finished: object
) -> None:
    first, second = (
        reader.videos.download_content(finished.video.id, variant=variant).content
        for _ in range(2)
    )

    assert first == second


def test_a_download_is_written_to_a_file(
    reader: OpenAI, finished: object, tmp_path: Path
) -> None:
    download = reader.videos.download_content(finished.video.id)

    download.write_to_file(tmp_path / "video.mp4")

    assert download.content == (tmp_path / "video.mp4").read_bytes()


def test_a_download_is_streamed_in_pieces(reader: OpenAI, finished: object) -> None:
    whole = reader.videos.download_content(finished.video.id).content

    streaming = reader.videos.with_streaming_response
    with streaming.download_content(finished.video.id) as response:
        pieces = list(response.iter_bytes(10_000))

    assert len(pieces) > 1
    assert whole == b"".join(pieces)


def test_a_download_is_streamed_to_a_file(
    reader: OpenAI, finished: object, tmp_path: Path
) -> None:
    streaming = reader.videos.with_streaming_response
    with streaming.download_content(finished.video.id) as response:
        response.stream_to_file(tmp_path / "video.mp4")

    assert is_mp4((tmp_path / "video.mp4").read_bytes())


def test_a_download_broken_off_harms_nothing(reader: OpenAI, finished: object) -> None:
    streaming = reader.videos.with_streaming_response
    with streaming.download_content(finished.video.id) as response:
        next(response.iter_bytes(100))

    assert is_mp4(reader.videos.download_content(finished.video.id).content)


def test_different_words_make_different_bytes(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    first = client.videos.create_and_poll(prompt="one", **tiny)
    second = client.videos.create_and_poll(prompt="two", **tiny)

    contents = [
        client.videos.download_content(video.id).content for video in (first, second)
    ]

    assert contents[0] != contents[1]


def test_a_video_under_way_has_no_content(
    patient: OpenAI, refused: Callable[..., NotFoundError]
) -> None:
    video = patient.videos.create(prompt="x")

    for variant in TYPES:
        error = refused(
            NotFoundError,
            lambda variant=variant: patient.videos.download_content(
                video.id, variant=variant
            ),
        )
        expected = (
            "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
        )
        assert expected == error.body["message"]
        assert (None, None) == (error.param, error.code)


def test_an_expired_video_stays_but_its_content_is_gone(
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
    refused: Callable[..., NotFoundError],
    tiny: dict[str, object],
) -> None:
    client = caller(serve(pace="instant", speed=1e6))
    video = client.videos.create_and_poll(prompt="x", **tiny)

    error = refused(NotFoundError, lambda: client.videos.download_content(video.id))
    found = client.videos.retrieve(video.id)

    assert "expired" in error.body["message"]
    assert (None, None) == (error.param, error.code)
    assert ("completed", 100, None) == (found.status, found.progress, found.url)
    assert [video.id] == [listed.id for listed in client.videos.list()]
    assert video.expires_at == found.expires_at


@pytest.mark.anyio
async def test_an_async_client_downloads_and_streams(
    server: Emulator, finished: object, tmp_path: Path
) -> None:
    client = AsyncOpenAI(base_url=server.url, api_key=finished.key, max_retries=0)
    async with client:
        whole = await client.videos.download_content(finished.video.id)
        streaming = client.videos.with_streaming_response
        async with streaming.download_content(finished.video.id) as response:
            pieces = [piece async for piece in response.iter_bytes(10_000)]
        whole.write_to_file(tmp_path / "video.mp4")

    assert is_mp4(whole.content)
    assert whole.content == b"".join(pieces)
    assert whole.content == (tmp_path / "video.mp4").read_bytes()
