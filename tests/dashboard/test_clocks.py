"""The clock of the pages: frozen, moved ahead, let go on, at a speed."""

import re
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from reelmock.domain.catalog import Size
from reelmock.domain.clock import Clock
from reelmock.service import clocks, everyone
from reelmock.service.creates import CreateVideo, create

CLOCK = f"{HOME}/clock"
PART = {"HX-Request": "true"}


def clock(world: Any) -> Clock:
    return everyone.clock(world.ports, OURS)


def time(world: Any) -> str:
    return f"{clock(world).now(world.clock.now()):%Y-%m-%d %H:%M:%S}"


def turned(client: TestClient, verb: str, **form: str) -> httpx.Response:
    return client.post(f"{CLOCK}/{verb}", data=form, headers=PART)


def words(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_it_is_frozen_and_goes_on(world: Any, client: TestClient) -> None:
    assert 204 == turned(client, "freeze").status_code
    world.clock.pass_by(60)
    assert (True, "12:00:00") == (clock(world).frozen, time(world)[11:])
    assert "Resume" in client.get(CLOCK).text

    assert 204 == turned(client, "resume").status_code
    world.clock.pass_by(60)
    assert (False, "12:01:00") == (clock(world).frozen, time(world)[11:])
    assert "Freeze" in client.get(CLOCK).text


def test_an_advance_tells_what_happened_on_the_way(
    world: Any, client: TestClient
) -> None:
    turned(client, "freeze")
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        now = project.clock.now(world.clock.now())
        command = CreateVideo("a kite", "sora-2", 4, Size(720, 1280))
        job = create(world.ports, unit, now, project, command)
    told = turned(client, "advance", seconds="120")

    assert "12:02:00" == time(world)[11:]
    assert "2 things happened on the way" in words(told)
    assert "video.in_progress" in told.text
    assert "video.completed" in told.text
    assert f'href="{HOME}/videos/{job.id}"' in told.text
    assert "Nothing happened on the way." in words(
        turned(client, "advance", seconds="1")
    )
    told = turned(client, "advance", seconds="1", unit="h")
    assert "One thing happened on the way: 13:00:" in words(told)
    assert "video.expired" in told.text


@pytest.mark.parametrize(
    ("seconds", "unit", "reached"),
    [("0.5", "s", "12:00:00"), ("90", "", "12:01:30"), ("2", "min", "12:02:00"),
     ("1", "d", "12:00:00"), ("1.5", "h", "13:30:00"), ("1e2", "eras", "12:01:40")],
)  # fmt: skip
def test_it_is_moved_by_any_span(
    world: Any, client: TestClient, seconds: str, unit: str, reached: str
) -> None:
    turned(client, "freeze")

    assert 200 == turned(client, "advance", seconds=seconds, unit=unit).status_code
    assert reached == time(world)[11:]


def test_it_is_frozen_at_an_instant_that_is_to_come(
    world: Any, client: TestClient
) -> None:
    turned(client, "freeze")
    there = f"{time(world)[:10]}T12:30"
    told = turned(client, "freeze", at=there)

    assert there == time(world)[:16].replace(" ", "T")
    assert "Nothing happened on the way." in words(told)


def test_it_does_not_go_back_where_there_is_something(
    world: Any, client: TestClient
) -> None:
    turned(client, "freeze", at="2020-02-02T10:00")
    assert "2020-02-02 10:00:00" == time(world)
    everyone.advance(world.ports, OURS, 1)
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        now = project.clock.now(world.clock.now())
        create(world.ports, unit, now, project,
               CreateVideo("a", "sora-2", 4, Size(720, 1280)))  # fmt: skip
    refused = turned(client, "freeze", at="2020-02-02T09:00")

    assert 409 == refused.status_code
    assert "cannot go back to" in refused.text
    assert "#notice" == refused.headers["hx-retarget"]


def test_it_runs_at_a_speed(world: Any, client: TestClient) -> None:
    turned(client, "speed", speed="60")
    world.clock.pass_by(1)

    assert "12:01:00" == time(world)[11:]
    assert "×60" in client.get(CLOCK).text


@pytest.mark.parametrize(
    ("verb", "form"),
    [("advance", {}), ("advance", {"seconds": "-1"}), ("advance", {"seconds": "nan"}),
     ("advance", {"seconds": "soon"}), ("advance", {"seconds": "1e9", "unit": "d"}),
     ("advance", {"seconds": "inf"}), ("speed", {"speed": "0"}), ("speed", {}),
     ("speed", {"speed": "1e7"}), ("freeze", {"at": "noon"}),
     ("freeze", {"at": "1900-01-01"}), ("freeze", {"at": "9999-12-31T23:59"})],
)  # fmt: skip
def test_what_is_no_span_speed_or_instant_is_refused_in_words(
    client: TestClient, verb: str, form: dict[str, str]
) -> None:
    refused = turned(client, verb, **form)

    assert 409 == refused.status_code
    assert re.search(r"is no (number|instant)", refused.text)
    assert "#notice" == refused.headers["hx-retarget"]
