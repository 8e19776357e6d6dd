"""What lists, downloads and callers are refused for."""

from collections.abc import Callable

import pytest
from openai import (
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OpenAI,
)

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Refused = Callable[..., APIStatusError]

ABOVE = (
    "Invalid 'limit': integer above maximum value. Expected a value <= 100, "
    "but got {} instead."
)


@pytest.mark.parametrize("limit", [101, 1000, 10**12])
def test_a_limit_has_a_maximum(limit: int, patient: OpenAI, refused: Refused) -> None:
    error = refused(BadRequestError, lambda: patient.videos.list(limit=limit))

    assert ABOVE.format(limit) == error.body["message"]
    assert ("limit", "integer_above_max_value") == (error.param, error.code)


def test_a_limit_is_not_negative(patient: OpenAI, refused: Refused) -> None:
    error = refused(BadRequestError, lambda: patient.videos.list(limit=-1))

    assert ("limit", "integer_below_min_value") == (error.param, error.code)
    assert "but got -1 instead." in error.body["message"]


@pytest.mark.parametrize("limit", ["ten", "", "1.5", "0x10", "١"])
def test_a_limit_is_an_integer(limit: str, patient: OpenAI, refused: Refused) -> None:
    error = refused(
        BadRequestError, lambda: patient.videos.list(extra_query={"limit": limit})
    )

    assert ("limit", "invalid_type") == (error.param, error.code)


@pytest.mark.parametrize("order", ["up", "", "ASC"])
def test_an_order_is_one_of_two(order: str, patient: OpenAI, refused: Refused) -> None:
    error = refused(BadRequestError, lambda: patient.videos.list(order=order))

    expected = f"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'."
    assert expected == error.body["message"]
    assert ("order", "invalid_value") == (error.param, error.code)


def test_a_variant_is_one_of_three(patient: OpenAI, refused: Refused) -> None:
    video = patient.videos.create(prompt="x")

    error = refused(
        BadRequestError,
        lambda: patient.videos.download_content(video.id, variant="gif"),
    )

    assert (
        "Invalid value: 'gif'. Supported values are: "
        "'video', 'thumbnail', and 'spritesheet'."
    ) == error.body["message"]
    assert ("variant", "invalid_value") == (error.param, error.code)


@pytest.mark.parametrize("sent", ["", "Basic c2s6", "Bearer", "sk-bare"])
def test_without_a_bearer_key_nobody_is_admitted(
    sent: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(
        AuthenticationError,
        lambda: patient.videos.list(extra_headers={"Authorization": sent}),
    )

    assert {
        "message": "Missing bearer authentication in header",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    } == error.body


def test_any_key_is_admitted_by_default(
    caller: Callable[..., OpenAI], waiting: Emulator
) -> None:
    assert [] == caller(waiting, "x").videos.list().data


def test_a_key_that_is_not_required_is_refused(
    serve: Callable[..., Emulator], caller: Callable[..., OpenAI], refused: Refused
) -> None:
    server = serve(require_key=("sk-the-right-one", "sk-another-right-one"))
    wrong = "sk-wrong-and-never-to-be-repeated"

    error = refused(AuthenticationError, caller(server, wrong).videos.list)

    message = error.body["message"]
    start, _, end = message.partition(": ")[2].partition(". You can find")
    assert "Incorrect API key provided" == message.partition(":")[0]
    assert " your API key at https://platform.openai.com/account/api-keys." == end
    assert "*" in start
    assert wrong not in message
    assert (None, "invalid_api_key") == (error.param, error.code)
    assert [] == caller(server, "sk-the-right-one").videos.list().data
    assert [] == caller(server, "sk-another-right-one").videos.list().data


def test_who_asks_is_looked_at_before_what_is_asked(
    serve: Callable[..., Emulator], caller: Callable[..., OpenAI], refused: Refused
) -> None:
    client = caller(serve(require_key="sk-the-right-one"), "sk-wrong")

    refused(AuthenticationError, lambda: client.videos.create(prompt=""))
    refused(AuthenticationError, lambda: client.videos.list(limit=101))
    refused(AuthenticationError, lambda: client.videos.retrieve("video_123"))


def test_an_expired_video_is_not_remixed(
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
    refused: Refused,
    tiny: dict[str, object],
) -> None:
    client = caller(serve(pace="instant", speed=1e6))
    video = client.videos.create_and_poll(prompt="x", **tiny)

    error = refused(BadRequestError, lambda: client.videos.remix(video.id, prompt="y"))

    assert "expired" in error.body["message"]
    assert (None, None) == (error.param, error.code)


def test_a_lookup_of_nothing_is_not_retried(
    caller: Callable[..., OpenAI], waiting: Emulator, refused: Refused
) -> None:
    client = caller(waiting).with_options(max_retries=2)

    error = refused(NotFoundError, lambda: client.videos.retrieve("video_123"))

    assert "0" == error.request.headers["x-stainless-retry-count"]


@pytest.mark.anyio
async def test_an_async_client_raises_the_same_classes(
    async_client: AsyncOpenAI,
) -> None:
    with pytest.raises(NotFoundError) as not_found:
        await async_client.videos.retrieve("video_123")
    with pytest.raises(BadRequestError) as bad_request:
        await async_client.videos.create(prompt="")

    assert "Video with id 'video_123' not found." == not_found.value.body["message"]
    assert ("prompt", "empty_string") == (
        bad_request.value.param,
        bad_request.value.code,
    )
