"""Polls and creates beside bare Starlette, driven by wrk: requests a second, and what
one costs the server in CPU. The second is hardly moved by what else the machine does."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import psutil
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
RATE, COST = "req/s", "us CPU"
PLAIN = "without"
POLLS, CREATES, WATCHED = Bar(0.25), Bar(0.05), Bar(0.8)
OPEN_JOBS = 4
"""So many are begun at once; the first to leave the queue is polled."""


@dataclass(frozen=True)
class Effort:
    """How long and how often."""

    rounds: int = 3
    seconds: int = 3


class Target(NamedTuple):
    """Where requests go, and the process that answers them."""

    url: str
    server: Program


class Driven(NamedTuple):
    """Requests a second, and microseconds of the server's CPU for one of them."""

    rate: float
    cost: float


@dataclass(frozen=True)
class Pair:
    """One load, told in both ways."""

    rates: Figure
    costs: Figure

    @classmethod
    def of(cls, name: str, bar: Bar | None = None) -> "Pair":
        """Only requests a second have a bar."""
        return cls(Figure(name, RATE, STARLETTE, bar), Figure(name, COST, STARLETTE))

    def add(self, ours: Driven, reference: Driven) -> None:
        """One round."""
        self.rates.add(ours.rate, reference.rate)
        self.costs.add(ours.cost, reference.cost)


def wrk_is_there() -> bool:
    """Whether there is something to drive the servers with."""
    return shutil.which("wrk") is not None


def drive(target: Target, effort: Effort, *, creates: bool = False) -> Driven:
    """Load a server to its limit; raises NotMeasured for any answer but a good one."""
    words = ["wrk", "-t1", "-c32", f"-d{effort.seconds}s"]
    words += ["-H", f"Authorization: Bearer {KEY}"]
    words += ["-s", str(HERE / "create.lua")] if creates else []
    began = cpu(target.server)
    done = subprocess.run(
        [*words, target.url], capture_output=True, text=True, check=False
    )
    spent = cpu(target.server) - began
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    number = re.search(r"(\d+) requests in", done.stdout)
    wrong = re.search(r"(Non-2xx.*|Socket errors.*)", done.stdout)
    if rate is None or number is None or wrong is not None or number[1] == "0":
        said = wrong[0] if wrong else done.stdout + done.stderr
        raise NotMeasured(f"wrk on {target.url}: {said.strip()}")
    return Driven(float(rate[1]), 1e6 * spent / int(number[1]))


def cpu(program: Program) -> float:
    """The seconds of CPU that a program has used."""
    times = psutil.Process(program.process.pid).cpu_times()
    return times.user + times.system


def polls(effort: Effort) -> Iterator[Figure]:
    """One video again and again: a completed one, and one in progress."""
    completed = Pair.of("polls, completed", POLLS)
    running = Pair.of("polls, in progress", POLLS)
    with _bare() as bare, _completed() as done, _in_progress() as coming:
        for _ in range(effort.rounds):
            completed.add(drive(done, effort), drive(bare, effort))
            running.add(drive(coming, effort), drive(bare, effort))
    yield from (completed.rates, running.rates, completed.costs, running.costs)


def watched(effort: Effort) -> Iterator[Figure]:
    """Polls with the journal on and a scenario whose second rule matches every one,
    beside the same server without either."""
    journal = Figure("polls, journal", RATE, PLAIN, WATCHED)
    directed = Figure("polls, journal and a matching rule", RATE, PLAIN, WATCHED)
    with (
        _video("--no-journal") as plain,
        _video() as noted,
        _video("--scenario", str(HERE / "matching.yaml")) as matched,
    ):
        for _ in range(effort.rounds):
            reference = drive(plain, effort).rate
            journal.add(drive(noted, effort).rate, reference)
            directed.add(drive(matched, effort).rate, reference)
    yield from (journal, directed)


@contextmanager
def _video(*flags: str) -> Iterator[Target]:
    with reelmock("--pace", "instant", *flags) as server:
        yield Target(_first(server, "completed"), server)


@contextmanager
def _bare() -> Iterator[Target]:
    with starlette() as server:
        yield Target(server.line(ADDRESS), server)


def _completed() -> AbstractContextManager[Target]:
    return _video()


@contextmanager
def _in_progress() -> Iterator[Target]:
    with reelmock("--pace", "realistic") as server:
        url = _first(server, "in_progress", jobs=OPEN_JOBS)
        server.line('"rendered"', times=OPEN_JOBS)
        yield Target(url, server)
        _check(url, "in_progress")


def _first(server: Program, status: str, jobs: int = 1) -> str:
    """The address of the first of so many new videos that comes to that status."""
    base = server.line(ADDRESS) + "/v1/videos"
    urls = [_create(base) for _ in range(jobs)]
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
        return f"{base}/{made.raise_for_status().json()['id']}"


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
        made = Pair.of(f"creates, renders {renders}", CREATES)
        behind = Pair.of(f"polls behind them, renders {renders}")
        with _bare() as bare:
            for _ in range(effort.rounds):
                ours = _created(effort, held=renders == "held")
                # Afterwards: renders of ours would slow the reference down.
                made.add(ours[0], drive(bare, effort, creates=True))
                behind.add(ours[1], drive(bare, effort))
        yield from (made.rates, behind.rates)
        if renders == "held":
            yield from (made.costs, behind.costs)


def _created(effort: Effort, *, held: bool) -> tuple[Driven, Driven]:
    with no_ffmpeg() as stand_in:
        variables = {"IMAGEIO_FFMPEG_EXE": stand_in} if held else {}
        flags = ("--pace", "realistic", "--render-workers", "1")
        with reelmock(*flags, **variables) as server:
            base = server.line(ADDRESS) + "/v1/videos"
            url = _create(base)
            made = drive(Target(base, server), effort, creates=True)
            return made, drive(Target(url, server), effort)
