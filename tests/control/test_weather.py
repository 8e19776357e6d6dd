"""Bad weather by call: begun, told, met and ended."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.weather import Kind
from reelmock.domain.webhook import EVERYWHERE
from reelmock.service.forecasts import begin
from reelmock.service.skies import MOST
from webhook_calls import ALL, OTHER, PATH, URL, Answer, listed, post


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_weather_is_begun_and_told_and_ended(
    control: TestClient, kind: Kind
) -> None:
    begun = post(control, "weather", kind=kind, times=2)
    seconds = {Kind.DELAY: 30.0, Kind.STALE: 600.0}.get(kind)

    assert {
        "id": begun["id"], "kind": kind.value, "endpoint": None, "times": 2,
        "seconds": seconds, "signed": False, "met": 0,
    } == begun  # fmt: skip
    assert [begun] == listed(control, "weather")
    ended = control.delete(f"{PATH}/weather/{begun['id']}")
    again = control.delete(f"{PATH}/weather/{begun['id']}")
    assert ({"ended": 1}, 404) == (ended.json(), again.status_code)
    assert [] == listed(control, "weather")


def test_weather_is_met_so_often_and_is_over_then(
    world: Any, control: TestClient, endpoint: str
) -> None:
    post(control, "weather", kind="malformed-body", signed=True, times=2)
    post(control, "events", type="video.failed")
    met = [one["met"] for one in listed(control, "weather")]
    for _ in range(2):
        post(control, "events", type="video.failed")

    assert ([1], []) == (met, listed(control, "weather"))
    assert [[], ["malformed-body"], ["malformed-body"]] == [
        one["attempts"][0]["weather"] for one in listed(control, "deliveries")
    ]


def test_weather_is_over_one_endpoint_a_project_or_all(
    control: TestClient, desk: Desk, endpoint: str
) -> None:
    second = post(control, "endpoints", url=URL)["id"]
    post(desk(OTHER), "endpoints", url=URL)
    post(control, "weather", kind="drop", endpoint=endpoint)
    post(control, "weather", kind="delay", seconds=0.5)
    everybodys = {"kind": "reorder"}
    assert (
        200 == control.post(f"{PATH}/weather", json=everybodys, params=ALL).status_code
    )

    def over() -> list[list[str]]:
        found = listed(control, "endpoints", **ALL)
        return [[weather["kind"] for weather in one["weather"]] for one in found]

    assert second in [one["id"] for one in listed(control, "endpoints", **ALL)]
    assert [["delay", "reorder"], ["drop", "delay", "reorder"], ["reorder"]] == sorted(
        over(), key=lambda kinds: kinds[0]
    )
    assert {"ended": 2} == control.delete(f"{PATH}/weather").json()
    assert [["reorder"]] * 3 == over()
    assert {"ended": 1} == control.delete(f"{PATH}/weather", params=ALL).json()
    assert [[]] * 3 == over()


@pytest.mark.parametrize(
    ("fields", "words", "hint"),
    [
        ({"kind": "rain"}, "'rain' is no kind of weather", ", ".join(Kind)),
        ({"kind": "drop", "times": 0}, "times is 0", "1 to 1000000"),
        ({"kind": "drop", "seconds": 3}, "drop takes no seconds", "delay and stale"),
        ({"kind": "delay", "seconds": -1}, "delay", "at most 259200"),
        ({"kind": "stale-timestamp", "seconds": 0}, "stale", "at most 315360000"),
        ({"kind": "drop", "signed": True}, "signed says nothing", "malformed-body"),
    ],
)
def test_weather_that_cannot_be_is_refused_with_what_to_write(
    control: TestClient, refused: Refused, fields: Answer, words: str, hint: str
) -> None:
    message, advice = refused(control.post(f"{PATH}/weather", json=fields))

    assert words in message
    assert hint in advice
    assert [] == listed(control, "weather")


def test_weather_is_over_an_endpoint_that_is_there(
    control: TestClient, desk: Desk, refused: Refused, endpoint: str
) -> None:
    there = {"kind": "drop", "endpoint": endpoint}
    answers = [
        desk(OTHER).post(f"{PATH}/weather", json=there),
        control.post(f"{PATH}/weather", json=there | {"endpoint": EVERYWHERE}),
    ]

    assert [404, 404] == [answer.status_code for answer in answers]
    assert endpoint in refused(answers[0])[0]
    assert 200 == control.post(f"{PATH}/weather", json=there, params=ALL).status_code


def test_there_is_so_much_weather_and_no_more(
    world: Any, control: TestClient, refused: Refused
) -> None:
    for _ in range(MOST):
        begin(world.ports, OURS, "drop")
    answer = control.post(f"{PATH}/weather", json={"kind": "drop"})

    assert 409 == answer.status_code
    assert "100 kinds" in refused(answer)[0]
