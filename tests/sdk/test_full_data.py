"""A server whose data is full, as a client sees it: before, and after a restart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from openai import APIStatusError, InternalServerError, NotFoundError, OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

MOST = 2**20

Call = Callable[..., OpenAI]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def small(folder: Path) -> Iterator[Emulator]:
    with Emulator(
        pace="instant", data=folder, max_data="1MiB", log_level="error"
    ) as running:
        yield running


def uploaded(client: OpenAI, size: int) -> str:
    return client.files.create(file=b"x" * size, purpose="user_data").id


def scraped(emulator: Emulator) -> dict[str, float]:
    lines = httpx.get(f"{emulator.address}/metrics").text.splitlines()
    pairs = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in pairs}


def is_made_again_when_lost(client: OpenAI, video_id: str, folder: Path) -> None:
    """A thumbnail can be evicted between its row and its stream."""
    first = client.videos.download_content(video_id, variant="thumbnail").content
    [stored] = [
        path for path in (folder / "blobs").rglob("*") if path.suffix == ".webp"
    ]
    stored.unlink()
    again = client.videos.download_content(video_id, variant="thumbnail").content
    assert first == again == stored.read_bytes()


def is_as_an_expired_one(client: OpenAI, video_id: str) -> None:
    video = client.videos.retrieve(video_id)
    listed = next(one for one in client.videos.list() if one.id == video_id)
    assert listed == video
    assert ("completed", None) == (video.status, video.model_dump()["url"])
    assert video.completed_at <= video.expires_at < video.completed_at + 3600
    for variant in ("video", "thumbnail"):
        with pytest.raises(NotFoundError, match="has expired"):
            client.videos.download_content(video_id, variant=variant)


def test_an_evicted_video_is_an_expired_one_also_after_a_restart(
    small: Emulator, folder: Path, caller: Call, tiny: dict[str, object]
) -> None:
    client = caller(small)
    video = client.videos.create_and_poll(prompt="a kite", **tiny)
    url = video.model_dump()["url"]
    size = int(httpx.head(url).headers["content-length"])
    file = uploaded(client, MOST - size // 2)
    metrics = scraped(small)

    is_as_an_expired_one(client, video.id)
    assert 404 == httpx.get(url).status_code
    assert 1 == metrics["reelmock_evicted_videos_total"]
    assert size == metrics["reelmock_evicted_bytes_total"]
    assert MOST - size // 2 == metrics["reelmock_stored_bytes"]
    assert MOST == metrics["reelmock_stored_bytes_max"]
    stored = [path.name for path in (folder / "blobs").rglob("*") if path.is_file()]
    assert [file] == stored

    small.stop()
    with Emulator(pace="instant", data=folder) as again:
        is_as_an_expired_one(caller(again), video.id)
        assert 404 == httpx.get(url.replace(small_port(url), again.address)).status_code


def small_port(url: str) -> str:
    """The address that a URL begins with."""
    return url.partition("/v1")[0]


def test_what_finds_no_room_is_refused_and_takes_none(
    small: Emulator, folder: Path, caller: Call, picture: Callable[..., bytes],
    tiny: dict[str, object], refused: Callable[..., APIStatusError],
) -> None:  # fmt: skip
    client = caller(small)
    file = uploaded(client, MOST - 1000)
    reference = ("a.png", picture(16, 16), "image/png")
    for call in (
        lambda: uploaded(client, 2000),
        lambda: client.videos.create(prompt="a kite", **tiny),
        lambda: client.videos.create(
            prompt="a kite", input_reference=reference, **tiny
        ),
    ):
        error = refused(InternalServerError, call)
        assert (507, "storage_full") == (error.status_code, error.code)
        assert "server_error" == error.type
        assert "--max-data" in error.message

    assert [file] == [one.id for one in client.files.list()]
    assert [] == list(client.videos.list())
    assert MOST - 1000 == scraped(small)["reelmock_stored_bytes"]

    client.files.delete(file)
    video = client.videos.create_and_poll(prompt="a kite", **tiny)
    assert "completed" == video.status
    is_made_again_when_lost(client, video.id, folder)


def test_a_preload_that_finds_no_room_is_refused_with_what_to_do(
    small: Emulator, caller: Call
) -> None:
    uploaded(caller(small), MOST - 1000)
    answer = httpx.post(
        f"{small.address}/_reelmock/videos",
        json={"videos": [{"prompt": "a kite", "status": "completed"}]},
        headers={"Authorization": "Bearer sk-test-caller"},
    )

    assert 507 == answer.status_code
    assert "--max-data" in answer.json()["error"]["message"]
