"""A file of 200 MB out of a real server: by every client, in flat memory, to a crowd of
slow readers, and to those who hang up."""

import hashlib
import io
import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest
from openai import OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.judge

KEY = {"Authorization": "Bearer k"}
SIZE = 200 * 2**20
CROWD = 150
"""Slow readers at once: more than the server has threads for requests."""
FLAT = 24 * 2**20
"""Bytes that a process may grow by while it sends a file of eight times as many."""
A_READER = 320 * 1024
"""Bytes that a reader who does not read may cost."""


class Big(NamedTuple):
    """A server with one large file, and what is in it."""

    server: object
    process: psutil.Process
    url: str
    digest: str


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A server's folder that has the file, the file's id, and its digest."""
    folder = tmp_path_factory.mktemp("uploaded") / "data"
    content = os.urandom(2**20) * (SIZE // 2**20)
    with Emulator(data=folder, max_upload="300MB") as emulator:
        answer = httpx.post(
            f"{emulator.url}/files", headers=KEY, data={"purpose": "user_data"},
            files={"file": ("ein großer.bin", io.BytesIO(content))}, timeout=60,
        )  # fmt: skip
    return folder, answer.json()["id"], hashlib.sha256(content).hexdigest()


@pytest.fixture
def big(serve: Callable[..., object], uploaded: tuple[Path, str, str]) -> Big:
    """Started after the upload, so that nothing of it is in its memory."""
    folder, file_id, digest = uploaded
    server = serve("--data", str(folder))
    url = f"{server.url}/files/{file_id}/content"
    httpx.head(url, headers=KEY).raise_for_status()
    return Big(server, psutil.Process(server.process.pid), url, digest)


@contextmanager
def peak(process: psutil.Process) -> Iterator[list[int]]:
    """The most memory that a process has while the block lasts, at its end."""
    most, is_over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not is_over.wait(0.01):
            most[0] = max(most[0], process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        is_over.set()
        looking.join()


def of_file(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def by_curl(big: Big, target: Path, *arguments: str) -> int:
    """Curl's exit code; what it has got is in the file."""
    command = ["curl", "-sS", "-H", f"Authorization: {KEY['Authorization']}"]
    done = subprocess.run(
        [*command, *arguments, "-o", str(target), big.url], check=False
    )
    return done.returncode


def test_a_large_file_goes_out_whole_in_flat_memory(big: Big, tmp_path: Path) -> None:
    before = big.process.memory_info().rss
    with peak(big.process) as most:
        seen = hashlib.sha256()
        with httpx.stream("GET", big.url, headers=KEY) as answer:
            for piece in answer.iter_raw():
                seen.update(piece)
        assert 0 == by_curl(big, tmp_path / "curl")
        with OpenAI(base_url=big.server.url, api_key="k", max_retries=0) as client:
            file_id = big.url.split("/")[-2]
            streaming = client.files.with_streaming_response
            with streaming.content(file_id) as response:
                response.stream_to_file(tmp_path / "sdk")
    grown = most[0] - before

    assert big.digest == seen.hexdigest()
    assert [big.digest] * 2 == [of_file(tmp_path / name) for name in ("curl", "sdk")]
    assert grown < FLAT, f"{grown / 2**20:.0f} MiB more"


def test_curl_goes_on_with_what_it_has(big: Big, tmp_path: Path) -> None:
    target = tmp_path / "half"
    assert 0 == by_curl(big, target, "-r", f"0-{SIZE // 3}")
    assert SIZE // 3 + 1 == target.stat().st_size
    assert 0 == by_curl(big, target, "-C", "-")

    assert big.digest == of_file(target)


def test_slow_readers_hold_no_thread_and_in_hanging_up_leave_nothing_open(
    big: Big,
) -> None:
    host, port = big.server.address.removeprefix("http://").split(":")
    path = "/v1" + big.url.partition("/v1")[2]
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer k\r\n\r\n"
    memory = big.process.memory_info().rss
    alone = polled(big)
    with ExitStack() as readers, peak(big.process) as most:
        for _ in range(CROWD):
            reader = readers.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect((host, int(port)))
            reader.sendall(request.encode())
        big.server.until(lambda: opened(big) == CROWD)
        big.server.wait(1)
        beside = polled(big)
        read = big.process.io_counters().read_chars
        big.server.wait(1)
        # Nobody reads, so nothing is read for them.
        assert big.process.io_counters().read_chars - read < 2**20
    assert most[0] - memory < FLAT + CROWD * A_READER
    assert beside < alone * 3 + 0.01, f"{beside:.4f} s after {alone:.4f} s"
    big.server.until(lambda: opened(big) == 0, 5)
    assert [] == big.server.complaints()


def opened(big: Big) -> int:
    """How many times the server has the file open."""
    return sum("/blobs/" in file.path for file in big.process.open_files())


def polled(big: Big) -> float:
    """The median of what an answer takes that comes out of the database, in seconds."""
    took = []
    with httpx.Client(headers=KEY) as client:
        for _ in range(100):
            began = time.perf_counter()
            client.get(big.url.removesuffix("/content")).raise_for_status()
            took.append(time.perf_counter() - began)
    return statistics.median(took)


def test_stills_for_those_who_have_hung_up_are_not_made(
    serve: Callable[..., object],
) -> None:
    """One at a time is made; who hangs up while waiting for it asks for nothing more."""
    server = serve("--render-workers", "1", "--pace", "instant")
    with OpenAI(base_url=server.url, api_key="k") as client:
        made = [
            client.videos.create_and_poll(prompt="a kite", seconds="12").id
            for _ in range(6)
        ]
    host, port = server.address.removeprefix("http://").split(":")
    with ExitStack() as callers:
        for name in made:
            caller = callers.enter_context(socket.create_connection((host, int(port))))
            path = f"/v1/videos/{name}/content?variant=spritesheet"
            caller.sendall(
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer k\r\n\r\n".encode()
            )
        server.wait(0.1)
    answer = httpx.get(
        f"{server.url}/videos/{made[0]}/content?variant=thumbnail", headers=KEY
    )
    stills = [key for key in server.blobs() if key.endswith("spritesheet.jpg")]

    assert 200 == answer.status_code
    assert len(stills) <= 1
    assert [] == server.complaints()
