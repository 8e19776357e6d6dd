"""`--conformance`: what was never made is there all the same, and written nowhere."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video
from PIL import Image

from reelmock import Emulator
from reelmock.domain.catalog import Size
from reelmock.domain.timeline import standing
from reelmock.media.renderer import FfmpegRenderer
from reelmock.service.videos import find

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Call = Callable[[OpenAI], Any]

THIRTEEN = [
    "id", "object", "created_at", "status", "completed_at", "error", "expires_at",
    "model", "progress", "prompt", "remixed_from_video_id", "seconds", "size",
]  # fmt: skip
EXAMPLE = b"Example data"
IDS = ["video_123", "x", "a b", 'ü"\n%', "..a", "x" * 300]
READS: dict[str, Call] = {
    "video": lambda client: client.videos.retrieve("video_123"),
    "its content": lambda client: client.videos.download_content("video_123"),
    "its delete": lambda client: client.videos.delete("video_123"),
    "videos behind it": lambda client: client.videos.list(after="video_123"),
    "character": lambda client: client.videos.get_character("char_123"),
    "file": lambda client: client.files.retrieve("file_id"),
    "file's content": lambda client: client.files.content("file_id"),
    "file's delete": lambda client: client.files.delete("file_id"),
    "files behind it": lambda client: client.files.list(after="file_id"),
    "model": lambda client: client.models.retrieve("gpt-6"),
    "endpoint": lambda client: client.webhooks.retrieve("whe_123"),
    "its update": lambda client: client.webhooks.update("whe_123", name="x"),
    "its secret": lambda client: client.webhooks.rotate_secret("whe_123"),
    "its test": lambda client: client.webhooks.test(
        "whe_123", event_type="batch.completed"
    ),
    "endpoint's delete": lambda client: client.webhooks.delete("whe_123"),
    "endpoints behind it": lambda client: client.webhooks.list(after="whe_123"),
}
WRITES: dict[str, Call] = {
    "remix": lambda client: client.videos.remix("video_123", prompt="x"),
    "edit": lambda client: by_id(client, "edits"),
    "extension": lambda client: by_id(client, "extensions", seconds="4"),
    "create with a file": lambda client: client.videos.create(
        prompt="x", extra_body={"input_reference[file_id]": "file_id"}
    ),
    "create with a character": lambda client: client.videos.create(
        prompt="x", extra_body={"characters": [{"id": "char_123"}]}
    ),
}
TAKEN: dict[str, Call] = {
    "reference": lambda client: client.videos.create(
        prompt="x", input_reference=EXAMPLE
    ),
    "edit": lambda client: client.videos.edit(prompt="x", video=EXAMPLE),
    "extension": lambda client: client.videos.extend(
        prompt="x", seconds="4", video=EXAMPLE
    ),
}


@pytest.fixture(scope="module")
def conforming() -> Iterator[Emulator]:
    with Emulator(pace="instant", conformance=True) as running:
        yield running


@pytest.fixture
def lenient(caller: Caller, conforming: Emulator, key: str) -> OpenAI:
    return caller(conforming, key)


def by_id(client: OpenAI, route: str, **more: str) -> Video:
    body = {"video": {"id": "video_123"}, "prompt": "x", **more}
    return client.post(f"/videos/{route}", body=body, cast_to=Video)


def ended(client: OpenAI, video: Video) -> Video:
    """Asked for often: the exact dialect says nothing of when to."""
    return client.videos.poll(video.id, poll_interval_ms=20)


def as_sent(client: OpenAI, video_id: str, **headers: str) -> dict[str, Any]:
    raw = client.videos.with_raw_response
    return raw.retrieve(video_id, extra_headers=headers).http_response.json()


@pytest.mark.parametrize("video_id", IDS, ids=range(len(IDS)))
def test_a_video_that_never_was_is_a_completed_one(
    video_id: str, lenient: OpenAI
) -> None:
    video = as_sent(lenient, video_id)

    assert THIRTEEN == list(video)
    assert (video_id, "completed", 100) == (
        video["id"],
        video["status"],
        video["progress"],
    )
    assert ("sora-2", "4", "720x1280") == (
        video["model"],
        video["seconds"],
        video["size"],
    )
    assert video["created_at"] < video["completed_at"] < video["expires_at"]
    assert (None, None) == (video["error"], video["remixed_from_video_id"])
    assert video == as_sent(lenient, video_id)


def test_other_things_that_never_were_are_there_too(lenient: OpenAI) -> None:
    character = lenient.videos.get_character("char_123")
    file = lenient.files.retrieve("file_id")
    model = lenient.models.retrieve("ft:org/gpt-6")

    assert ("char_123", "file_id", "ft:org/gpt-6") == (character.id, file.id, model.id)
    assert ("upload", "processed", len(EXAMPLE)) == (
        file.filename,
        file.status,
        file.bytes,
    )
    assert EXAMPLE == lenient.files.content("file_id").content
    assert "object" not in character.to_dict()


def test_an_endpoint_that_never_was_is_there_and_nothing_is_posted_to_it(
    lenient: OpenAI,
) -> None:
    endpoint = lenient.webhooks.retrieve("whe_123")
    renamed = lenient.webhooks.update("whe_123", name="shop", url="https://")
    rotated = lenient.webhooks.rotate_secret("whe_123")
    result = lenient.webhooks.test("whe_123", event_type="video.failed")

    assert ("whe_123", "whe_123") == (endpoint.id, endpoint.name)
    assert ("shop", "https://") == (renamed.name, renamed.url)
    assert rotated.signing_secret.startswith("whsec_")
    assert (True, 200, "whe_123") == (
        result.success, result.status_code, result.webhook_endpoint_id
    )  # fmt: skip
    assert endpoint == lenient.webhooks.retrieve("whe_123")
    assert [] == lenient.webhooks.list(limit=0).data


def test_an_endpoint_can_be_anywhere_and_the_oldest_makes_room(
    lenient: OpenAI, refused: Refused
) -> None:
    def made() -> str:
        return lenient.webhooks.create(
            name="x", url="https://", event_types=["batch.completed"]
        ).id

    first = made()
    for _ in range(100):
        last = made()

    refused(NotFoundError, lambda: lenient.webhooks.retrieve(first))
    assert [last] == [one.id for one in lenient.webhooks.list(limit=1).data]
    assert 100 == len(lenient.webhooks.list(limit=100).data)


def test_all_is_the_same_within_the_hour_and_another_in_the_next(world: Any) -> None:
    ports, seen = replace(world.ports, conformance=True), []
    world.clock.pass_by(1)
    for seconds in (0, 3597, 1, 1):
        world.clock.pass_by(seconds)
        with ports.unit() as unit:
            job = find(ports, unit, world.now, world.project, "video_123")
        seen.append(job)
        assert not standing(job, world.now).is_expired

    assert seen[0] == seen[1] == seen[2] != seen[3]


VARIANTS = {"thumbnail": ("WEBP", (720, 1280)), "spritesheet": ("JPEG", None)}


@pytest.mark.judge
@pytest.mark.parametrize("variant", VARIANTS)
def test_stills_of_it_are_real_pictures(variant: str, lenient: OpenAI) -> None:
    form, size = VARIANTS[variant]
    content = lenient.videos.download_content('ü"\n', variant=variant).content

    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert form == picture.format
        assert size in (None, picture.size)


@pytest.mark.judge
def test_its_content_is_a_real_clip(
    lenient: OpenAI, tmp_path: Path, wire: Callable[..., httpx.Client],
    conforming: Emulator,
) -> None:  # fmt: skip
    content = lenient.videos.download_content("video_123").content
    measured = FfmpegRenderer(tmp_path).measure(content, "video/mp4")
    part = wire(conforming).get(
        "/v1/videos/video_123/content", headers={"Range": "bytes=4-7"}
    )

    assert (Size(720, 1280), 4) == (measured.size, measured.whole_seconds)
    assert content == lenient.videos.download_content("video_123").content
    assert (206, b"ftyp") == (part.status_code, part.content)


@pytest.mark.judge
@pytest.mark.parametrize("what", WRITES)
def test_a_video_is_made_with_what_never_was(what: str, lenient: OpenAI) -> None:
    video = ended(lenient, WRITES[what](lenient))

    assert ("completed", "x") == (video.status, video.prompt)
    assert ("8" if what == "extension" else "4") == video.seconds
    assert ("video_123" if what == "remix" else None) == video.remixed_from_video_id
    assert [video.id] == [one.id for one in lenient.videos.list()]


@pytest.mark.judge
@pytest.mark.parametrize("what", TAKEN)
def test_unreadable_media_becomes_a_plain_slate(
    what: str, lenient: OpenAI, tmp_path: Path
) -> None:
    video = ended(lenient, TAKEN[what](lenient))
    content = lenient.videos.download_content(video.id).content
    measured = FfmpegRenderer(tmp_path).measure(content, "video/mp4")

    assert "completed" == video.status
    assert int(video.seconds) == measured.whole_seconds
    assert video.size == str(measured.size)


def test_a_character_is_made_of_anything(lenient: OpenAI) -> None:
    made = lenient.videos.create_character(name="Otto", video=EXAMPLE)

    assert "Otto" == made.name == lenient.videos.get_character(made.id).name


def test_any_place_in_a_list_is_fine(lenient: OpenAI) -> None:
    video = lenient.videos.create(prompt="x")
    file = lenient.files.create(file=EXAMPLE, purpose="vision")

    assert [] == lenient.videos.list(after="after", limit=0, order="asc").data
    assert [] == lenient.files.list(after="after", limit=0, order="asc").data
    assert [] == lenient.videos.list(after="never").data
    assert [video.id] == [one.id for one in lenient.videos.list(limit=1)]
    assert [file] == lenient.files.list(limit=1).data


def test_what_was_made_and_deleted_is_gone(
    lenient: OpenAI, tiny: dict[str, object], refused: Refused
) -> None:
    video = ended(lenient, lenient.videos.create(prompt="x", **tiny))
    file = lenient.files.create(file=EXAMPLE, purpose="vision")
    lenient.videos.delete(video.id)
    lenient.files.delete(file.id)
    endpoint = lenient.webhooks.create(
        name="x", url="https://", event_types=["video.failed"]
    )
    lenient.webhooks.delete(endpoint.id)

    for call in (
        lambda: lenient.videos.retrieve(video.id),
        lambda: lenient.videos.download_content(video.id),
        lambda: lenient.videos.remix(video.id, prompt="x"),
        lambda: lenient.videos.delete(video.id),
        lambda: lenient.files.retrieve(file.id),
        lambda: lenient.files.content(file.id),
        lambda: lenient.files.delete(file.id),
        lambda: lenient.webhooks.retrieve(endpoint.id),
        lambda: lenient.webhooks.delete(endpoint.id),
    ):
        refused(NotFoundError, call)


def test_deleting_what_never_was_changes_nothing(lenient: OpenAI) -> None:
    for _ in range(2):
        assert lenient.videos.delete("video_123").deleted
        assert lenient.files.delete("file_id").deleted
        assert lenient.models.delete("sora-2").deleted
    assert "completed" == lenient.videos.retrieve("video_123").status
    assert "sora-2" == lenient.models.list().data[0].id


def test_what_was_made_goes_through_its_life(
    serve: Callable[..., Emulator], caller: Caller, refused: Refused
) -> None:
    client = caller(serve(conformance=True))
    video = client.videos.create(prompt="x")

    assert "queued" == video.status
    assert client.videos.retrieve(video.id).progress < 100
    refused(NotFoundError, lambda: client.videos.download_content(video.id))
    refused(BadRequestError, lambda: client.videos.delete(video.id))


def rows(folder: Path) -> dict[str, int]:
    tables = (
        "project", "job", "asset", "character", "file", "repeat", "endpoint",
        "event", "delivery",
    )  # fmt: skip
    with closing(sqlite3.connect(folder / "reelmock.db")) as database:
        return {
            name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in tables
        }


def test_nothing_is_written(
    serve: Callable[..., Emulator], caller: Caller, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    client = caller(serve(conformance=True, data=folder))
    for call in READS.values():
        call(client)
    client.videos.download_content("video_123", variant="thumbnail")

    assert {0} == set(rows(folder).values())
    for name in ("blobs", "scratch"):
        assert [] == list((folder / name).rglob("*"))


def test_its_url_works_by_itself(lenient: OpenAI) -> None:
    """In a dialect that has one."""
    video = as_sent(lenient, "video_123", **{"X-Reelmock-Dialect": "openai"})

    assert 200 == httpx.get(video["url"]).status_code


def test_a_dialect_that_was_chosen_is_spoken(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    client = caller(serve(conformance=True, dialect="openai"))

    assert [*THIRTEEN, "url", "duration"] == list(as_sent(client, "video_123"))


@pytest.mark.parametrize("what", READS | WRITES)
def test_without_the_flag_nothing_is_invented(
    what: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(NotFoundError, lambda: (READS | WRITES)[what](client))

    assert "invalid_request_error" == error.type
