"""The stream of events: each once, in order, to whoever listens and comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count, islice
from time import perf_counter  # noqa: TID251 - how long a stop takes is real
from typing import Any

import httpx
import pytest

from desks import Desk, Refused
from ears import Ear
from reelmock import Emulator, streaming
from reelmock.domain.ids import project_id
from reelmock.domain.webhook import EVERYWHERE
from reelmock.service.feed import MOST

STREAM = "/_reelmock/webhooks/stream"
_keys = count()


@pytest.fixture
def key() -> str:
    """A key that nobody else has."""
    return f"sk-stream-{next(_keys)}"


@pytest.fixture(scope="module")
def alone() -> Iterator[Emulator]:
    """A server that only this module speaks to."""
    with Emulator(pace="instant", webhook="http://127.0.0.1:9/never") as running:
        yield running


def tell(emulator: Emulator, key: str, number: int = 1) -> list[str]:
    """Make up so many events; their ids."""
    webhooks = emulator.project(key).webhooks
    return [webhooks.send("video.failed").event.id for _ in range(number)]


def ids(messages: list[Any]) -> list[str]:
    return [one.said["event"]["id"] for one in messages]


def test_a_listener_is_told_what_happens_as_it_is_sent(
    emulator: Emulator, key: str
) -> None:
    with Ear(emulator.address, {"authorization": f"Bearer {key}"}, project=None) as ear:
        tell(emulator, f"{key}-other")
        told = emulator.project(key).webhooks.send("video.failed", "video_é").event
        (message,) = ear.next(1)

    assert (str(told.place), "video.failed") == (message.id, message.kind)
    assert (project_id(key), told.place) == (
        message.said["project"],
        message.said["place"],
    )
    assert "wh_" == message.said["delivery"][:3]
    assert {
        "id": told.id,
        "object": "event",
        "created_at": int(told.created_at.timestamp()),
        "type": "video.failed",
        "data": dict(message.said["event"]["data"], id="video_é"),
    } == message.said["event"]


def test_one_who_comes_back_is_told_what_happened_meanwhile(
    emulator: Emulator, key: str
) -> None:
    mine = {"project": project_id(key)}
    with Ear(emulator.address, **mine) as ear:
        before = tell(emulator, key, 2)
        (first, second) = ear.next(2)
    meanwhile = tell(emulator, key, 2)
    back = {"last-event-id": second.id}
    with Ear(emulator.address, back, after=0, **mine) as ear:
        later = tell(emulator, key)

        assert meanwhile + later == ids(ear.next(3))
    with Ear(emulator.address, after=first.id, **mine) as ear:
        assert before[1:] + meanwhile + later == ids(ear.next(4))


def test_nothing_is_told_twice_or_never_however_often_somebody_comes_back(
    alone: Emulator, key: str
) -> None:
    with Ear(alone.address) as ear:
        place = str(ear.server["place"])
    with ThreadPoolExecutor(4) as tellers:
        made = [tellers.submit(tell, alone, f"{key}-{n}", 15) for n in range(4)]
        heard: list[Any] = []
        while len(heard) < 60:
            with Ear(alone.address, {"last-event-id": place}) as ear:
                heard += islice(ear, min(7, 60 - len(heard)))
            place = heard[-1].id

    assert sorted(one for each in made for one in each.result()) == sorted(ids(heard))
    assert sorted(heard, key=lambda one: int(one.id)) == heard


def test_more_than_one_reading_is_told_whole(alone: Emulator, key: str) -> None:
    tell(alone, key, 130)
    with Ear(alone.address, project=project_id(key), after=0) as ear:
        heard = ear.next(130)

    assert 130 == len(set(ids(heard)))


def test_a_reset_gives_no_place_twice(alone: Emulator, key: str) -> None:
    with Ear(alone.address, project=project_id(key)) as ear:
        tell(alone, key, 2)
        (_, last) = ear.next(2)
        alone.reset()
        after = tell(alone, key)

        assert after == ids(ear.next(1))
    with Ear(alone.address, {"last-event-id": last.id}) as ear:
        assert after == ids(ear.next(1))


def test_a_place_of_another_server_is_where_this_one_began(
    alone: Emulator, key: str
) -> None:
    mine = {"project": project_id(key)}
    made = tell(alone, key)
    with Ear(alone.address, after=10**6, of="another", **mine) as ear:
        assert made == ids(ear.next(1))
    with Ear(alone.address, after=10**6, of=ear.server["server"]) as ear:
        assert 10**6 == ear.server["place"]


def test_the_secret_is_that_of_every_projects_endpoint(alone: Emulator) -> None:
    told = httpx.get(f"{alone.address}/_reelmock/webhooks/secret").json()
    (everywhere,) = [one for one in alone.webhooks.endpoints() if one.id == EVERYWHERE]

    assert {"signing_secret": everywhere.secret} == told


def test_a_server_with_listeners_stops_at_once_and_tells_them() -> None:
    with ExitStack() as listening:
        with Emulator() as emulator:
            ears = [listening.enter_context(Ear(emulator.address)) for _ in range(3)]
            began = perf_counter()

        assert perf_counter() - began < 5
        assert [[], [], []] == [list(ear) for ear in ears]


def test_who_hangs_up_makes_room_for_others(alone: Emulator) -> None:
    url = f"{alone.address}{STREAM}"
    with ExitStack() as listening:
        for _ in range(MOST):
            listening.enter_context(Ear(alone.address))
        full = httpx.get(url, params={"project": "*"})

    assert 503 == full.status_code
    assert f"{MOST} listeners" in full.json()["error"]["message"]
    for _ in range(1000):
        with httpx.stream("GET", url, params={"project": "*"}) as answer:
            if answer.status_code == 200:
                return
    raise AssertionError("no place is ever free again")


@pytest.mark.judge
def test_a_stream_that_has_nothing_to_tell_is_not_silent(alone: Emulator) -> None:
    url = f"{alone.address}{STREAM}?project=*"
    with httpx.stream("GET", url, timeout=2 * streaming.QUIET) as answer:
        assert next(line for line in answer.iter_lines() if line.startswith(":"))


@pytest.mark.parametrize(
    ("params", "headers", "named"),
    [
        ({"after": "-1"}, {}, "after"),
        ({"after": str(2**63)}, {}, "after"),
        ({"after": "evt_1"}, {}, "after"),
        ({"aftr": "1"}, {}, "aftr"),
        ({}, {"last-event-id": "evt_1"}, "Last-Event-ID"),
        ({}, {"last-event-id": "-1"}, "Last-Event-ID"),
        ({}, {"last-event-id": "9" * 5000}, "Last-Event-ID"),
        ({}, {"last-event-id": "0" * 5000}, "Last-Event-ID"),
        ({}, {"last-event-id": str(2**63)}, "Last-Event-ID"),
        ({"project": "sk-key"}, {}, "sk-key"),
    ],
)
def test_a_place_that_is_none_is_refused(
    desk: Desk, refused: Refused, params: dict[str, str], headers: dict[str, str],
    named: str,
) -> None:  # fmt: skip
    answer = desk().get(STREAM, params=params, headers=headers)

    assert 400 == answer.status_code
    assert named in refused(answer)[0]
