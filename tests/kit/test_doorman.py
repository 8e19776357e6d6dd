"""The door at which the workers of a run ask for its one server."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count

import pytest

from reelmock.kit.doorman import Doorman, NotAnswered, asked_at


@pytest.fixture
def asked() -> Iterator[int]:
    """How often somebody was let in."""
    return count(1)


def test_all_who_ask_are_answered_one_after_the_other(asked: Iterator[int]) -> None:
    with (
        closing(Doorman(lambda: f"http://here/{next(asked)}")) as doorman,
        ThreadPoolExecutor(8) as threads,
    ):
        answers = list(threads.map(asked_at, [doorman.door] * 8))

    assert {f"http://here/{number}" for number in range(1, 9)} == set(answers)


def test_a_reason_is_told_instead_of_an_address() -> None:
    def refuse() -> str:
        raise ValueError("The port is taken.")

    with (
        closing(Doorman(refuse)) as doorman,
        pytest.raises(NotAnswered, match="The port is taken"),
    ):
        asked_at(doorman.door)


def test_strangers_in_the_door_keep_nobody_out(asked: Iterator[int]) -> None:
    with closing(Doorman(lambda: f"http://here/{next(asked)}")) as doorman:
        host, port, _ = doorman.door.split()
        with socket.create_connection((host, int(port))):  # and says nothing
            socket.create_connection((host, int(port))).close()
            with socket.create_connection((host, int(port))) as loud:
                loud.sendall(b"GET / HTTP/1.1\r\n\r\n")
                with pytest.raises(NotAnswered):
                    asked_at(f"{host} {port} guessed")

                assert "http://here/1" == asked_at(doorman.door)


def test_behind_a_closed_door_nobody_answers() -> None:
    doorman = Doorman(lambda: "http://here")
    door = doorman.door
    doorman.close()

    with pytest.raises(NotAnswered, match="does not answer"):
        asked_at(door)
