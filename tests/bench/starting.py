"""From nothing to the first create answered, and the memory it takes."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
from figures import Bar, Figure, NotMeasured
from processes import (
    ADDRESS,
    IMPORTS,
    PATIENCE,
    WHOLE,
    Program,
    call,
    reelmock,
)

REFERENCE = "imports of fastapi, sqlmodel, uvicorn"
READY, MEMORY = Bar(1.6, is_least=False), Bar(40, is_least=False, of_difference=True)
SETTLED = 1.0
"""Seconds after the first completion at which a server counts as idle."""


def ready(rounds: int) -> Iterator[Figure]:
    """Cold start: a new process, until its first create is answered."""
    figure = Figure("ready", "ms", REFERENCE, READY)
    _first_create(), _imports()  # both once, so that the files are in memory
    for _ in range(rounds):
        figure.add(_first_create(), _imports())
    yield figure


def _first_create() -> float:
    with call("") as client:
        began = time.perf_counter()
        with reelmock() as server:
            url = server.line(ADDRESS) + "/v1/videos"
            client.post(url, json=WHOLE).raise_for_status()
            return 1000 * (time.perf_counter() - began)


def _imports() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return 1000 * (time.perf_counter() - began)


def memory(rounds: int) -> Iterator[Figure]:
    """Idle after one completed video: the process and everything it has started."""
    figure = Figure("idle memory", "MB", REFERENCE, MEMORY)
    for _ in range(rounds):
        held = f"{IMPORTS}; print('held', flush=True); input()"
        with reelmock("--pace", "instant") as server, Program("-c", held) as imports:
            imports.line("held")
            _complete_one(server)
            threading.Event().wait(SETTLED)
            # Both at the same moment: what they share is shared by both.
            figure.add(megabytes(server), megabytes(imports))
    yield figure


def _complete_one(server: Program) -> None:
    with call(server.line(ADDRESS)) as client:
        url = "/v1/videos/" + client.post("/v1/videos", json=WHOLE).json()["id"]
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.1)):
            if client.get(url).json()["status"] == "completed":
                return
            pause.wait(0.1)
    raise NotMeasured("the first video was not completed")


def megabytes(program: Program) -> float:
    """What a program and all that it has started take."""
    first = psutil.Process(program.process.pid)
    begun = [
        child for child in first.children(recursive=True) if _is_other(child, first)
    ]
    return sum(map(_bytes, [first, *begun])) / 1e6


def _is_other(child: psutil.Process, parent: psutil.Process) -> bool:
    """Whether it runs a program of its own: between its fork and its start it has no
    memory but its parent's, which would count twice."""
    with suppress(psutil.Error):
        return child.cmdline() != parent.cmdline()
    return False


def _bytes(process: psutil.Process) -> int:
    # A program that is just ending has none any more.
    with suppress(psutil.Error):
        return _memory(process)
    return 0


def _memory(process: psutil.Process) -> int:
    # Where the system divides shared pages among their users, that is the fair figure.
    if sys.platform == "linux":
        return int(process.memory_full_info().pss)
    return int(process.memory_info().rss)
