"""The real `reelmock listen` beside a real server: forwards that the SDK takes, and a
server that is killed and comes back."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Thread

import httpx
import pytest
from openai import OpenAI

from receivers import Receiver

pytestmark = [pytest.mark.judge, pytest.mark.kill]

KILLS = 4
PATIENCE = 30.0


def _hears_interrupts() -> None:
    """A shell that starts tests in the background has its children ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Listening:
    """`reelmock listen`, and the lines that it prints."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reelmock", "listen", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hears_interrupts,
        )
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def next(self, number: int = 1) -> list[str]:
        return [self._lines.get(timeout=PATIENCE) for _ in range(number)]

    def interrupted(self) -> tuple[int, list[str], str]:
        """Ctrl-C: the exit code, the lines that were left, and what was said beside."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(PATIENCE)
        self._reader.join()
        self._process.stdout.close()
        with self._process.stderr as beside:
            said = beside.read()
        return code, self.next(self._lines.qsize()), said

    def discard(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listening]]:
    started: list[Listening] = []

    def start(*arguments: str) -> Listening:
        started.append(Listening(*arguments))
        return started[-1]

    yield start
    for one in started:
        one.discard()


@pytest.fixture
def port() -> int:
    """One that is free, for a server that is to come back to it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def create(url: str, number: int) -> None:
    with OpenAI(base_url=url, api_key=f"key-{number % 3}", max_retries=0) as client:
        client.videos.create(prompt=f"Scene {number}")


def test_each_event_is_printed_and_forwarded_once_however_often_the_server_is_killed(
    prepare, listen, port
) -> None:
    server = prepare("--port", str(port), "--pace", "instant").start()
    with Receiver() as receiver, ThreadPoolExecutor(4) as creators:
        listener = listen("--url", server.address, "--forward", receiver.url)
        (ready,) = listener.next()
        heard: list[str] = []
        for _ in range(KILLS):
            list(creators.map(lambda n: create(server.url, n), range(6)))
            heard += listener.next(5)  # and in the middle of the others
            assert -signal.SIGKILL == server.end(signal.SIGKILL)
            server.start()
        whole = {"project": "*", "limit": 1000}
        asked = f"{server.address}/_reelmock/webhooks/events"
        server.until(
            lambda: 6 * KILLS == len(httpx.get(asked, params=whole).json()["data"])
        )
        events = [one["id"] for one in httpx.get(asked, params=whole).json()["data"]]
        came = receiver.wait_for(6 * KILLS)
        heard += listener.next(2 * 6 * KILLS - len(heard))
        code, left, beside = listener.interrupted()

    assert (130, []) == (code, left)
    assert events == [line.split("  ")[3] for line in heard if "->" not in line]
    forwards = [line for line in heard if line.startswith("  -> 200 POST ")]
    assert events == [line.split("  ")[-1] for line in forwards]
    secret = ready.removeprefix("Ready. Signing secret: ")
    with OpenAI(api_key="any", webhook_secret=secret) as client:
        assert events == [
            client.webhooks.unwrap(one.body, one.headers).id for one in came
        ]
    assert 6 * KILLS == len({one.headers["webhook-id"] for one in came})
    assert KILLS == beside.count("has gone away")
    assert KILLS == beside.count("is back")
    assert "Traceback" not in beside


def test_a_reader_that_has_enough_ends_it_quietly(serve) -> None:
    server = serve("--pace", "instant", data=False)
    command = f"{sys.executable} -m reelmock listen --url {server.address} | head -1"
    with subprocess.Popen(
        ["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as piped:
        assert piped.stdout.readline().startswith("Ready.")
        for number in range(5):
            create(server.url, number)
            server.wait(0.2)
        said = piped.communicate(timeout=PATIENCE)

    assert ("", "") == said
