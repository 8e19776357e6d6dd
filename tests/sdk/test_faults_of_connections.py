"""Connections that end where a test wants it, and servers that stop meanwhile."""

import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from openai import APIConnectionError, APITimeoutError, OpenAI
from starlette.testclient import TestClient

from faulty import arm, comes_true
from reelmock import Emulator
from reelmock.domain.fault import Fault
from reelmock.domain.ids import project_id
from reelmock.domain.scenario import Rule

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]


@pytest.fixture(autouse=True)
def _silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever goes wrong on purpose, the listener complains of nothing."""
    caplog.set_level(logging.WARNING)
    yield
    assert [] == [record.getMessage() for record in caplog.get_records("call")]


@pytest.fixture
def fault(waiting: Emulator, key: str) -> Callable[..., None]:
    """Have the next exchange of an operation go wrong for this test's key."""

    def armed(operation: str = "listVideos", times: int = 1, **parts: object) -> None:
        arm(waiting, key, operation, times, **parts)

    return armed


@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_a_reset_is_a_connection_error_and_the_next_call_is_served(
    delay: float, fault: Callable[..., None], patient: OpenAI
) -> None:
    fault(is_reset=True, delay=delay)

    with pytest.raises(APIConnectionError) as caught:
        patient.videos.list()

    assert type(caught.value) is APIConnectionError
    assert "reset" in str(caught.value.__cause__)
    assert [] == list(patient.videos.list())


@pytest.mark.parametrize(("is_after", "made"), [(False, []), (True, ["A kite"])])
def test_a_create_is_done_before_its_connection_is_reset_or_not_at_all(
    is_after: bool, made: list[str], fault: Callable[..., None], patient: OpenAI
) -> None:
    fault("createVideo", is_reset=True, is_after=is_after)

    with pytest.raises(APIConnectionError):
        patient.videos.create(prompt="A kite")

    assert made == [video.prompt for video in patient.videos.list()]


def test_a_client_that_retries_a_create_it_never_heard_of_has_made_two(
    fault: Callable[..., None], patient: OpenAI
) -> None:
    fault("createVideo", is_reset=True, is_after=True)

    patient.with_options(max_retries=1).videos.create(prompt="A kite")

    assert 2 == len(list(patient.videos.list()))


@pytest.mark.parametrize(
    ("parts", "status"), [({"is_reset": True}, 0), ({"truncate": 5}, 200)], ids=str
)
def test_a_connection_is_cut_only_after_the_exchange_is_noted(
    parts: dict[str, object], status: int, serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI], key: str,
) -> None:  # fmt: skip
    emulator = serve()
    requests = emulator._house.ports.meters.requests
    arm(emulator, key, "listVideos", times=None, **parts)

    for number in range(1, 31):
        with pytest.raises(APIConnectionError):
            caller(emulator, key).videos.list()
        assert number == requests["listVideos", status]


def test_a_reset_is_one_on_the_wire(
    fault: Callable[..., None], waiting: Emulator, key: str
) -> None:
    fault(is_reset=True)

    with dialled(waiting) as line:
        line.sendall(asking(key))
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_a_body_that_ends_early_closes_its_connection(
    fault: Callable[..., None], waiting: Emulator, key: str
) -> None:
    fault(truncate=5)

    with dialled(waiting) as line:
        line.sendall(asking(key))
        head, _, body = received(line).partition(b"\r\n\r\n")

    assert b'{"obj' == body
    assert b"HTTP/1.1 200 OK" == head.partition(b"\r\n")[0]


def test_a_json_answer_that_ends_early_is_noticed(
    fault: Callable[..., None], patient: OpenAI
) -> None:
    fault(truncate=0.5)

    with pytest.raises(APIConnectionError):
        patient.videos.list()


@pytest.mark.parametrize(
    "parts",
    [
        {"delay": 0.01},
        {"drip": 0.001},
        {"truncate": 0.5, "is_announced_whole": False},
        {"is_corrupt": True},
        {"status": 500},
        {"content_type": "text/plain"},
    ],
    ids=str,
)
def test_what_does_not_cut_its_connection_leaves_it_usable(
    parts: dict[str, object], fault: Callable[..., None], waiting: Emulator, key: str
) -> None:
    fault(**parts)

    with dialled(waiting) as line:
        line.sendall(asking(key))
        first = answered(line)
        line.sendall(asking(key, b"Connection: close\r\n"))
        second = received(line)

    assert b"connection: close" not in first
    assert b"HTTP/1.1 200 OK" == second.partition(b"\r\n")[0]


def test_a_page_of_another_origin_may_read_what_was_asked_for(
    fault: Callable[..., None], waiting: Emulator, wire: Wire, key: str
) -> None:
    fault(status=503, retry_after=2, delay=0.01)

    answer = wire(waiting, key).get("/v1/videos", headers={"Origin": "http://a.b"})

    assert (503, "2") == (answer.status_code, answer.headers["retry-after"])
    assert "*" == answer.headers["access-control-allow-origin"]
    assert "retry-after-ms" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("parts", [{"delay": 60.0}, {"drip": 60.0}], ids=str)
def test_a_client_that_leaves_is_not_waited_for(
    parts: dict[str, object], serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI], key: str,
) -> None:  # fmt: skip
    emulator = serve()
    meters = emulator._house.ports.meters
    arm(emulator, key, "listVideos", **parts)

    with pytest.raises(APITimeoutError):
        caller(emulator, key, timeout=0.1).videos.list()

    assert comes_true(lambda: 1 == meters.requests.total())


@pytest.mark.parametrize("parts", [{"delay": 600.0}, {"drip": 600.0}], ids=str)
def test_a_server_that_stops_waits_for_no_delay(
    parts: dict[str, object], serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI], key: str,
) -> None:  # fmt: skip
    emulator = serve()
    arm(emulator, key, "listVideos", **parts)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(lambda: list(caller(emulator, key).videos.list()))
        faults = emulator._house.ports.meters.faults
        assert comes_true(lambda: 1 == faults["listVideos"])
        emulator.stop()

        assert [] == answer.result(5)


def test_a_server_without_connections_says_that_it_cannot_cut_them(
    at_noon: Callable[..., TestClient], world: object
) -> None:
    scripts = world.ports.scripts
    for fault in (Fault(is_reset=True), Fault(truncate=3)):
        scripts.arm(project_id("k"), Rule("", fault=fault, times=1))
    client = at_noon()

    refused = client.get("/v1/videos")
    with pytest.raises(Exception, match="cannot cut a connection"):
        client.get("/v1/videos")

    assert 500 == refused.status_code
    reasons = [facts["reason"] for action, facts in world.notes if action == "broke"]
    assert "cannot cut a connection" in reasons[0]


def dialled(emulator: Emulator) -> socket.socket:
    """A connection of bytes to the server."""
    host, _, port = emulator.address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def asking(key: str, more: bytes = b"") -> bytes:
    words = (
        b"GET /v1/videos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n"
    )
    return words % key.encode() + more + b"\r\n"


def received(line: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def answered(line: socket.socket) -> bytes:
    """One answer's head; its body is taken too."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += line.recv(65536)
    head, _, body = came.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(65536)
    return head
