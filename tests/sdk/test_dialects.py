"""How the same video is written in each dialect, by server and by request."""

from collections.abc import Callable

import pytest
from openai import BadRequestError, OpenAI

from fakes import hold_renders
from reelmock import Emulator

pytestmark = pytest.mark.sdk

OFFICIAL = [
    "id", "object", "created_at", "status", "completed_at", "error", "expires_at",
    "model", "progress", "prompt", "remixed_from_video_id", "seconds", "size",
]  # fmt: skip
WIDE = [*OFFICIAL, "url", "duration"]
FIELDS = {"openai": WIDE, "openai-exact": OFFICIAL, "documented": WIDE}


def spoken(dialect: str) -> dict[str, str]:
    return {"X-Reelmock-Dialect": dialect}


def fields(client: OpenAI, video_id: str, **more: object) -> dict[str, object]:
    raw = client.videos.with_raw_response.retrieve(video_id, **more)
    return raw.http_response.json()


@pytest.mark.parametrize("dialect", FIELDS)
def test_a_request_chooses_its_dialect(
    dialect: str, reader: OpenAI, finished: object
) -> None:
    video = fields(reader, finished.video.id, extra_headers=spoken(dialect))

    assert FIELDS[dialect] == list(video)


@pytest.mark.parametrize("dialect", FIELDS)
def test_a_server_has_a_dialect(
    dialect: str, serve: Callable[..., Emulator], caller: Callable[..., OpenAI]
) -> None:
    client = caller(serve(dialect=dialect))
    created = client.videos.with_raw_response.create(prompt="x").http_response.json()
    listed = client.videos.with_raw_response.list().http_response.json()["data"]

    assert FIELDS[dialect] == list(created)
    assert FIELDS[dialect] == list(listed[0])
    assert FIELDS[dialect] == list(fields(client, created["id"]))


def test_a_request_outvotes_its_server(
    serve: Callable[..., Emulator], caller: Callable[..., OpenAI]
) -> None:
    client = caller(serve(dialect="openai-exact"))
    video_id = client.videos.create(prompt="x").id

    assert WIDE == list(fields(client, video_id, extra_headers=spoken("openai")))


@pytest.mark.parametrize(
    ("dialect", "word"),
    [
        ("openai", "in_progress"),
        ("openai-exact", "in_progress"),
        ("documented", "processing"),
    ],
)
def test_a_video_in_progress_has_the_dialect_s_word(
    dialect: str,
    word: str,
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
) -> None:
    # At a quick clock soon in progress, and never rendered.
    running = serve(speed=1e4)
    hold_renders(running)
    client = caller(running)
    video = client.videos.create(prompt="x")

    seen = "queued"
    while seen == "queued":
        found = fields(client, video.id, extra_headers=spoken(dialect))
        seen = found["status"]

    assert word == seen
    assert 0 <= found["progress"] <= 99


def test_a_completed_video_has_a_url_and_a_duration(
    reader: OpenAI, finished: object
) -> None:
    video = reader.videos.retrieve(finished.video.id)

    assert 4 == video.duration
    assert video.url.startswith("http://127.0.0.1:")


def test_url_and_duration_are_null_until_completed(patient: OpenAI) -> None:
    video = fields(patient, patient.videos.create(prompt="x").id)

    assert (None, None) == (video["url"], video["duration"])


@pytest.mark.parametrize("dialect", FIELDS)
def test_completed_is_completed_in_every_dialect(
    dialect: str, reader: OpenAI, finished: object
) -> None:
    video = fields(reader, finished.video.id, extra_headers=spoken(dialect))

    assert ("completed", 100) == (video["status"], video["progress"])


def test_the_case_of_a_dialect_does_not_matter(
    reader: OpenAI, finished: object
) -> None:
    video = fields(reader, finished.video.id, extra_headers=spoken("OpenAI-Exact"))

    assert OFFICIAL == list(video)


def test_a_dialect_that_does_not_exist_is_refused(
    patient: OpenAI, refused: Callable[..., BadRequestError]
) -> None:
    error = refused(
        BadRequestError, lambda: patient.videos.list(extra_headers=spoken("azure"))
    )

    assert "'openai', 'openai-exact', and 'documented'" in error.body["message"]
