"""Requests a second: polls and creates beside bare Starlette, driven by wrk."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from figures import Bar, Figure, NotMeasured
from processes import (
    ADDRESS,
    HERE,
    KEY,
    PATIENCE,
    WHOLE,
    Program,
    call,
    no_ffmpeg,
    reelmock,
    starlette,
)

STARLETTE = "bare Starlette"
RATE = "req/s"
POLLS, CREATES = Bar(0.25), Bar(0.05)
OPEN_JOBS = 4
"""So many are begun at once; the first to leave the queue is polled."""


@dataclass(frozen=True)
class Effort:
    """How long and how often."""

    rounds: int = 3
    seconds: int = 3


def wrk_is_there() -> bool:
    """Whether there is something to drive the servers with."""
    return shutil.which("wrk") is not None


def rate(url: str, effort: Effort, *, creates: bool = False) -> float:
    """Requests a second that were answered well; raises NotMeasured for any other."""
    words = ["wrk", "-t1", "-c32", f"-d{effort.seconds}s"]
    words += ["-H", f"Authorization: Bearer {KEY}"]
    words += ["-s", str(HERE / "create.lua")] if creates else []
    done = subprocess.run([*words, url], capture_output=True, text=True, check=False)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    wrong = re.search(r"(Non-2xx.*|Socket errors.*)", done.stdout)
    if found is None or wrong is not None or float(found[1]) == 0:
        raise NotMeasured(f"wrk {url}: {wrong[0] if wrong else done.stderr.strip()}")
    return float(found[1])


def polls(effort: Effort) -> Iterator[Figure]:
    """One video again and again: a completed one, and one in progress."""
    completed = Figure("polls, completed", RATE, STARLETTE, POLLS)
    running = Figure("polls, in progress", RATE, STARLETTE, POLLS)
    with starlette() as bare, _completed() as done, _in_progress() as coming:
        for _ in range(effort.rounds):
            completed.add(rate(done, effort), rate(bare, effort))
            running.add(rate(coming, effort), rate(bare, effort))
    yield completed
    yield running


@contextmanager
def _completed() -> Iterator[str]:
    with reelmock("--pace", "instant") as server:
        yield _first(server, "completed")


@contextmanager
def _in_progress() -> Iterator[str]:
    with reelmock("--pace", "realistic") as server:
        url = _first(server, "in_progress", jobs=OPEN_JOBS)
        server.line('"rendered"', times=OPEN_JOBS)
        yield url
        _check(url, "in_progress")


def _first(server: Program, status: str, jobs: int = 1) -> str:
    """The address of the first of so many new videos that comes to that status."""
    base = server.line(ADDRESS) + "/v1/videos"
    urls = [f"{base}/{_create(base)}" for _ in range(jobs)]
    pause = threading.Event()
    with call(base) as client:
        for _ in range(int(PATIENCE / 0.1)):
            for url in urls:
                if client.get(url).json()["status"] == status:
                    return url
            pause.wait(0.1)
    raise NotMeasured(f"no video came to be {status}")


def _create(base: str) -> str:
    with call(base) as client:
        made = client.post(base, json=WHOLE | {"seconds": "8"})
        return str(made.raise_for_status().json()["id"])


def _check(url: str, status: str) -> None:
    with call(url) as client:
        found = client.get(url).json()["status"]
    if found != status:
        raise NotMeasured(f"the video was {found} before the end, not {status}")


def creates(effort: Effort) -> Iterator[Figure]:
    """New videos, and polls of one behind them. Renders begin with the first create:
    measured as it is, with one render at a time beside it; and once more with a
    stand-in for ffmpeg that uses no CPU and never ends, so that all but one wait."""
    for renders in ("held", "running"):
        made = Figure(f"creates, renders {renders}", RATE, STARLETTE, CREATES)
        after = Figure(f"polls behind them, renders {renders}", RATE, STARLETTE)
        with starlette() as bare:
            for _ in range(effort.rounds):
                _create_round(bare, effort, made, after, held=renders == "held")
        yield made
        yield after


def _create_round(
    bare: str, effort: Effort, made: Figure, after: Figure, *, held: bool
) -> None:
    with no_ffmpeg() as stand_in:
        variables = {"IMAGEIO_FFMPEG_EXE": stand_in} if held else {}
        flags = ("--pace", "realistic", "--render-workers", "1")
        with reelmock(*flags, **variables) as server:
            base = server.line(ADDRESS) + "/v1/videos"
            url = f"{base}/{_create(base)}"
            ours = rate(base, effort, creates=True)
            ours_polls = rate(url, effort)
    # Afterwards: with its renders running, our server would slow the reference down.
    made.add(ours, rate(bare, effort, creates=True))
    after.add(ours_polls, rate(bare, effort))
