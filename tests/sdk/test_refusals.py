"""Every refusal of these routes: the client's class, the status, and the words."""

from collections.abc import Callable

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video

pytestmark = pytest.mark.sdk

SECONDS = "'4', '8', '12', '16', and '20'"
MODELS = (
    "'sora-2', 'sora-2-pro', 'sora-2-2025-10-06', 'sora-2-pro-2025-10-06', "
    "and 'sora-2-2025-12-08'"
)
SIZES = "'720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', and '1920x1080'"
LONG = (
    "string too long. Expected a string with maximum length 32000, "
    "but got a string with length {} instead."
)
EMPTY = (
    "Invalid 'prompt': empty string. Expected a string with minimum length 1, "
    "but got an empty string instead."
)
INTEGER = (
    "Invalid type for 'seconds': expected one of '4', '8', '12', '16', or '20', "
    "but got an integer instead."
)
NO_KEY = "Missing bearer authentication in header"

CREATES = [
    ({"model": "sora-1-turbo"}, "model", "invalid_value",
     f"Invalid value: 'sora-1-turbo'. Supported values are: {MODELS}."),
    ({"seconds": "15"}, "seconds", "invalid_value",
     f"Invalid value: '15'. Supported values are: {SECONDS}."),
    ({"seconds": "04"}, "seconds", "invalid_value",
     f"Invalid value: '04'. Supported values are: {SECONDS}."),
    ({"size": "1080x1080"}, "size", "invalid_value",
     f"Invalid value: '1080x1080'. Supported values are: {SIZES}."),
    ({"size": "720X1280"}, "size", "invalid_value",
     f"Invalid value: '720X1280'. Supported values are: {SIZES}."),
    ({"size": "1920x1080"}, "size", "invalid_value",
     "Invalid value: '1920x1080'. Supported values are: '720x1280' and '1280x720'."),
    ({"width": "720"}, "width", "unknown_parameter", "Unknown parameter: 'width'."),
    ({"duration": "4"}, "duration", "unknown_parameter",
     "Unknown parameter: 'duration'."),
    ({"reference_image": "a"}, "reference_image", "unknown_parameter",
     "Unknown parameter: 'reference_image'."),
    ({"prompt": ""}, "prompt", "empty_string", EMPTY),
    ({"prompt": "x" * 33_000}, "prompt", "string_above_max_length",
     f"Invalid 'prompt': {LONG.format(33_000)}"),
    ({"prompt": "🎬" * 32_001}, "prompt", "string_above_max_length",
     f"Invalid 'prompt': {LONG.format(32_001)}"),
    ({"input_reference": "a.png"}, "input_reference", "invalid_type",
     "Invalid type for 'input_reference': expected an object, "
     "but got a string instead."),
]  # fmt: skip

IN_JSON_ALONE = [
    ({"seconds": 4}, "seconds", "invalid_type", INTEGER),
    ({"prompt": 7}, "prompt", "invalid_type",
     "Invalid type for 'prompt': expected a string, but got an integer instead."),
    ({"prompt": ["a"]}, "prompt", "invalid_type",
     "Invalid type for 'prompt': expected a string, but got an array instead."),
    ({"prompt": None}, "prompt", "invalid_type",
     "Invalid type for 'prompt': expected a string, but got null instead."),
]  # fmt: skip

ORDERS = [
    ({"width": "1", "prompt": ""}, "width"),
    ({"prompt": "", "model": "none"}, "prompt"),
    ({"model": "none", "seconds": "5"}, "model"),
    ({"seconds": "5", "size": "1x1"}, "seconds"),
    ({"size": "1x1", "input_reference": "a"}, "size"),
    ({"size": "1920x1080", "input_reference": "a"}, "input_reference"),
]

STRICT = {"X-Reelmock-Contract": "strict"}

Refused = Callable[..., APIStatusError]


def assert_says(
    error: APIStatusError, status: int, message: str, *said: str | None
) -> None:
    """The words, and the whole of the envelope as the client has it."""
    param, code = said
    expected = {
        "message": message,
        "type": "invalid_request_error",
        "param": param,
        "code": code,
    }
    assert expected == error.body
    assert status == error.status_code
    assert (param, code) == (error.param, error.code)
    assert error.type == "invalid_request_error"
    assert error.request_id


def send_form(client: OpenAI, fields: dict[str, object]) -> Video:
    return client.videos.create(
        prompt="x", extra_body=fields, extra_headers=STRICT
    )  # extra_body wins over prompt


def send_json(client: OpenAI, fields: dict[str, object]) -> Video:
    return client.post(
        "/videos",
        body={"prompt": "x"} | fields,
        cast_to=Video,
        options={"headers": STRICT},
    )


@pytest.mark.parametrize("send", [send_form, send_json])
@pytest.mark.parametrize(
    ("fields", "param", "code", "message"),
    CREATES,
    ids=[f"{row[2]}-{next(iter(row[0]))}-{n}" for n, row in enumerate(CREATES)],
)
def test_a_create_is_refused_in_the_service_s_words(
    fields: dict[str, object],
    param: str,
    code: str,
    message: str,
    send: Callable[..., Video],
    patient: OpenAI,
    refused: Refused,
) -> None:
    error = refused(BadRequestError, lambda: send(patient, fields))

    assert_says(error, 400, message, param, code)


@pytest.mark.parametrize(("fields", "param", "code", "message"), IN_JSON_ALONE)
def test_a_value_of_another_type_is_refused(
    fields: dict[str, object],
    param: str,
    code: str,
    message: str,
    patient: OpenAI,
    refused: Refused,
) -> None:
    error = refused(BadRequestError, lambda: send_json(patient, fields))

    assert_says(error, 400, message, param, code)


@pytest.mark.parametrize(("fields", "param"), ORDERS)
def test_what_comes_first_in_the_order_is_refused_first(
    fields: dict[str, str], param: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: send_json(patient, fields))

    assert param == error.param


@pytest.mark.parametrize("body", [{}, {"model": "sora-2"}], ids=["none", "no-prompt"])
@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data"])
def test_a_prompt_is_required(
    media_type: str, body: dict[str, str], patient: OpenAI, refused: Refused
) -> None:
    options = {"headers": {"Content-Type": media_type}}

    error = refused(
        BadRequestError,
        lambda: patient.post("/videos", body=body, cast_to=Video, options=options),
    )

    message = "Missing required parameter: 'prompt'."
    assert_says(error, 400, message, "prompt", "missing_required_parameter")


def test_a_refused_create_leaves_no_video(patient: OpenAI, refused: Refused) -> None:
    refused(BadRequestError, lambda: patient.videos.create(prompt=""))

    assert [] == patient.videos.list().data


@pytest.mark.parametrize(
    ("fields", "param", "code", "message"),
    [
        ({"prompt": ""}, "prompt", "empty_string", EMPTY),
        ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length",
         f"Invalid 'prompt': {LONG.format(32_001)}"),
        ({"prompt": "x", "size": "720x1280"}, "size", "unknown_parameter",
         "Unknown parameter: 'size'."),
        ({}, "prompt", "missing_required_parameter",
         "Missing required parameter: 'prompt'."),
    ],
)  # fmt: skip
def test_a_remix_is_refused_in_the_service_s_words(
    fields: dict[str, str],
    param: str,
    code: str,
    message: str,
    patient: OpenAI,
    refused: Refused,
) -> None:
    path = f"/videos/{patient.videos.create(prompt='x').id}/remix"

    error = refused(
        BadRequestError, lambda: patient.post(path, body=fields, cast_to=Video)
    )

    assert_says(error, 400, message, param, code)


def test_a_video_under_way_is_not_remixed(patient: OpenAI, refused: Refused) -> None:
    video = patient.videos.create(prompt="x")

    error = refused(BadRequestError, lambda: patient.videos.remix(video.id, prompt="y"))

    assert_says(error, 400, error.body["message"], None, None)
    assert "completed" in error.body["message"]


@pytest.mark.parametrize(
    "video_id", ["video_123", "x", "völlig anders", "a\0b", "a b?#%"]
)
def test_an_unknown_video_is_not_found(
    video_id: str, patient: OpenAI, refused: Refused
) -> None:
    videos = patient.videos
    calls = {
        "retrieve": lambda: videos.retrieve(video_id),
        "delete": lambda: videos.delete(video_id),
        "content": lambda: videos.download_content(video_id),
        "remix": lambda: videos.remix(video_id, prompt="x"),
        "after": lambda: videos.list(after=video_id),
    }

    for call in calls.values():
        error = refused(NotFoundError, call)
        assert_says(error, 404, f"Video with id '{video_id}' not found.", None, None)
