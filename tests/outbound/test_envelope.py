"""What one attempt looks like on the wire, by the reference's vector and the SDK."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from fakes import NOON
from reelmock.clock.system import SystemClock
from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import Delivery, Event, Letter
from reelmock.outbound.envelope import USER_AGENT, sealed, signature

SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
OLD = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
TOLD = Event("evt_1", "proj_a", "video.completed", NOON, "video_1")


@pytest.fixture(scope="module")
def sdk() -> OpenAI:
    return OpenAI(base_url="http://nowhere.test", api_key="sk", webhook_secret=SECRET)


def letter(*weather: Weather, secrets: tuple[str, ...] = (SECRET,)) -> Letter:
    """One signed at this very moment: nothing else is taken."""
    return Letter(
        Delivery("wh_1", "proj_a", TOLD, "we_1", NOON, NOON),
        "http://hooks.test", TOLD.body(), secrets, 1, NOON, SystemClock().now(), weather,
    )  # fmt: skip


def test_the_vector_of_the_official_suites_is_reproduced() -> None:
    body = (
        '{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", '
        '"created_at": 1750861210, "type": "response.completed", '
        '"data": {"id": "resp_123"}}'
    )
    at = datetime.fromtimestamp(1750861210, UTC)
    made = signature((SECRET,), "wh_685c059ae39c8190af8c71ed1022a24d", at, body)

    assert "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=" == made


def test_a_letter_has_the_headers_of_the_hosted_service(sdk: OpenAI) -> None:
    sent = letter(secrets=(SECRET, OLD))

    body, headers = sealed(sent)

    names = ["content-type", "user-agent", "webhook-id", "webhook-timestamp",
             "webhook-signature"]  # fmt: skip
    assert names == list(headers)
    assert ("application/json", USER_AGENT) == tuple(headers.values())[:2]
    assert str(int(sent.real_at.timestamp())) == headers["webhook-timestamp"]
    for secret in (SECRET, OLD):
        event = sdk.webhooks.unwrap(body, headers, secret=secret)
        assert ("video.completed", "video_1") == (event.type, event.data.id)


def test_an_instant_of_another_zone_is_signed_as_the_same(sdk: OpenAI) -> None:
    here = letter()
    there = replace(here, real_at=here.real_at.astimezone(ZoneInfo("Asia/Tokyo")))

    assert sealed(here) == sealed(there)


@pytest.mark.parametrize(
    "weather",
    [
        Weather("1", Kind.STALE),
        Weather("1", Kind.STALE, seconds=301.0),
        Weather("1", Kind.WRONG_SIGNATURE),
        Weather("1", Kind.MALFORMED),
    ],
)
def test_no_sdk_takes_what_bad_weather_has_spoilt(
    sdk: OpenAI, weather: Weather
) -> None:
    body, headers = sealed(letter(weather, secrets=(SECRET, OLD)))

    for secret in (SECRET, OLD):
        with pytest.raises(InvalidWebhookSignatureError):
            sdk.webhooks.verify_signature(body, headers, secret=secret)


def test_a_body_that_is_cut_can_be_signed_as_it_is_sent(sdk: OpenAI) -> None:
    body, headers = sealed(letter(Weather("1", Kind.MALFORMED, is_signed=True)))

    sdk.webhooks.verify_signature(body, headers)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        sdk.webhooks.unwrap(body, headers)


def test_a_stale_letter_that_is_young_enough_is_taken(sdk: OpenAI) -> None:
    young = timedelta(seconds=200).total_seconds()

    body, headers = sealed(letter(Weather("1", Kind.STALE, seconds=young)))

    sdk.webhooks.verify_signature(body, headers)
