"""Deliveries of a running server over real sockets: nobody waits for a dead endpoint."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path
from threading import Event, Lock

import httpx
import pytest

from fakes import hold_renders
from receivers import PATIENCE, Received, Receiver
from reelmock import Emulator
from reelmock.domain.webhook import Attempt, DeliveryStatus
from reelmock.engine.deliver import WIDTH
from reelmock.handles import ProjectHandle
from reelmock.service import clocks
from sendings import attempts, endpoint, instants, stored, tell

BADLY = "[reelmock queue=0 render=0 fail=moderation_blocked]"
LADDER = [0, 5, 35, 155, 755, 4355] + [4355 + n * 21_600 for n in range(1, 12)]
_numbers = count(1)


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    """One server for all; every test is projects of its own there."""
    with Emulator(pace="instant") as emulator:
        hold_renders(emulator)
        yield emulator


class Home:
    """A project of its own."""

    def __init__(self, running: Emulator) -> None:
        self.key = f"sk-deliver-{next(_numbers)}"
        self.url = running.url
        self.project: ProjectHandle = running.project(self.key)
        self.ports = running._running()
        self.id = str(self.project.id)

    def hears(self, url: str) -> str:
        return endpoint(self.ports, url, self.id).id

    def tell(self, number: int = 1) -> list[str]:
        return tell(self.ports, number, self.id)

    def is_posted(self, *names: str, seconds: float = PATIENCE) -> bool:
        return self.ports.deliver(self.id, *names)(seconds)

    def attempts(self, name: str) -> tuple[Attempt, ...]:
        return attempts(self.ports, name, self.id)

    def status(self, name: str) -> DeliveryStatus:
        return stored(self.ports, name, self.id).status

    def of(self, names: list[str], endpoint_id: str) -> list[str]:
        """Those of the deliveries that go to that endpoint."""
        found = {one: stored(self.ports, one, self.id).endpoint_id for one in names}
        return [one for one in names if found[one] == endpoint_id]

    def ended(self, prompt: str = BADLY) -> str:
        """The status of a new video at once."""
        with httpx.Client(headers={"Authorization": f"Bearer {self.key}"}) as http:
            made = http.post(f"{self.url}/videos", json={"prompt": prompt}).json()
            return str(http.get(f"{self.url}/videos/{made['id']}").json()["status"])


@pytest.fixture
def home(running: Emulator) -> Iterator[Home]:
    """Reset in the end, which lets go of what a dead endpoint still holds."""
    made = Home(running)
    yield made
    made.project.reset()


@pytest.fixture
def dead() -> Iterator[str]:
    """An endpoint that accepts and never answers: nobody reads from its queue."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=1024)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/dead"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


class Gate:
    """Holds every request until it opens; counts how many it holds at most."""

    def __init__(self) -> None:
        self.opened, self.full = Event(), Event()
        self.here = self.most = 0
        self._lock = Lock()

    def answer(self, _: Received) -> int:
        with self._lock:
            self.here += 1
            self.most = max(self.most, self.here)
            if self.here == WIDTH:
                self.full.set()
        assert self.opened.wait(PATIENCE)
        with self._lock:
            self.here -= 1
        return 200


def seconds(made: tuple[Attempt, ...]) -> list[float]:
    """From the first attempt to each."""
    return [span.total_seconds() for span in instants(made[0].at, made)]


@pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.judge), 50])
def test_dead_endpoints_delay_nobody(
    running: Emulator, home: Home, dead: str, receiver: Receiver, number: int
) -> None:
    for one in range(number):
        home.hears(f"{dead}/{one}")
    good, other = home.hears(receiver.url), Home(running)
    other.hears(receiver.url)
    began = home.ports.clock.perf()
    names = home.tell(20)
    to_good, elsewhere = home.of(names, good), other.tell(20)

    assert home.is_posted(*to_good)
    assert other.is_posted()
    assert "failed" == home.ended() == other.ended()
    receiver.wait_for(42)
    assert home.ports.clock.perf() - began < 9, "sooner than any dead one is given up"
    assert {DeliveryStatus.DELIVERED} == {home.status(one) for one in to_good}
    assert {DeliveryStatus.DELIVERED} == {other.status(one) for one in elsewhere}
    to_dead = [one for one in names if one not in to_good][:20]
    assert [()] * 20 == [home.attempts(one) for one in to_dead]


def test_one_endpoint_gets_eight_requests_at_a_time_begun_in_order(
    home: Home, receiver: Receiver
) -> None:
    home.hears(receiver.url)
    assert home.is_posted(*home.tell())
    gate = Gate()
    receiver.answers(gate.answer)
    names = home.tell(5 * WIDTH)
    assert gate.full.wait(PATIENCE)
    gate.opened.set()

    assert home.is_posted(*names)
    assert WIDTH == gate.most
    begun = [home.attempts(one)[0].real_at for one in names]
    assert sorted(begun) == begun
    assert {1} == set(
        Counter(one.headers["webhook-id"] for one in receiver.received).values()
    )


def test_a_frozen_clock_posts_what_is_due_and_nothing_later(
    home: Home, receiver: Receiver
) -> None:
    home.hears(receiver.url)
    home.project.clock.freeze()
    receiver.answers([500])
    (one,) = home.tell()
    assert home.is_posted()
    assert home.is_posted()
    assert 1 == len(receiver.received)

    home.project.clock.advance(4.9)
    assert 1 == len(receiver.received)
    home.project.clock.advance(0.1)
    assert [0, 5] == seconds(home.attempts(one))
    assert DeliveryStatus.DELIVERED is home.status(one)


def test_a_faster_clock_has_the_retry_sooner_and_a_frozen_one_has_none(
    home: Home, receiver: Receiver
) -> None:
    home.hears(receiver.url)
    receiver.answers([500, 500, 500])
    (one,) = home.tell()
    assert home.is_posted(one)
    home.project.clock.speed(100)
    receiver.wait_for(2)
    home.project.clock.freeze()
    waiting = stored(home.ports, one, home.id)
    assert home.is_posted()
    assert 2 == len(receiver.received)

    home.project.clock.speed(10_000)
    home.project.clock.resume()
    receiver.wait_for(4)
    assert home.is_posted()
    made = home.attempts(one)
    assert [500, 500, 500, 200] == [each.status for each in made]
    assert waiting.due_at is not None
    assert waiting.due_at <= made[2].at
    for each, least in zip(pairwise(made), (5, 30, 120), strict=True):
        assert timedelta(seconds=least) <= each[1].at - each[0].at


def test_a_reset_lets_go_of_a_dead_endpoint(
    home: Home, dead: str, receiver: Receiver
) -> None:
    home.hears(dead)
    home.tell(5)
    assert not home.is_posted(seconds=0.05)
    home.project.reset()
    home.hears(receiver.url)
    home.tell()

    assert home.is_posted()
    assert 1 == len(receiver.received)


def test_a_stop_lets_an_answer_come_and_a_start_posts_what_is_left(
    tmp_path: Path, receiver: Receiver
) -> None:
    gate = Gate()
    receiver.answers(gate.answer)
    with Emulator(data=tmp_path) as running:
        home = Home(running)
        home.hears(receiver.url)
        home.project.clock.freeze()
        names = home.tell(3)
        receiver.wait_for(1)
        running._house.engine.stop()  # type: ignore[union-attr]
        gate.opened.set()
    with Emulator(data=tmp_path) as running:
        home.ports = running._running()
        assert home.is_posted()

    assert names == [one.headers["webhook-id"] for one in receiver.received]


def test_the_whole_ladder_passes_while_the_clock_is_advanced(
    home: Home, receiver: Receiver
) -> None:
    receiver.answers(lambda _: 503)
    home.project.clock.freeze("2025-06-01T00:00:00Z")
    home.hears(receiver.url)
    (one,) = home.tell()
    assert home.is_posted()  # for the first time, before the clock goes on
    done = home.project.clock.advance(timedelta(hours=72, seconds=1))

    assert LADDER == seconds(home.attempts(one))
    assert 17 == len(receiver.received)
    assert {one} == {each.headers["webhook-id"] for each in receiver.received}
    assert DeliveryStatus.EXHAUSTED is home.status(one)
    assert ("2025-06-04T00:00:01+00:00", 0.0) == (done.now.isoformat(), done.left)
    assert [("webhook.failed", one)] * 16 == [
        (each.what, each.id) for each in done.happened
    ]


@pytest.mark.judge
def test_an_advance_past_an_endpoint_that_never_answers_says_what_is_left(
    home: Home, dead: str
) -> None:
    home.hears(dead)
    home.project.clock.freeze()
    (one,) = home.tell()
    began = home.ports.clock.perf()
    patience, span = 11, timedelta(hours=72)
    done = clocks.advance(home.ports, home.id, span, began + patience)

    assert patience <= home.ports.clock.perf() - began < patience + 2
    (made,) = home.attempts(one)
    assert "no answer within 10 s" == made.error
    assert [made.at, made.at + timedelta(seconds=5)] == [
        done.happened[0].at,
        done.now,
    ]
    assert span - timedelta(seconds=5) == done.left
