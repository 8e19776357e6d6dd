"""Extensions: a video, and then something new."""

import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video

from reelmock import Emulator
from reelmock.media.ffmpeg import program

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]

KEY = "sk-test-of-the-extensions"
FORM = {"Content-Type": "multipart/form-data"}
WARNING = "X-Reelmock-Contract-Warning"
LEVELS = ["strict", "standard", "loose"]
LISTED = "Supported values are: '4', '8', '12', '16', and '20'."


@pytest.fixture(scope="module")
def source(caller: Caller, server: Emulator, tiny: dict[str, object]) -> Video:
    """A small video of a second that tests only look at."""
    videos = caller(server, KEY).videos
    return videos.create_and_poll(prompt="A calm sea", model="sora-2-pro", **tiny)


@pytest.fixture
def extender(caller: Caller, server: Emulator) -> OpenAI:
    """The official client of the project that has the source."""
    return caller(server, KEY)


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """A stranger's clip of 116 s, of one picture a second."""
    target: Path = tmp_path_factory.mktemp("long") / "long.mp4"
    card = "testsrc=size=64x64:rate=1:duration=116"
    words = ["-v", "error", "-f", "lavfi", "-i", card, "-pix_fmt", "yuv420p"]
    subprocess.run([program(), *words, target], check=True)
    return "long.mp4", target.read_bytes()


def at(level: str) -> dict[str, str]:
    return {"X-Reelmock-Contract": level}


def extend(
    client: OpenAI,
    video_id: str,
    seconds: object = "4",
    headers: dict[str, str] | None = None,
    **more: object,
) -> Video:
    """The SDK's own method takes no id, so that this is how one is sent."""
    fields = {"prompt": "It sinks", "video": {"id": video_id}, "seconds": seconds}
    return client.post(
        "/videos/extensions",
        body=fields | more,
        cast_to=Video,
        options={"headers": headers or {}},
    )


@pytest.mark.parametrize("headers", [{}, FORM], ids=["json", "form"])
def test_an_extension_has_the_seconds_of_both_parts(
    headers: dict[str, str], client: OpenAI, tiny: dict[str, object]
) -> None:
    source = client.videos.create_and_poll(prompt="A sea", **tiny | {"seconds": "8"})

    made = extend(client, source.id, "4", headers)

    assert ("8", "12") == (source.seconds, made.seconds)
    assert ("queued", 0, "It sinks") == (made.status, made.progress, made.prompt)
    assert source.id != made.id
    assert made.remixed_from_video_id is None


@pytest.mark.parametrize("seconds", [4, 8, 12, 16, 20])
def test_a_new_part_has_every_length_of_the_guide(
    seconds: int, extender: OpenAI, source: Video
) -> None:
    made = extend(extender, source.id, str(seconds), at("strict"))

    assert str(1 + seconds) == made.seconds
    assert (source.model, source.size) == (made.model, made.size)


@pytest.mark.judge
def test_an_extension_goes_its_whole_way(extender: OpenAI, source: Video) -> None:
    made = extender.videos.poll(extend(extender, source.id).id)

    content = extender.videos.download_content(made.id).content
    assert ("completed", 100, 5) == (made.status, made.progress, made.duration)
    assert b"ftyp" == content[4:8]
    assert made.id in [video.id for video in extender.videos.list()]


@pytest.mark.judge
def test_an_uploaded_clip_is_extended(client: OpenAI, clip: tuple[str, bytes]) -> None:
    made = client.videos.extend(prompt="It sinks", video=clip, seconds="4")

    assert ("sora-2", "8", "720x1280") == (made.model, made.seconds, made.size)
    assert made.remixed_from_video_id is None
    made = client.videos.poll(made.id)
    assert "completed" == made.status
    assert b"ftyp" == client.videos.download_content(made.id).content[4:8]


def test_an_extension_outlives_its_source(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    source = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    made = extend(client, source.id)
    client.videos.delete(source.id)

    assert "completed" == client.videos.poll(made.id).status


@pytest.mark.parametrize(
    ("seconds", "passes", "rules"),
    [
        ("5", "standard", ["seconds-whole"]),
        ("1", "standard", ["seconds-whole"]),
        (4, "standard", ["seconds-integer"]),
        (5, "standard", ["seconds-integer", "seconds-whole"]),
    ],
)
def test_a_level_lets_other_seconds_pass_with_a_warning_or_refuses(
    seconds: object,
    passes: str,
    rules: list[str],
    wire: Callable[..., httpx.Client],
    server: Emulator,
    source: Video,
) -> None:
    plain = wire(server, KEY)
    body = {"prompt": "x", "video": {"id": source.id}, "seconds": seconds}
    for level in LEVELS:
        answer = plain.post("/v1/videos/extensions", json=body, headers=at(level))
        if LEVELS.index(level) < LEVELS.index(passes):
            assert 400 == answer.status_code
            assert "seconds" == answer.json()["error"]["param"]
        else:
            warnings = answer.headers.get_list(WARNING)
            assert rules == [warning.partition(";")[0] for warning in warnings]
            assert str(1 + int(seconds)) == answer.json()["seconds"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "seconds",
    [
        "0",
        "-4",
        "",
        "4.0",
        "four",
        "21",
        "121",
        "04",
        "４",
        0,
        21,
        4.0,
        True,
        None,
        [],
        {},
    ],
    ids=repr,
)
def test_no_level_lets_nonsense_pass(
    seconds: object, level: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(
        BadRequestError, lambda: extend(patient, "video_1", seconds, at(level))
    )

    assert "seconds" == error.param
    assert error.code in ("invalid_value", "invalid_type")


@pytest.mark.parametrize(
    ("seconds", "message", "code"),
    [
        ("15", f"Invalid value: '15'. {LISTED}", "invalid_value"),
        (
            4,
            "Invalid type for 'seconds': expected one of '4', '8', '12', '16', or "
            "'20', but got an integer instead.",
            "invalid_type",
        ),
    ],
)
def test_refused_seconds_are_told_from_the_right_ones(
    seconds: object, message: str, code: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(
        BadRequestError, lambda: extend(patient, "video_1", seconds, at("strict"))
    )

    assert {
        "message": message,
        "type": "invalid_request_error",
        "param": "seconds",
        "code": code,
    } == error.body


@pytest.mark.parametrize("name", ["video", "prompt", "seconds"])
def test_an_extension_needs_all_of_its_fields(
    name: str, patient: OpenAI, refused: Refused
) -> None:
    fields = {"prompt": "x", "video": {"id": "video_1"}, "seconds": "4"}
    del fields[name]

    error = refused(
        BadRequestError,
        lambda: patient.post("/videos/extensions", body=fields, cast_to=Video),
    )

    assert f"Missing required parameter: '{name}'." == error.body["message"]
    assert (name, "missing_required_parameter") == (error.param, error.code)


@pytest.mark.parametrize("name", ["size", "model", "characters", "input_reference"])
def test_an_extension_takes_no_other_field(
    name: str, patient: OpenAI, clip: tuple[str, bytes], refused: Refused
) -> None:
    calls = (
        lambda: extend(patient, "video_1", **{name: "x"}),
        lambda: patient.videos.extend(
            prompt="x", video=clip, seconds="4", extra_body={name: "x"}
        ),
    )
    for call in calls:
        error = refused(BadRequestError, call)
        assert (name, "unknown_parameter") == (error.param, error.code)


@pytest.mark.judge
def test_a_video_is_extended_six_times_and_no_more(
    extender: OpenAI, source: Video, refused: Refused
) -> None:
    chain = [source]
    for _ in range(6):
        made = extend(extender, chain[-1].id, "1", at("loose"))
        chain.append(extender.videos.poll(made.id, poll_interval_ms=20))

    error = refused(BadRequestError, lambda: extend(extender, chain[-1].id))

    assert ["1", "2", "3", "4", "5", "6", "7"] == [one.seconds for one in chain]
    assert {
        "message": "Invalid 'video': it has been extended 6 times. A video can be "
        "extended at most 6 times.",
        "type": "invalid_request_error",
        "param": "video",
        "code": "invalid_value",
    } == error.body
    # Another end of the same chain may still grow.
    assert "10" == extend(extender, chain[-2].id).seconds


def test_two_minutes_are_the_most(
    patient: OpenAI, long_clip: tuple[str, bytes], refused: Refused
) -> None:
    def by(seconds: str) -> Video:
        given = {"prompt": "x", "video": long_clip, "seconds": seconds}
        return patient.videos.extend(**given, extra_headers=at("loose"))

    assert "120" == by("4").seconds
    assert {
        "message": "Invalid 'seconds': the extended video would be 124 seconds long. "
        "Expected a total of at most 120 seconds.",
        "type": "invalid_request_error",
        "param": "seconds",
        "code": "invalid_value",
    } == refused(BadRequestError, lambda: by("8")).body


@pytest.mark.judge
def test_a_video_of_ours_is_not_extended_beyond_two_minutes(
    extender: OpenAI, tiny: dict[str, object], refused: Refused
) -> None:
    whole = tiny | {"seconds": "120"}
    longest = extender.videos.create_and_poll(prompt="x", **whole)
    error = refused(BadRequestError, lambda: extend(extender, longest.id))

    assert "would be 124 seconds long" in error.body["message"]
    assert ("seconds", "invalid_value") == (error.param, error.code)


def test_a_refused_extension_leaves_nothing_behind(
    serve: Callable[..., Emulator],
    caller: Caller,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    emulator = serve(pace="instant")
    client = caller(emulator)
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)

    refused(BadRequestError, lambda: extend(client, video.id, "120", at("loose")))

    kept = [path for path in (emulator.data / "blobs").rglob("*") if path.is_file()]
    assert [video.id] == [path.parent.name for path in kept]


def test_a_video_under_way_is_not_extended(patient: OpenAI, refused: Refused) -> None:
    video = patient.videos.create(prompt="A calm sea")

    error = refused(BadRequestError, lambda: extend(patient, video.id))

    assert {
        "message": f"Video with id '{video.id}' must be completed before it can be "
        "extended.",
        "type": "invalid_request_error",
        "param": "video",
        "code": None,
    } == error.body


def test_an_expired_video_is_not_extended(
    serve: Callable[..., Emulator],
    caller: Caller,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    client = caller(serve(pace="instant", speed=1e6))
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    while client.videos.retrieve(video.id).url is not None:
        pass  # its hour, on a quick clock

    error = refused(BadRequestError, lambda: extend(client, video.id))

    expected = f"Video with id '{video.id}' has expired and can no longer be extended."
    assert expected == error.body["message"]
    assert ("video", None) == (error.param, error.code)


def test_a_video_of_another_project_is_not_found(
    client: OpenAI, source: Video, refused: Refused
) -> None:
    error = refused(NotFoundError, lambda: extend(client, source.id))

    assert f"Video with id '{source.id}' not found." == error.body["message"]
    assert (None, None) == (error.param, error.code)


@pytest.mark.judge
def test_every_kind_is_made_of_every_other(extender: OpenAI, source: Video) -> None:
    def edit(video_id: str) -> Video:
        fields = {"prompt": "y", "video": {"id": video_id}}
        return extender.post("/videos/edits", body=fields, cast_to=Video)

    kinds = {
        "extension": lambda video_id: extend(extender, video_id, "1"),
        "edit": edit,
        "remix": lambda video_id: extender.videos.remix(video_id, prompt="y"),
    }
    order = ["extension", "edit", "extension", "remix", "extension"]
    chain = [source]
    for kind in order:
        made = kinds[kind](chain[-1].id)
        chain.append(extender.videos.poll(made.id, poll_interval_ms=20))

    assert ["2", "2", "3", "3", "4"] == [one.seconds for one in chain[1:]]
    remixed = [
        (before.id if kind == "remix" else None, after.remixed_from_video_id)
        for kind, (before, after) in zip(order, pairwise(chain), strict=True)
    ]
    assert all(expected == actual for expected, actual in remixed)
    assert {"completed"} == {one.status for one in chain}
