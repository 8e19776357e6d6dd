"""Many tests at once against one server, each with a key of its own: whatever one
does to its clock, its faults, its budget and its videos, no other one notices."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from openai import APIStatusError, OpenAI

from crowd import MANY, ByCall, Guest, Hands, InPython, together
from fakes import hold_renders
from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]


@pytest.fixture
def hotel() -> Iterator[Emulator]:
    """A server that renders nothing, and takes its time."""
    with Emulator(pace="realistic") as running:
        hold_renders(running)
        yield running


@pytest.fixture(params=[8, pytest.param(MANY, marks=pytest.mark.judge)])
def guests(
    hotel: Emulator, caller: Caller, wire: Wire, request: pytest.FixtureRequest
) -> list[Guest]:
    """As many as there are to be; every second one steers by HTTP, the others in Python."""

    def hands(number: int, key: str) -> Hands:
        return (
            ByCall(wire(hotel, key)) if number % 4 < 2 else InPython(hotel.project(key))
        )

    keys = [f"sk-test-of-guest-{number:02d}" for number in range(request.param)]
    return [
        Guest(number, caller(hotel, key), hands(number, key))
        for number, key in enumerate(keys)
    ]


def moves(guest: Guest) -> bool:
    return guest.number % 2 == 1


def test_no_test_notices_what_another_one_does(guests: list[Guest]) -> None:
    together(
        guests,
        Guest.arrive,
        Guest.spend,
        Guest.poll,
        lambda guest: guest.knock(guests[guest.number - 1]),
        lambda guest: guest.move_out() if moves(guest) else guest.watch(),
        lambda guest: None if moves(guest) else guest.earn(),
        Guest.check_list,
    )


def test_threads_of_one_test_meet_each_fault_exactly_as_often_as_it_was_armed(
    hotel: Emulator, caller: Caller
) -> None:
    client, project = caller(hotel, "sk-a"), hotel.project("sk-a")
    prompt = "A kite [reelmock status=503 times=7 on=poll]"
    video = client.videos.create(prompt=prompt).id
    project.faults.add(operation="getVideo", status=502, times=5)
    project.faults.add(operation="getVideo", status=504, every=10)
    hotel.faults.add(operation="getVideo", status=500, times=3)

    def poll(_: int) -> int:
        try:
            client.videos.retrieve(video)
        except APIStatusError as error:
            return error.status_code
        return 200

    with ThreadPoolExecutor(MANY) as threads:
        seen = Counter(threads.map(poll, range(112)))

    # Of the hundred that 503 and 502 leave, one in ten is a 504; then 500 has its turn.
    assert {503: 7, 502: 5, 504: 10, 500: 3, 200: 87} == seen
