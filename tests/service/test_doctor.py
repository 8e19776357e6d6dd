"""The client doctor finds each fault in the clients that have it, and nothing in good
ones: real clients, over a real socket."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from clients import bad, good
from clients.stage import Client, Stage, staged
from clients.told import blurred, section
from receivers import Receiver
from reelmock import Emulator
from reelmock.service.doctor import CODES, Examination, Finding, examine, findings

PAGE = Path(__file__).parents[2] / "server" / "DOCTOR.md"


def rare(*values: object, number: int, every: int) -> object:
    """One of many cases: a few are tried each time, all by the judges."""
    marks = [pytest.mark.judge] if number % every else []
    return pytest.param(*values, marks=marks, id=values[-1].__name__)


BAD = [
    rare(code, one, number=number, every=100)
    for code, clients in bad.CLIENTS.items()
    for number, one in enumerate(clients)
]
GOOD = [rare(one, number=at, every=4) for at, one in enumerate(good.CLIENTS)]


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def stage(emulator: Emulator, receiver: Receiver) -> Iterator[Stage]:
    with staged(emulator, receiver) as made:
        yield made


def examined(stage: Stage) -> Examination:
    """As it travels from one process to another."""
    made = examine("a client", stage.project.journal.entries())
    return Examination.of_dict(json.loads(json.dumps(made.as_dict())))


def found(stage: Stage) -> list[Finding]:
    return findings([examined(stage)])


def codes(found: Sequence[Finding]) -> list[str]:
    return [one.code for one in found]


def test_every_code_has_a_client_under_test() -> None:
    assert list(CODES) == list(bad.CLIENTS)


@pytest.mark.parametrize(("code", "client"), BAD)
def test_a_bad_client_has_its_code_and_no_other(
    stage: Stage, code: str, client: Client
) -> None:
    """The evidence of the first one of each code stands on the page."""
    client(stage)

    seen = found(stage)
    assert [code] == codes(seen), seen
    if client is bad.CLIENTS[code][0] and PAGE.exists():
        told = section(CODES[code], seen[0].evidence[0])
        assert blurred(told) in blurred(PAGE.read_text())


@pytest.mark.parametrize("client", GOOD)
def test_nothing_is_found_in_a_good_client(stage: Stage, client: Client) -> None:
    client(stage)

    assert [] == found(stage)
