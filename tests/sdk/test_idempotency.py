"""`Idempotency-Key`: the same request again makes nothing new."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video
from starlette.testclient import TestClient

from fakes import hold_renders
from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Told = Callable[[httpx.Response], dict[str, object]]
Paint = Callable[..., bytes]

AGAIN = {"Idempotency-Key": "again"}
DAY = 24 * 3600
TWENTY = 20
SMALL = {"size": "16x16", "extra_headers": {"X-Reelmock-Contract": "loose"}}
CLIP = ("clip.mp4", b"Example data", "video/mp4")
DIFFERS = (
    "The Idempotency-Key 'again' was used for a different request within the last 24 "
    "hours. Send the same request again, or use another key."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idempotency") / "here"


@pytest.fixture(scope="module")
def lenient(folder: Path) -> Iterator[Emulator]:
    """Takes any bytes for a clip, so that every operation can be asked for cheaply."""
    with Emulator(pace="realistic", conformance=True, data=folder) as running:
        hold_renders(running)
        yield running


@pytest.fixture
def client(caller: Caller, lenient: Emulator, key: str) -> OpenAI:
    return caller(lenient, key, default_headers=AGAIN)


@pytest.fixture
def held(at_noon: Callable[..., TestClient]) -> TestClient:
    """The API at noon; time moves when it is told to."""
    return at_noon(AGAIN)


@pytest.fixture
def file(picture: Paint) -> tuple[str, bytes, str]:
    return ("a.png", picture(16, 16), "image/png")


def by_json(client: OpenAI, **fields: object) -> Video:
    return client.post("/videos", body=fields, cast_to=Video)


ASKED: dict[str, Callable[[OpenAI, Any], Any]] = {
    "create": lambda client, _: client.videos.create(prompt="x", seconds="8"),
    "json": lambda client, _: by_json(client, prompt="x", seconds="8"),
    "picture": lambda client, file: client.videos.create(
        prompt="x", input_reference=file, **SMALL
    ),
    "remix": lambda client, _: client.videos.remix("video_123", prompt="x"),
    "edit": lambda client, _: client.videos.edit(video=CLIP, prompt="x"),
    "extension": lambda client, _: client.videos.extend(
        video=CLIP, prompt="x", seconds="4"
    ),
    "character": lambda client, _: client.videos.create_character(name="x", video=CLIP),
    "file": lambda client, file: client.files.create(file=file, purpose="vision"),
}


@pytest.mark.parametrize("kind", ASKED)
def test_the_same_request_again_gives_the_same(
    kind: str, client: OpenAI, file: object
) -> None:
    first, second = (ASKED[kind](client, file).id for _ in range(2))

    assert first == second
    assert len(client.videos.list().data) <= 1
    assert len(client.files.list().data) <= 1


@pytest.mark.parametrize("kind", ASKED)
def test_at_the_same_time_twenty_equal_requests_make_one(
    kind: str, client: OpenAI, file: object, folder: Path
) -> None:
    before, together = stored(folder), Barrier(TWENTY)

    def ask(_: int) -> str:
        together.wait(10)
        return ASKED[kind](client, file).id

    with ThreadPoolExecutor(TWENTY) as threads:
        made = set(threads.map(ask, range(TWENTY)))

    assert 1 == len(made)
    assert len(client.videos.list().data) <= 1
    assert len(client.files.list().data) <= 1
    assert len(stored(folder) - before) <= 1


def test_without_a_key_every_request_makes_its_own(patient: OpenAI) -> None:
    assert 2 == len({patient.videos.create(prompt="x").id for _ in range(2)})


def test_a_form_and_json_that_ask_for_the_same_are_the_same(client: OpenAI) -> None:
    by_form = client.videos.create(prompt="x", seconds="8", model="sora-2")
    as_json = by_json(client, seconds="8", model="sora-2", prompt="x")

    assert by_form.id == as_json.id


@pytest.mark.parametrize("boundary", ["b", "another-boundary"])
def test_a_form_is_what_it_says_and_not_how(boundary: str, held: TestClient) -> None:
    first = held.post("/v1/videos", json={"prompt": "x", "seconds": "8"}).json()
    part = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = {"seconds": "8", "prompt": "x"}
    body = "".join(part.format(boundary, *field) for field in fields.items())

    again = held.post(
        "/videos",
        content=f"{body}--{boundary}--\r\n",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )

    assert first["id"] == again.json()["id"]


OTHERS: dict[str, tuple[str, Callable[[OpenAI, Any], Any]]] = {
    "prompt": ("create", lambda client, _: by_json(client, prompt="y", seconds="8")),
    "fewer fields": ("create", lambda client, _: client.videos.create(prompt="x")),
    "type": ("json", lambda client, _: by_json(client, prompt="x", seconds=8)),
    "file name": (
        "picture",
        lambda client, file: client.videos.create(
            prompt="x", input_reference=("b.png", *file[1:]), **SMALL
        ),
    ),
    "bytes": (
        "edit",
        lambda client, _: client.videos.edit(video=("clip.mp4", b"x"), prompt="x"),
    ),
    "source": ("remix", lambda client, _: client.videos.remix("video_1", prompt="x")),
    "route": ("remix", lambda client, _: client.videos.create(prompt="x")),
    "name": (
        "character",
        lambda client, _: client.videos.create_character(name="y", video=CLIP),
    ),
    "purpose": (
        "file",
        lambda client, file: client.files.create(file=file, purpose="evals"),
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_request_that_differs_is_refused_under_the_same_key(
    what: str, client: OpenAI, file: object, refused: Refused
) -> None:
    kind, other = OTHERS[what]
    ASKED[kind](client, file)

    error = refused(BadRequestError, lambda: other(client, file))

    assert {
        "message": DIFFERS,
        "type": "invalid_request_error",
        "param": None,
        "code": "idempotency_key_reused",
    } == error.body


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"prompt": "x", "seconds": "8"}, {"prompt": "x\x1fseconds\x1fstr\x1f8"}),
        ({"prompt": "x", "size": "a"}, {"prompt": "x", "size": ["a"]}),
        ({"prompt": "1"}, {"prompt": 1}),
        ({"prompt": "x", "characters": []}, {"prompt": "x"}),
    ],
)
def test_no_two_different_bodies_are_ever_taken_for_one(
    first: object, second: object, held: TestClient
) -> None:
    """Where one of the two is refused anyway, it is refused for itself."""
    answers = [held.post("/v1/videos", json=body).json() for body in (first, second)]
    ids = [answer["id"] for answer in answers if "id" in answer]

    assert len(ids) == len(set(ids))


def test_another_project_s_key_is_another_key(
    caller: Caller, lenient: Emulator, key: str, client: OpenAI
) -> None:
    other = caller(lenient, key + "-other", default_headers=AGAIN)
    named = caller(lenient, key, project="proj_a", default_headers=AGAIN)

    made = {one.videos.create(prompt="x").id for one in (client, other, named)}

    assert 3 == len(made)


def test_another_key_is_another_request(client: OpenAI) -> None:
    first = client.videos.create(prompt="x")
    second = client.videos.create(
        prompt="x", extra_headers={"Idempotency-Key": "Again"}
    )

    assert first.id != second.id


@pytest.mark.parametrize("prefix", ["", "/v1", "/openai/v1", "/proxy/openai/v1"])
def test_the_prefix_makes_no_other_request(prefix: str, held: TestClient) -> None:
    first = held.post("/v1/videos", json={"prompt": "x"}).json()
    second = held.post(f"{prefix}/videos", json={"prompt": "x"}).json()

    assert first["id"] == second["id"]


@pytest.mark.parametrize(("passed", "is_same"), [(DAY - 1, True), (DAY, False)])
def test_a_key_is_remembered_for_a_day_of_the_project(
    passed: int, is_same: bool, world: Any, held: TestClient
) -> None:
    first = held.post("/v1/videos", json={"prompt": "x"}).json()
    world.clock.pass_by(passed)
    second = held.post("/v1/videos", json={"prompt": "x"}).json()

    assert is_same is (first["id"] == second["id"])


def test_after_a_day_the_key_may_stand_for_something_else(
    world: Any, held: TestClient
) -> None:
    held.post("/v1/videos", json={"prompt": "x"})
    world.clock.pass_by(DAY)
    held.post("/v1/videos", json={"prompt": "y"})
    answer = held.post("/v1/videos", json={"prompt": "x"})

    assert "idempotency_key_reused" == answer.json()["error"]["code"]


def test_a_refused_request_does_not_use_up_its_key(held: TestClient) -> None:
    refused = held.post("/v1/videos", json={"prompt": ""})
    answer = held.post("/v1/videos", json={"prompt": "x"})

    assert (400, 200) == (refused.status_code, answer.status_code)


def test_a_repeat_of_a_deleted_video_is_not_found(
    refused: Refused, serve: Callable[..., Emulator], caller: Caller
) -> None:
    client = caller(serve(pace="instant"), default_headers=AGAIN)
    video = client.videos.create_and_poll(prompt="x")
    client.videos.delete(video.id)

    error = refused(NotFoundError, lambda: client.videos.create(prompt="x"))

    assert f"Video with id '{video.id}' not found." == error.body["message"]


FORMS = {
    "/v1/videos": {"prompt": (None, "x")},
    "/v1/videos/edits": {"prompt": (None, "x"), "video": CLIP},
    "/v1/files": {"purpose": (None, "vision"), "file": CLIP},
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("length", [0, 256])
def test_a_key_has_a_length(
    length: int, path: str, wire: Callable[..., httpx.Client], lenient: Emulator,
    key: str, told: Told,
) -> None:  # fmt: skip
    headers = {"Idempotency-Key": "k" * length}

    answer = wire(lenient, key).post(path, files=FORMS[path], headers=headers)

    assert 400 == answer.status_code
    error = told(answer)
    assert "invalid_value" == error["code"]
    assert "expected 1 to 255 characters" in error["message"]


def test_a_key_of_the_longest_length_is_taken(client: OpenAI) -> None:
    headers = {"Idempotency-Key": "k" * 255}
    made = {client.videos.create(prompt="x", extra_headers=headers).id for _ in "ab"}

    assert 1 == len(made)


def test_a_repeat_is_not_counted_by_the_rate_limit(
    serve: Callable[..., Emulator], caller: Caller, file: object
) -> None:
    client = caller(serve(rate_limit=1), default_headers=AGAIN)
    ids = {ASKED["picture"](client, file).id for _ in range(3)}

    assert 1 == len(ids)


def test_one_refused_for_its_rate_can_be_sent_again(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    client = caller(serve(rate_limit=1, speed=1000), max_retries=5)
    client.videos.create(prompt="x")

    made = {client.videos.create(prompt="x", extra_headers=AGAIN).id for _ in "ab"}

    assert 1 == len(made)


@pytest.mark.parametrize("kind", ["picture", "file"])
def test_repeats_leave_no_bytes_behind(
    kind: str, client: OpenAI, file: object, folder: Path
) -> None:
    before = stored(folder)
    for _ in range(3):
        ASKED[kind](client, file)

    assert 1 == len(stored(folder) - before)


def stored(folder: Path) -> set[str]:
    """The names of the bytes of references and files."""
    return {path.name for path in (folder / "blobs").rglob("*/[rf]*/*")}


def test_a_key_outlives_the_server(caller: Caller, tmp_path: Path) -> None:
    made = set()
    for _ in range(2):
        with Emulator(pace="realistic", data=tmp_path / "here") as running:
            hold_renders(running)
            client = caller(running, default_headers=AGAIN)
            made.add(client.videos.create(prompt="x").id)

    assert 1 == len(made)
