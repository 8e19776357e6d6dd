"""CPU of one clip, all of it, beside ffmpeg drawing and encoding a moving test card; and
how many clips a second a server makes and hands out, and in how much memory."""

import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
from figures import Bar, Figure, NotMeasured
from processes import ADDRESS, HERE, PATIENCE, WHOLE, Program, call, reelmock
from starting import megabytes

CARD = "ffmpeg testsrc2 + sine, ultrafast"
SHORT, LONG = (4, "720x1280"), (20, "1920x1080")
FIFTH, TWENTIETH = Bar(1 / 5, is_least=False), Bar(1 / 20, is_least=False)

LENGTHS = ((20, "720x1280"), (4, "1920x1080"))
"""Besides those: what the length costs is told for both sizes."""

LONGER = Bar(1.5, is_least=False)
CLIPS = 7
"""So many are made in a round; their median counts."""

CALLERS = 4
"""Of the server, at once."""

WANTED, ROOM = 15, 300
"""Clips a second, and MB of the whole process tree: what was asked for."""


def renders(rounds: int) -> Iterator[Figure]:
    """User and system time of one clip, also of the programs it takes."""
    ours: dict[tuple[int, str], list[float]] = {}
    for clip, bar in ((SHORT, FIFTH), (LONG, TWENTIETH)):
        figure = Figure(f"render {clip[0]} s {clip[1]}", "CPU s", CARD, bar)
        with _renderer(*clip) as program, tempfile.NamedTemporaryFile() as card:
            for done in range(rounds):
                took = _took(program, done)
                figure.add(took, _cpu(_card(*clip, Path(card.name))))
        ours[clip] = figure.ours
        yield figure
    for clip in LENGTHS:
        with _renderer(*clip) as program:
            ours[clip] = [_took(program, done) for done in range(rounds)]
    yield _longer("720x1280", ours)
    yield _longer("1920x1080", ours)


def _longer(size: str, ours: dict[tuple[int, str], list[float]]) -> Figure:
    figure = Figure(f"render 20 s {size}", "CPU s", f"render 4 s {size}", LONGER)
    for long, short in zip(ours[20, size], ours[4, size], strict=True):
        figure.add(long, short)
    return figure


@contextmanager
def _renderer(seconds: int, size: str) -> Iterator[Program]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        script = str(HERE / "render_clips.py")
        with Program(script, str(seconds), size, folder) as program:
            program.line("ready")
            yield program


def _took(program: Program, done: int) -> float:
    """The median of a round's clips."""
    if program.process.stdin is None:
        raise NotMeasured("the renderer cannot be told anything")
    program.process.stdin.write(f"{CLIPS}\n")
    program.process.stdin.flush()
    numbers = range(done * CLIPS + 1, (done + 1) * CLIPS + 1)
    return median(float(program.line(r"took ([\d.e-]+)", at)) for at in numbers)


def _card(seconds: int, size: str, target: Path) -> list[str]:
    from reelmock.media.ffmpeg import program

    words = f"-v error -y -f lavfi -i testsrc2=size={size}:rate=30 -f lavfi -i sine"
    coded = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -f mp4"
    return [program(), *words.split(), "-t", str(seconds), *coded.split(), str(target)]


def _cpu(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def made(rounds: int, number: int) -> Iterator[Figure]:
    """Clips created, completed and downloaded by several callers at once."""
    rates = Figure("clips made and downloaded", "/s", "asked for", Bar(1))
    sizes = Figure("memory while they are", "MB", "room", Bar(1, is_least=False))
    with reelmock("--pace", "instant") as server, call(server.line(ADDRESS)) as http:
        _download_one(http)
        for _ in range(rounds):
            with _watched(server) as most:
                rate = _downloads(server, number)
            rates.add(rate, WANTED)
            sizes.add(most[0], ROOM)
    yield from (rates, sizes)


def _downloads(server: Program, number: int) -> float:
    with ThreadPoolExecutor(CALLERS) as callers:
        clients = [call(server.line(ADDRESS)) for _ in range(CALLERS)]
        began = time.perf_counter()
        share = number // CALLERS
        done = [callers.submit(_download, http, share) for http in clients]
        for one in done:
            one.result()
        return share * CALLERS / (time.perf_counter() - began)


def _download(http: httpx.Client, times: int) -> None:
    for _ in range(times):
        _download_one(http)


def _download_one(http: httpx.Client) -> None:
    video = http.post("/v1/videos", json=WHOLE | {"size": "720x1280"}).json()["id"]
    url, pause = f"/v1/videos/{video}", threading.Event()
    until = time.perf_counter() + PATIENCE
    while (asked := http.get(url)).json()["status"] != "completed":
        if time.perf_counter() > until:
            raise NotMeasured("a video was not completed")
        pause.wait(int(asked.headers["openai-poll-after-ms"]) / 1000)
    content = http.get(f"{url}/content").raise_for_status().content
    if content[4:8] != b"ftyp":
        raise NotMeasured("a video was no MP4")


@contextmanager
def _watched(server: Program) -> Iterator[list[float]]:
    """The most memory that the server and its programs had at once."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], megabytes(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()
