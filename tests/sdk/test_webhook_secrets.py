"""Secrets that rotate, and samples that endpoints are sent, by the official client."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from openai import (
    APIStatusError,
    BadRequestError,
    OpenAI,
)

from receivers import Receiver
from reelmock import Emulator
from shops import KEPT, NOON, made, sent

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Wire = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def still() -> Iterator[Emulator]:
    """A server on which no project's time passes by itself."""
    with Emulator(pace="realistic") as running:
        running.clock.freeze(NOON)
        yield running


@pytest.fixture
def client(caller: Caller, still: Emulator, key: str) -> OpenAI:
    return caller(still, key)


def test_a_rotated_secret_is_another_and_the_old_one_signs_no_more(
    client: OpenAI, heard: Receiver
) -> None:
    endpoint = made(client, heard.url)
    rotated = client.webhooks.rotate_secret(endpoint.id)
    sent(client, endpoint)
    (request,) = heard.received

    assert endpoint.signing_secret != rotated.signing_secret
    assert f"whsec_...{rotated.signing_secret[-4:]}" == rotated.signing_secret_hint
    assert 1 == len(request.headers["webhook-signature"].split())
    client.webhooks.unwrap(request.body, request.headers, secret=rotated.signing_secret)


def test_an_old_secret_that_is_kept_signs_for_a_day(
    client: OpenAI, still: Emulator, key: str, heard: Receiver
) -> None:
    endpoint = made(client, heard.url)
    rotated = client.webhooks.rotate_secret(endpoint.id, **KEPT)
    sent(client, endpoint)
    still.project(key).clock.advance(24 * 3600)
    sent(client, endpoint)
    within, after = heard.received

    for secret in (endpoint.signing_secret, rotated.signing_secret):
        client.webhooks.unwrap(within.body, within.headers, secret=secret)
    assert [2, 1] == [
        len(one.headers["webhook-signature"].split()) for one in (within, after)
    ]


def test_a_rotation_is_a_change(client: OpenAI, still: Emulator, key: str) -> None:
    endpoint = made(client)
    still.project(key).clock.advance(60)

    rotated = client.webhooks.rotate_secret(endpoint.id)
    assert (endpoint.created_at, endpoint.created_at + 60) == (
        rotated.created_at, rotated.updated_at
    )  # fmt: skip


def test_a_test_sends_a_signed_sample_and_says_what_came_back(
    client: OpenAI, heard: Receiver
) -> None:
    endpoint = made(client, heard.url)
    result = client.webhooks.test(endpoint.id, event_type="video.failed")
    (request,) = heard.received
    event = client.webhooks.unwrap(
        request.body, request.headers, secret=endpoint.signing_secret
    )

    assert {
        "object": "webhook_endpoint.test",
        "event_type": "video.failed",
        "status_code": 200,
        "success": True,
        "webhook_endpoint_id": endpoint.id,
    } == result.to_dict()
    assert ("event", "video.failed") == (event.object, event.type)
    assert event.data.id.startswith("video_")
    assert endpoint.created_at == client.webhooks.retrieve(endpoint.id).updated_at


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_a_test_is_a_success_whatever_the_endpoint_answers_and_is_not_repeated(
    status: int, client: OpenAI, still: Emulator, key: str, heard: Receiver
) -> None:
    heard.answers([status])
    endpoint = made(client, heard.url)
    result = client.webhooks.test(endpoint.id, event_type="video.completed")
    still.project(key).clock.advance(24 * 3600)

    assert (True, status) == (result.success, result.status_code)
    assert 1 == len(heard.received)


BEGINNINGS = {
    "batch.failed": "batch_",
    "response.incomplete": "resp_",
    "eval.run.canceled": "evalrun_",
    "fine_tuning.job.succeeded": "ftjob-",
    "realtime.call.incoming": "rtc_",
    "video.completed": "video_",
    "agent.environment.ready": "env_",
    "agent.session.created": "sess_",
    "safety.alert.created": "alert_",
}


def test_a_sample_of_every_family_tells_of_a_likely_id(
    client: OpenAI, heard: Receiver
) -> None:
    endpoint = made(client, heard.url)
    for event_type in BEGINNINGS:
        sent(client, endpoint, event_type=event_type)
    bodies = [json.loads(request.body) for request in heard.received]

    assert list(BEGINNINGS) == [body["type"] for body in bodies]
    assert list(BEGINNINGS.values()) == [
        next(begun for begun in BEGINNINGS.values() if body["data"]["id"].startswith(begun))
        for body in bodies
    ]  # fmt: skip
    assert len(bodies) == len({body["id"] for body in bodies})


def test_a_test_that_nobody_answers_is_refused_with_the_reason(
    client: OpenAI, refused: Refused
) -> None:
    with Receiver() as gone:
        url = gone.url
    endpoint = made(client, url)
    error = refused(BadRequestError, lambda: sent(client, endpoint))

    assert "webhook_test_failed" == error.code
    assert f"could not be delivered to '{url}': " in error.body["message"]
