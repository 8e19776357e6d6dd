"""`--enforce`: knobs that refuse what everybody else lets pass, and rules that hold at
every level."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from openai import (
    APIStatusError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
)

from fakes import hold_renders
from reelmock import Emulator
from reelmock.settings import BadSettings

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]
Refused = Callable[..., APIStatusError]
Told = Callable[[httpx.Response], dict[str, object]]
Paint = Callable[..., bytes]

LEVELS = pytest.mark.parametrize("level", ["strict", "standard", "loose"])
CLIP = ("clip.mp4", b"Example data", "video/mp4")
ROUTES = [
    ("POST", "/videos"),
    ("GET", "/videos"),
    ("POST", "/videos/edits"),
    ("POST", "/videos/extensions"),
    ("POST", "/videos/characters"),
    ("GET", "/videos/characters/char_1"),
    ("GET", "/videos/video_1"),
    ("DELETE", "/videos/video_1"),
    ("POST", "/videos/video_1/remix"),
    ("GET", "/videos/video_1/content"),
    ("HEAD", "/videos/video_1/content"),
]


@pytest.fixture(scope="module")
def stern() -> Iterator[Emulator]:
    """Takes no file parts for pictures, no clips of one's own, no five seconds."""
    knobs = ("reference-object", "footage-eligible", "seconds-whole")
    with Emulator(pace="realistic", enforce=knobs, conformance=True) as running:
        hold_renders(running)
        yield running


@pytest.fixture(scope="module")
def prudish() -> Iterator[Emulator]:
    with Emulator(enforce="moderation", conformance=True) as running:
        yield running


@pytest.fixture(scope="module")
def ended() -> Iterator[Emulator]:
    with Emulator(enforce=["sunset"]) as running:
        yield running


def at(level: str) -> dict[str, str]:
    return {"X-Reelmock-Contract": level}


@LEVELS
def test_a_file_part_is_no_reference_object(
    level: str, caller: Caller, stern: Emulator, picture: Paint, refused: Refused
) -> None:
    client, file = caller(stern), ("a.png", picture(), "image/png")

    error = refused(
        BadRequestError,
        lambda: client.videos.create(
            prompt="x", input_reference=file, extra_headers=at(level)
        ),
    )

    assert {
        "message": "Invalid type for 'input_reference': expected an object, but got a "
        "file instead.",
        "type": "invalid_request_error",
        "param": "input_reference",
        "code": "invalid_type",
    } == error.body


def test_the_same_picture_by_its_id_is_one(
    caller: Caller, stern: Emulator, picture: Paint
) -> None:
    client = caller(stern)
    file = client.files.create(file=("a.png", picture()), purpose="vision")
    named = {"input_reference[file_id]": file.id}

    assert "queued" == client.videos.create(prompt="x", extra_body=named).status


@LEVELS
@pytest.mark.parametrize("operation", ["edit", "extend"])
def test_a_clip_of_ones_own_is_for_eligible_accounts(
    operation: str, level: str, caller: Caller, stern: Emulator, refused: Refused
) -> None:
    videos = caller(stern).videos
    more = {"seconds": "4"} if operation == "extend" else {}
    call = getattr(videos, operation)

    error = refused(
        PermissionDeniedError,
        lambda: call(video=CLIP, prompt="x", extra_headers=at(level), **more),
    )

    assert {
        "message": "Your account is not eligible to use uploaded videos.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    } == error.body


def test_a_video_that_is_there_may_be_edited_all_the_same(
    wire: Wire, stern: Emulator
) -> None:
    body = {"video": {"id": "video_1"}, "prompt": "x"}

    assert 200 == wire(stern).post("/v1/videos/edits", json=body).status_code


def test_a_character_s_clip_is_no_source(caller: Caller, stern: Emulator) -> None:
    made = caller(stern).videos.create_character(name="x", video=CLIP)

    assert "x" == made.name


@LEVELS
@pytest.mark.parametrize("seconds", ["5", 5], ids=repr)
def test_a_rule_of_the_levels_is_held_at_each_of_them(
    seconds: object, level: str, wire: Wire, stern: Emulator, told: Told
) -> None:
    body = {"prompt": "x", "seconds": seconds}
    answer = wire(stern).post("/v1/videos", json=body, headers=at(level))

    assert 400 == answer.status_code
    assert "seconds" == told(answer)["param"]


def test_other_rules_of_the_levels_pass_as_ever(wire: Wire, stern: Emulator) -> None:
    body = {"prompt": "x", "seconds": 4}
    answer = wire(stern).post("/v1/videos", json=body)

    assert 200 == answer.status_code
    assert "seconds-integer" in answer.headers["x-reelmock-contract-warning"]


@LEVELS
def test_moderation_refuses_every_prompt(
    level: str, caller: Caller, prudish: Emulator, refused: Refused
) -> None:
    videos, headers = caller(prudish).videos, at(level)

    for call in (
        lambda: videos.create(prompt="a kite", extra_headers=headers),
        lambda: videos.remix("video_1", prompt="a kite", extra_headers=headers),
        lambda: videos.edit(video=CLIP, prompt="a kite", extra_headers=headers),
        lambda: videos.extend(
            video=CLIP, prompt="a kite", seconds="4", extra_headers=headers
        ),
    ):
        assert {
            "message": "Your request was blocked by our moderation system.",
            "type": "invalid_request_error",
            "param": "prompt",
            "code": "moderation_blocked",
        } == refused(BadRequestError, call).body
    assert [] == videos.list().data


def test_moderation_refuses_nothing_that_has_no_prompt(
    caller: Caller, prudish: Emulator
) -> None:
    client = caller(prudish)

    assert "x" == client.videos.create_character(name="x", video=CLIP).name
    assert "completed" == client.videos.retrieve("video_1").status


@pytest.mark.parametrize("prefix", ["", "/v1", "/openai/v1"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_after_the_sunset_no_route_of_videos_is_known(
    method: str, path: str, prefix: str, wire: Wire, ended: Emulator
) -> None:
    answer = wire(ended).request(method, prefix + path)

    assert 404 == answer.status_code
    if method != "HEAD":
        words = f"Invalid URL ({method} {prefix}{path})"
        assert words == answer.json()["error"]["message"]


def test_after_the_sunset_files_and_models_are_as_ever(
    caller: Caller, ended: Emulator, refused: Refused
) -> None:
    client = caller(ended)
    file = client.files.create(file=("a.txt", b"words"), purpose="user_data")

    assert [file] == client.files.list().data
    assert b"words" == client.files.content(file.id).content
    assert 5 == len(client.models.list().data)
    refused(NotFoundError, client.videos.list)


def test_after_the_sunset_a_caller_needs_a_key_first(
    wire: Wire, ended: Emulator
) -> None:
    assert 401 == wire(ended, key=None).get("/v1/videos").status_code


def test_nothing_is_enforced_unless_asked_for(patient: OpenAI, picture: Paint) -> None:
    file = ("a.png", picture(), "image/png")
    answer = patient.videos.with_raw_response.create(prompt="x", input_reference=file)

    assert "x-reelmock-contract-warning" not in answer.headers


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sunest", "did you mean sunset?"),
        ("Moderation", "did you mean moderation?"),
        ("reference_object", "did you mean reference-object?"),
        ("seconds-hole", "did you mean seconds-whole?"),
        ("zzz", "reelmock rules lists them"),
    ],
)
def test_an_unknown_rule_is_refused_with_the_likely_one(name: str, hint: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Emulator(enforce=("sunset", name))

    words = str(refused.value)
    assert words.startswith(f"enforce: no rule '{name}'; ")
    assert hint in words
