"""Edits: a video's picture treated anew, by its id or from a clip of the caller's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from openai import (
    APIStatusError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
    RateLimitError,
)
from openai.types import Video

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]

KEY = "sk-test-of-the-edits"
FORM = {"Content-Type": "multipart/form-data"}


@pytest.fixture(scope="module")
def source(caller: Caller, server: Emulator, tiny: dict[str, object]) -> Video:
    """A small video of the larger model that tests only look at."""
    videos = caller(server, KEY).videos
    return videos.create_and_poll(prompt="A calm sea", model="sora-2-pro", **tiny)


@pytest.fixture
def editor(caller: Caller, server: Emulator) -> OpenAI:
    """The official client of the project that has the source."""
    return caller(server, KEY)


def edit(
    client: OpenAI, video: object, *, is_form: bool = False, **more: object
) -> Video:
    """The SDK's own method takes no id, so that this is how one is sent."""
    return client.post(
        "/videos/edits",
        body={"prompt": "In oil", "video": video} | more,
        cast_to=Video,
        options={"headers": FORM} if is_form else {},
    )


def says(message: str, param: str | None = None) -> dict[str, object]:
    """The body of a refusal without a code."""
    kind = "invalid_request_error"
    return {"message": message, "type": kind, "param": param, "code": None}


def expired(client: OpenAI, tiny: dict[str, object]) -> str:
    """The id of a video whose hour has passed, on a quick clock."""
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    while client.videos.retrieve(video.id).url is not None:
        pass
    return video.id


def kept_by(emulator: Emulator) -> set[Path]:
    return {path for path in (emulator.data / "blobs").rglob("*") if path.is_file()}


@pytest.mark.parametrize("is_form", [False, True], ids=["json", "form"])
def test_an_edit_by_id_inherits_all_but_the_prompt(
    is_form: bool, editor: OpenAI, source: Video
) -> None:
    made = edit(editor, {"id": source.id}, is_form=is_form)

    assert ("queued", 0, "In oil") == (made.status, made.progress, made.prompt)
    for name in ("model", "seconds", "size"):
        assert getattr(source, name) == getattr(made, name)
    assert source.id != made.id
    assert made.remixed_from_video_id is None


def test_an_edit_goes_its_whole_way(editor: OpenAI, source: Video) -> None:
    made = editor.videos.poll(edit(editor, {"id": source.id}).id)

    content = editor.videos.download_content(made.id).content
    assert ("completed", 100) == (made.status, made.progress)
    assert 3600 == made.expires_at - made.completed_at
    assert b"ftyp" == content[4:8]
    assert editor.videos.download_content(source.id).content != content
    assert made.id in [video.id for video in editor.videos.list()]


def test_an_edit_of_an_uploaded_clip_goes_its_whole_way(
    client: OpenAI, clip: tuple[str, bytes]
) -> None:
    made = client.videos.edit(prompt="In oil", video=clip)

    assert ("sora-2", "4", "720x1280") == (made.model, made.seconds, made.size)
    assert made.remixed_from_video_id is None
    made = client.videos.poll(made.id)
    content = client.videos.download_content(made.id).content
    assert "completed" == made.status
    assert b"ftyp" == content[4:8]
    assert clip[1] != content


def test_an_uploaded_clip_is_edited_by_the_model_that_is_named(
    patient: OpenAI, clip: tuple[str, bytes], refused: Refused
) -> None:
    def by(model: str) -> Video:
        return patient.videos.edit(prompt="x", video=clip, extra_body={"model": model})

    assert "sora-2-pro" == by("sora-2-pro").model
    error = refused(BadRequestError, lambda: by("sora-1-turbo"))
    assert ("model", "invalid_value") == (error.param, error.code)
    assert error.body["message"].startswith("Invalid value: 'sora-1-turbo'.")


def test_an_edit_outlives_its_source(client: OpenAI, tiny: dict[str, object]) -> None:
    source = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    made = edit(client, {"id": source.id})
    client.videos.delete(source.id)

    assert "completed" == client.videos.poll(made.id).status


@pytest.mark.parametrize("kind", ["edit", "remix", "extension"])
def test_what_was_made_of_a_video_is_edited_as_any_other(
    kind: str, editor: OpenAI, source: Video
) -> None:
    fields = {"prompt": "y", "video": {"id": source.id}}
    made = {
        "edit": lambda: edit(editor, {"id": source.id}),
        "remix": lambda: editor.videos.remix(source.id, prompt="y"),
        "extension": lambda: editor.post(
            "/videos/extensions", body=fields | {"seconds": "4"}, cast_to=Video
        ),
    }
    first = editor.videos.poll(made[kind]().id)

    second = editor.videos.poll(edit(editor, {"id": first.id}).id)

    assert ("completed", None) == (second.status, second.remixed_from_video_id)
    assert (first.model, first.seconds) == (second.model, second.seconds)


def test_a_video_under_way_is_not_edited(patient: OpenAI, refused: Refused) -> None:
    video = patient.videos.create(prompt="A calm sea")

    error = refused(BadRequestError, lambda: edit(patient, {"id": video.id}))

    expected = f"Video with id '{video.id}' must be completed before it can be edited."
    assert says(expected, "video") == error.body


def test_a_failed_video_is_not_edited(
    serve: Callable[..., Emulator], caller: Caller, refused: Refused
) -> None:
    emulator = serve(pace="instant")
    client, scratch = caller(emulator), emulator.data / "scratch"
    shutil.rmtree(scratch)  # no render has room to work in
    video = client.videos.create_and_poll(prompt="A calm sea")
    scratch.mkdir()

    error = refused(BadRequestError, lambda: edit(client, {"id": video.id}))

    expected = f"Video with id '{video.id}' must be completed before it can be edited."
    assert "failed" == video.status
    assert says(expected, "video") == error.body


def test_an_expired_video_is_not_edited(
    serve: Callable[..., Emulator],
    caller: Caller,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    client = caller(serve(pace="instant", speed=1e6))
    video_id = expired(client, tiny)

    error = refused(BadRequestError, lambda: edit(client, {"id": video_id}))

    expected = f"Video with id '{video_id}' has expired and can no longer be edited."
    assert says(expected, "video") == error.body


def test_a_video_whose_bytes_are_lost_has_expired(
    serve: Callable[..., Emulator],
    caller: Caller,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    emulator = serve(pace="instant")
    client = caller(emulator)
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    shutil.rmtree(emulator.data / "blobs")

    error = refused(BadRequestError, lambda: edit(client, {"id": video.id}))

    expected = f"Video with id '{video.id}' has expired and can no longer be edited."
    assert says(expected, "video") == error.body


def test_a_video_that_is_not_there_is_not_found(
    client: OpenAI, source: Video, refused: Refused
) -> None:
    for video_id in ("video_123", "a b/..", source.id):
        error = refused(
            NotFoundError, lambda named=video_id: edit(client, {"id": named})
        )

        assert says(f"Video with id '{video_id}' not found.") == error.body


@pytest.mark.parametrize("is_form", [False, True], ids=["json", "form"])
@pytest.mark.parametrize(
    "more",
    [
        {"seconds": "8"},
        {"size": "1280x720"},
        {"model": "sora-2"},
        {"characters": [{"id": "char_1"}]},
        {"input_reference": {"file_id": "file-1"}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_an_edit_by_id_takes_no_other_field(
    more: dict[str, object],
    is_form: bool,
    editor: OpenAI,
    source: Video,
    refused: Refused,
) -> None:
    name = next(iter(more))

    error = refused(
        BadRequestError,
        lambda: edit(editor, {"id": source.id}, is_form=is_form, **more),
    )

    assert f"Unknown parameter: '{name}'." == error.body["message"]
    assert (name, "unknown_parameter") == (error.param, error.code)


@pytest.mark.parametrize("name", ["seconds", "size", "characters"])
def test_an_edit_of_an_uploaded_clip_takes_no_other_field(
    name: str, patient: OpenAI, clip: tuple[str, bytes], refused: Refused
) -> None:
    given = {"prompt": "x", "video": clip, "extra_body": {name: "8"}}

    error = refused(BadRequestError, lambda: patient.videos.edit(**given))

    assert (name, "unknown_parameter") == (error.param, error.code)


OBJECT = "Invalid type for 'video': expected an object, but got {} instead."
TEXT = "Invalid type for 'video.id': expected a string, but got {} instead."
MISSING = "Missing required parameter: 'video.id'."
UNKNOWN = "Unknown parameter: 'video.url'."
EMPTY = (
    "Invalid 'video.id': empty string. Expected a string with minimum length 1, but "
    "got an empty string instead."
)


@pytest.mark.parametrize(
    ("video", "message", "param", "code"),
    [
        ("video_1", OBJECT.format("a string"), "video", "invalid_type"),
        (5, OBJECT.format("an integer"), "video", "invalid_type"),
        (0.5, OBJECT.format("a decimal"), "video", "invalid_type"),
        ([], OBJECT.format("an array"), "video", "invalid_type"),
        (["video_1"], OBJECT.format("an array"), "video", "invalid_type"),
        (None, OBJECT.format("null"), "video", "invalid_type"),
        (True, OBJECT.format("a boolean"), "video", "invalid_type"),
        ({"id": 5}, TEXT.format("an integer"), "video.id", "invalid_type"),
        ({"id": None}, TEXT.format("null"), "video.id", "invalid_type"),
        ({"id": {}}, TEXT.format("an object"), "video.id", "invalid_type"),
        ({}, MISSING, "video.id", "missing_required_parameter"),
        ({"id": ""}, EMPTY, "video.id", "empty_string"),
        ({"id": "a", "url": "b"}, UNKNOWN, "video.url", "unknown_parameter"),
    ],
    ids=repr,
)
def test_a_video_is_an_object_with_an_id_and_nothing_else(
    video: object,
    message: str,
    param: str,
    code: str,
    patient: OpenAI,
    refused: Refused,
) -> None:
    error = refused(BadRequestError, lambda: edit(patient, video))

    assert says(message, param) | {"code": code} == error.body


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": "x"}, "video"),
        ({"prompt": "x", "video": "video_1"}, "video"),
        ({"prompt": "x", "video[]": "video_1"}, "video"),
        ({"prompt": "x", "video[id][]": "video_1"}, "video.id"),
        ({"prompt": "x", "video[id]": ["video_1", "video_2"]}, "video.id"),
        ({"prompt": "x", "video[id]": "video_1", "video": "video_1"}, "video"),
        ({"video[id]": "video_1"}, "prompt"),
        ({"prompt": "", "video[id]": "video_1"}, "prompt"),
        ({"prompt": "x" * 32_001, "video[id]": "video_1"}, "prompt"),
        ({"prompt": "a\0b", "video[id]": "video_1"}, "prompt"),
    ],
    ids=lambda given: str(given)[:60],
)
def test_a_form_that_says_something_else_is_refused(
    fields: dict[str, object],
    param: str,
    wire: Callable[..., httpx.Client],
    waiting: Emulator,
    told: Callable[[httpx.Response], dict[str, object]],
) -> None:
    # As parts without a name of a file: else httpx would write another kind of form.
    parts = [
        (name, (None, one))
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    answer = wire(waiting).post("/v1/videos/edits", files=parts)

    assert 400 == answer.status_code
    assert param == told(answer)["param"]


@pytest.mark.parametrize("route", ["edits", "extensions", "characters"])
def test_to_get_the_route_is_to_ask_for_a_video_of_that_name(
    route: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(NotFoundError, lambda: client.videos.retrieve(route))

    assert f"Video with id '{route}' not found." == error.body["message"]


def test_own_footage_can_be_made_a_privilege(
    serve: Callable[..., Emulator],
    caller: Caller,
    clip: tuple[str, bytes],
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    client = caller(serve(pace="instant", enforce=("footage-eligible",)))
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)

    error = refused(
        PermissionDeniedError, lambda: client.videos.edit(prompt="x", video=clip)
    )

    expected = "Your account is not eligible to use uploaded videos."
    assert expected == error.body["message"]
    assert "queued" == edit(client, {"id": video.id}).status


def test_an_edit_that_is_one_too_many_leaves_nothing_behind(
    serve: Callable[..., Emulator],
    caller: Caller,
    clip: tuple[str, bytes],
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    emulator = serve(pace="instant", rate_limit="1")
    client = caller(emulator)
    video = client.videos.create_and_poll(prompt="A calm sea", **tiny)
    before = kept_by(emulator)

    refused(RateLimitError, lambda: edit(client, {"id": video.id}))
    refused(RateLimitError, lambda: client.videos.edit(prompt="x", video=clip))

    assert 1 == len(before)
    assert before == kept_by(emulator)
