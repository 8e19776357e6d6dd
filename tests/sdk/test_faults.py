"""Errors that a test asked for, as the official client meets them."""

from collections.abc import Callable

import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
    RateLimitError,
)

from faulty import arm
from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Arm = Callable[..., None]


@pytest.fixture
def fault(waiting: Emulator, key: str) -> Arm:
    """Have the next exchange of an operation go wrong for this test's key."""

    def armed(operation: str = "getVideo", times: int = 1, **parts: object) -> None:
        arm(waiting, key, operation, times, **parts)

    return armed


@pytest.fixture
def video_id(patient: OpenAI) -> str:
    return patient.videos.create(prompt="A kite").id


@pytest.fixture
def retrieved(patient: OpenAI, video_id: str) -> Callable[[], object]:
    return lambda: patient.videos.retrieve(video_id)


@pytest.mark.parametrize(
    ("name", "kind", "type_", "code", "words"),
    [
        ("rate_limited", RateLimitError, "requests", "rate_limit_exceeded",
         "Limit 25, Used 25, Requested 1. Please try again in 2.4s."),
        ("insufficient_quota", RateLimitError, "insufficient_quota",
         "insufficient_quota", "You exceeded your current quota"),
        ("billing_hard_limit_reached", BadRequestError, "billing_limit_user_error",
         "billing_hard_limit_reached", "Billing hard limit has been reached."),
        ("moderation_blocked", BadRequestError, "invalid_request_error",
         "moderation_blocked", "Your request was blocked by our moderation system."),
        ("not_verified", PermissionDeniedError, "invalid_request_error", None,
         "must be verified to use the model `sora-2`. Please go to: https://"),
        ("server_error", InternalServerError, "server_error", None, "had an error"),
        ("overloaded", InternalServerError, "server_error", None, "overloaded"),
        ("bad_gateway", InternalServerError, "server_error", None, "Bad gateway"),
    ],
)  # fmt: skip
def test_an_error_is_asked_for_by_its_name(
    name: str, kind: type[APIStatusError], type_: str, code: str | None, words: str,
    fault: Arm, retrieved: Callable[[], object], refused: Refused,
) -> None:  # fmt: skip
    fault(error=name)

    error = refused(kind, retrieved)

    assert (type_, code, None) == (error.type, error.code, error.param)
    assert words in error.message
    assert "retry-after" not in error.response.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (408, APIStatusError),
        (409, ConflictError),
        (418, APIStatusError),
        (429, RateLimitError),
        (499, APIStatusError),
        (500, InternalServerError),
        (502, InternalServerError),
        (503, InternalServerError),
        (504, InternalServerError),
        (599, InternalServerError),
    ],
)
def test_an_error_is_asked_for_by_its_status(
    status: int, kind: type[APIStatusError], fault: Arm,
    retrieved: Callable[[], object], refused: Refused,
) -> None:  # fmt: skip
    fault(status=status)

    error = refused(kind, retrieved)

    assert status == error.status_code
    assert ["message", "type", "param", "code"] == list(error.body)
    assert error.body["message"]
    assert (status >= 500) == ("server_error" == error.type)


def test_a_fault_is_pretty_printed_as_every_error_is(
    fault: Arm, retrieved: Callable[[], object], refused: Refused
) -> None:
    fault(status=503)

    error = refused(InternalServerError, retrieved)

    assert error.response.text.startswith('{\n  "error": {\n    "message"')
    assert error.response.headers["x-request-id"].startswith("req_")


def test_a_401_masks_the_key_and_names_its_realm(
    fault: Arm, retrieved: Callable[[], object], refused: Refused, key: str
) -> None:
    fault(status=401)

    error = refused(AuthenticationError, retrieved)

    assert f"{key[:5]}{'*' * (len(key) - 9)}{key[-4:]}" in error.message
    assert 'Bearer realm="OpenAI API"' == error.response.headers["www-authenticate"]


def test_parts_of_an_error_are_replaced(
    fault: Arm, retrieved: Callable[[], object], refused: Refused
) -> None:
    fault(status=409, error="overloaded", message="Not now: {x}", code="c", type="t")

    error = refused(ConflictError, retrieved)

    assert {"message": "Not now: {x}", "type": "t", "param": None, "code": "c"} == (
        error.body
    )


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_whole_seconds_and_milliseconds(
    status: int, fault: Arm, retrieved: Callable[[], object], refused: Refused
) -> None:
    fault(status=status, retry_after=1.25)

    kind = {429: RateLimitError, 503: InternalServerError}[status]
    headers = refused(kind, retrieved).response.headers

    assert ("2", "1250") == (headers["retry-after"], headers["retry-after-ms"])


def test_a_rate_limit_says_the_same_as_its_header(
    fault: Arm, retrieved: Callable[[], object], refused: Refused
) -> None:
    fault(error="rate_limited", retry_after=0.05)

    error = refused(RateLimitError, retrieved)

    assert "Please try again in 50ms." in error.message


@pytest.mark.parametrize(("speed", "told"), [(4.0, "3"), (None, "10")])
def test_retry_after_is_project_time_as_a_client_waits_it(
    speed: float | None, told: str, fault: Arm, retrieved: Callable[[], object],
    refused: Refused, waiting: Emulator, key: str,
) -> None:  # fmt: skip
    clock = waiting.project(key).clock
    clock.freeze() if speed is None else clock.speed(speed)
    fault(error="overloaded", retry_after=10.0)

    error = refused(InternalServerError, retrieved)

    assert told == error.response.headers["retry-after"]


def test_the_error_of_a_create_names_its_model(
    fault: Arm, patient: OpenAI, refused: Refused
) -> None:
    fault("createVideo", error="rate_limited")
    pro = {"prompt": "A kite", "model": "sora-2-pro"}

    error = refused(RateLimitError, lambda: patient.videos.create(**pro))

    assert "Rate limit reached for sora-2-pro" in error.message
    assert "Limit 10, Used 10, Requested 1. Please try again in 6s." in error.message


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_the_client_retries_after_the_time_it_was_told(
    status: int, fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(status=status, retry_after=0.05, times=2)

    got = patient.with_options(max_retries=2).videos.with_raw_response
    answer = got.retrieve(video_id)

    assert (2, video_id) == (answer.retries_taken, answer.parse().id)


def test_a_client_that_retries_too_little_is_refused(
    fault: Arm, patient: OpenAI, video_id: str, refused: Refused
) -> None:
    fault(status=500, retry_after=0.01, times=2)

    once = patient.with_options(max_retries=1)
    refused(InternalServerError, lambda: once.videos.retrieve(video_id))

    assert "queued" == patient.videos.retrieve(video_id).status


def test_a_replica_that_knows_nothing_of_the_video_says_so_once(
    fault: Arm, retrieved: Callable[[], object], refused: Refused, video_id: str
) -> None:
    fault(is_lost=True)

    error = refused(NotFoundError, retrieved)

    assert f"Video with id '{video_id}' not found." == error.body["message"]
    assert ("invalid_request_error", None) == (error.type, error.code)
    assert video_id == retrieved().id


@pytest.mark.parametrize(
    ("operation", "call", "words"),
    [
        ("getFile", lambda client: client.files.retrieve("file-1"),
         "No such File object: file-1"),
        ("getCharacter", lambda client: client.videos.get_character("char_1"),
         "Character with id 'char_1' not found."),
        ("getModel", lambda client: client.models.retrieve("sora-2"),
         "The model 'sora-2' does not exist or you do not have access to it."),
        ("remixVideo", lambda client: client.videos.remix("video_1", prompt="x"),
         "Video with id 'video_1' not found."),
        ("listVideos", lambda client: client.videos.list(),
         "Your request failed: Not Found."),
    ],
)  # fmt: skip
def test_whatever_was_asked_for_can_be_lost(
    operation: str, call: Callable[[OpenAI], object], words: str, fault: Arm,
    patient: OpenAI, refused: Refused,
) -> None:  # fmt: skip
    fault(operation, is_lost=True)

    error = refused(NotFoundError, lambda: call(patient))

    assert words == error.body["message"]


def test_a_refused_create_makes_nothing(
    fault: Arm, patient: OpenAI, refused: Refused
) -> None:
    fault("createVideo", error="moderation_blocked")

    refused(BadRequestError, lambda: patient.videos.create(prompt="A kite"))

    assert [] == list(patient.videos.list())


def test_a_create_whose_answer_is_lost_has_made_one_video(
    fault: Arm, patient: OpenAI, refused: Refused
) -> None:
    fault("createVideo", status=500, is_after=True)

    refused(InternalServerError, lambda: patient.videos.create(prompt="A kite"))

    assert ["A kite"] == [video.prompt for video in patient.videos.list()]


def test_a_create_whose_answer_is_lost_and_that_is_retried_has_made_two(
    fault: Arm, patient: OpenAI
) -> None:
    fault("createVideo", status=503, is_after=True, retry_after=0.01)

    video = patient.with_options(max_retries=1).videos.create(prompt="A kite")

    listed = [listed.id for listed in patient.videos.list()]
    assert (2, video.id) == (len(listed), listed[0])


def test_a_deletion_whose_answer_is_lost_has_deleted(
    server: Emulator, client: OpenAI, key: str, tiny: dict[str, object],
    refused: Refused,
) -> None:  # fmt: skip
    video = client.videos.create_and_poll(prompt="x", **tiny)
    arm(server, key, "deleteVideo", status=500, is_after=True)

    refused(InternalServerError, lambda: client.videos.delete(video.id))

    assert [] == list(client.videos.list())


@pytest.mark.anyio
async def test_an_async_client_meets_the_same(
    waiting: Emulator, fault: Arm, patient: OpenAI, key: str, video_id: str
) -> None:
    fault(error="overloaded", retry_after=0.01)
    fault(is_reset=True)
    async with AsyncOpenAI(base_url=waiting.url, api_key=key, max_retries=0) as client:
        with pytest.raises(InternalServerError):
            await client.videos.retrieve(video_id)
        with pytest.raises(APIConnectionError):
            await client.videos.retrieve(video_id)
        found = await client.videos.retrieve(video_id)

    assert video_id == found.id
