"""What is turned on the webhooks page: events that are made up, a drain, the weather."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS
from posts import URL, page, part, posted, turned
from reelmock.dashboard.weather import KINDS
from reelmock.domain.weather import Kind
from reelmock.domain.webhook import EVENT_TYPES, Endpoint, Reply
from reelmock.service import clocks, deliveries, forecasts
from sendings import endpoint, tell


@pytest.fixture
def mine(world: Any) -> Endpoint:
    clocks.freeze(world.ports, OURS)
    return endpoint(world.ports, URL, OURS)


def over(world: Any) -> list[tuple[str, float | None, int | None, bool]]:
    found = [one for one, _ in world.ports.skies.of(OURS)]
    return [(one.kind.value, one.seconds, one.times, one.is_signed) for one in found]


@pytest.mark.parametrize(
    ("form", "subject", "fields"),
    [
        ({}, "video_", {}),
        ({"video": "video_mine"}, "video_mine", {}),
        ({"video": "video_mine", "fields": '{"a": [1]}'}, "video_mine", {"a": [1]}),
    ],
)
def test_an_event_is_made_up_and_delivered(
    world: Any, client: TestClient, mine: Endpoint, form: dict[str, str], subject: str,
    fields: dict[str, Any],
) -> None:  # fmt: skip
    answer = turned(client, "events", type="video.failed", **form)
    [one] = deliveries.recent(world.ports, [OURS], limit=9)

    assert "Made up, for 1 endpoint." == answer.text.strip()
    assert "video.failed" == one.delivery.event.type
    assert one.delivery.event.subject.startswith(subject)
    assert fields == dict(one.delivery.event.fields)
    assert [200] == [attempt.status for attempt in one.attempts]


def test_an_event_goes_to_the_endpoint_that_is_named_alone(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    other = endpoint(world.ports, URL, OURS, event_types=("video.failed",))
    turned(client, "events", type="batch.completed", endpoint=other.id)
    [one] = deliveries.recent(world.ports, [OURS], limit=9)

    assert other.id == one.delivery.endpoint_id


def test_nobody_may_ask_for_a_type(world: Any, client: TestClient) -> None:
    answer = turned(client, "events", type="video.failed")

    assert "Made up; no endpoint asks for it." == answer.text.strip()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"type": "video.ready"}, "is no type of event"),
        ({"type": "video.failed", "fields": "[1]"}, "The fields are no JSON object."),
        ({"type": "video.failed", "fields": "["}, "The fields are no JSON object."),
        (
            {"type": "video.failed", "fields": "[" * 9999},
            "The fields are no JSON object",
        ),
        ({"type": "video.failed", "endpoint": "we_x"}, "we_x"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(
    client: TestClient, form: dict[str, str], said: str
) -> None:
    answer = turned(client, "events", **form)

    assert 409 == answer.status_code
    assert said in unescape(answer.text)


def test_a_drain_says_what_still_waits(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    tell(world.ports, 2, OURS)
    world.ports.outbound.replies[:] = [Reply(500)]
    said = turned(client, "drain").text.strip()

    assert "Nothing that is due is unposted; 1 waits for a later instant." == said


def test_every_kind_of_weather_can_be_chosen_with_what_it_takes(
    client: TestClient,
) -> None:
    text = page(client)
    radios = dict(re.findall(r'name="kind" value="([\w-]+)"([^>]*)>', text))

    assert [*Kind] == list(radios) == list(KINDS)
    takes = {k: re.findall(r"data-\S+", v) for k, v in radios.items()}
    assert {
        Kind.DELAY: ['data-seconds="30"'],
        Kind.STALE: ['data-seconds="600"'],
        Kind.MALFORMED: ["data-signed"],
    } == {k: v for k, v in takes.items() if v}
    for one in EVENT_TYPES:
        assert f'<option value="{one}">' in text


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"kind": "duplicate"}, ("duplicate", None, None, False)),
        ({"kind": "delay"}, ("delay", 30.0, None, False)),
        ({"kind": "delay", "seconds": "2.5"}, ("delay", 2.5, None, False)),
        ({"kind": "drop", "times": "3"}, ("drop", None, 3, False)),
        (
            {"kind": "malformed-body", "signed": "on"},
            ("malformed-body", None, None, True),
        ),
    ],
)
def test_weather_begins(
    world: Any, client: TestClient, form: dict[str, str], expected: tuple[Any, ...]
) -> None:
    answer = turned(client, "weather", **form)

    assert f"{expected[0]} begins." == answer.text.strip()
    assert [expected] == over(world)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "is no kind of weather"),
        ({"kind": "hail"}, "is no kind of weather"),
        ({"kind": "drop", "times": "0"}, "times is 0"),
        ({"kind": "drop", "times": "²"}, "times: '²' is no number"),
        ({"kind": "drop", "seconds": "3"}, "drop takes no seconds"),
        ({"kind": "delay", "seconds": "soon"}, "seconds: 'soon' is no number"),
        ({"kind": "delay", "seconds": "nan"}, "delay is not of nan seconds"),
        ({"kind": "drop", "signed": "on"}, "signed says nothing of drop"),
        ({"kind": "drop", "endpoint": "we_x"}, "we_x"),
    ],
)
def test_weather_that_cannot_be_is_refused_in_words(
    world: Any, client: TestClient, form: dict[str, str], said: str
) -> None:
    answer = turned(client, "weather", **form)

    assert (409, "#notice") == (answer.status_code, answer.headers["hx-retarget"])
    assert said in unescape(answer.text)
    assert [] == over(world)


def test_weather_is_shown_with_how_often_it_was_met_and_over_whom(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    endpoint(world.ports, URL, OURS, name="other", event_types=("batch.failed",))
    forecasts.begin(world.ports, OURS, "duplicate", endpoint_id=mine.id, times=3)
    forecasts.begin(world.ports, OURS, "malformed-body", is_signed=True)
    forecasts.begin(world.ports, None, "stale-timestamp", seconds=400)
    posted(world, kind="video.failed")
    text = page(client)
    skies = part(text, "skies")
    [first, second] = text.split("<li data-endpoint=")[1:]

    assert "duplicate over mine; 1 of 3 times" in skies
    assert "malformed-body over every endpoint, signed as it is sent; met once" in skies
    assert "over every endpoint of all projects, 6 min 40 s; met once" in skies
    marks = [re.findall(r'mark warned">([\w-]+)', one.partition("</li>")[0])
             for one in (first, second)]  # fmt: skip
    both = ["malformed-body", "stale-timestamp"]
    assert [["duplicate", *both], both] == marks


def test_weather_is_ended_one_or_all_and_everybodys_by_itself(
    world: Any, client: TestClient
) -> None:
    ports = world.ports
    first = forecasts.begin(ports, OURS, "drop").id
    for kind in ("delay", "early"):
        forecasts.begin(ports, OURS, kind)
    everybodys = forecasts.begin(ports, None, "drop").id

    assert "Ended: 1." == turned(client, "weather/end", id=first).text.strip()
    assert ["delay", "early"] == [kind for kind, *_ in over(world)]
    assert 409 == turned(client, "weather/end", id=first).status_code
    assert "Ended: 2." == turned(client, "weather/end").text.strip()
    assert ([], 1) == (over(world), len(ports.skies.of(None)))
    turned(client, "weather/end", id=everybodys, everywhere="yes")
    assert [] == ports.skies.of(None)
