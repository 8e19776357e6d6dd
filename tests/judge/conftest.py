"""What the judge's tests share: the real program as a process of its own."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
import psutil
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from browsing import Looker

MARK = "JUDGED_FOLDER"
"""A variable that every process of one server inherits, so that none can hide."""

READY = "Reelmock listens on "

KNOWN = """
SELECT key FROM asset JOIN job ON job.id = job_id WHERE deleted_at IS NULL
UNION ALL SELECT reference FROM job WHERE reference IS NOT NULL AND swept_at IS NULL
"""
UNRENDERED = """
SELECT count(*) FROM job WHERE rendered_at IS NULL AND deleted_at IS NULL
"""


class Server:
    """`reelmock serve` on one folder, started and ended as often as a test likes."""

    def __init__(self, folder: Path, *arguments: str, data: bool = True) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.stderr = folder / "stderr"
        self.address = ""
        where = ["--data", str(self.data)] if data else ["--ephemeral"]
        self._command = [sys.executable, "-m", "reelmock", "serve", "--port", "0"]
        self._command += [*where, *arguments]
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "not started"
        return self._process

    def launch(self) -> None:
        """Start the process; it may not answer yet."""
        with self.stderr.open("a") as stderr:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                cwd=self.folder,
                env=self._environment(),
            )

    def start(self) -> "Server":
        """Start the process and read where it listens."""
        self.launch()
        line = self.process.stdout.readline()
        assert line.startswith(READY), f"{line}{self.said()}"
        self.address = line.removeprefix(READY).partition(",")[0]
        return self

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REELMOCK_")}
        return kept | {MARK: str(self.folder), "TMPDIR": str(self.temporary)}

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def said(self) -> str:
        """All that its processes have written to stderr."""
        return self.stderr.read_text()

    def wait(self, seconds: float) -> None:
        """Let time pass, in which the process must not end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = self.process.wait(seconds)
            raise AssertionError(f"it ended by itself, status {status}: {self.said()}")

    def until(self, is_so: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is so; fails when it is not for that long."""
        for _ in range(int(seconds / 0.1)):
            if is_so():
                return
            self.wait(0.1)
        raise AssertionError(f"not so after {seconds} s: {self.said()[-2000:]}")

    def end(self, number: int, seconds: float = 30) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        return self.ended(seconds)

    def ended(self, seconds: float = 30) -> int:
        """Wait for the end; the exit code."""
        status = self.process.wait(seconds)
        self.process.stdout.close()
        return status

    def complaints(self) -> list[str]:
        """What it should never have had to say."""
        wrong = re.compile(r'Traceback|"level": ?"(error|warning)"')
        return [line for line in self.said().splitlines() if wrong.search(line)]

    def blobs(self) -> set[str]:
        """The keys of the bytes on disk; folders may go while it looks."""
        top = self.data / "blobs"
        return {
            (Path(folder) / name).relative_to(top).as_posix()
            for folder, _, names in os.walk(top)
            for name in names
        }

    def orphans(self) -> list[str]:
        """Where the bytes on disk and those that the database knows differ."""
        path = self.data / "reelmock.db"
        with contextlib.closing(sqlite3.connect(path)) as database:
            known = {key for (key,) in database.execute(KNOWN)}
        return sorted(self.blobs() ^ known)

    def is_amid_a_render(self) -> bool:
        """For a dead server: judged by a copy of its database, for to open that one
        would mend it before the next server does."""
        copied = self.folder / "autopsy"
        shutil.rmtree(copied, ignore_errors=True)
        copied.mkdir()
        for file in self.data.glob("reelmock.db*"):
            shutil.copy(file, copied)
        path = copied / "reelmock.db"
        if not path.exists():
            return False
        with contextlib.closing(sqlite3.connect(path)) as database:
            has_open = database.execute(UNRENDERED).fetchone()[0]
        return bool(has_open and any((self.data / "scratch").iterdir()))

    def left(self) -> list[psutil.Process]:
        """Every process that descends from one of this server's, also orphans."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            is_marked = process.environ().get(MARK) == str(self.folder)
            return is_marked and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False

    def discard(self) -> None:
        """Leave no process behind, however the test went."""
        if self._process is not None:
            self._process.kill()
            self.ended()
        for one in self.left():
            with contextlib.suppress(psutil.Error):
                one.kill()


Serve = Callable[..., Server]


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Serve]:
    """Makes a server that is not started yet, in a folder of its own by name."""
    made: list[Server] = []

    def prepared(*arguments: str, name: str = "server", data: bool = True) -> Server:
        made.append(Server(tmp_path / name, *arguments, data=data))
        return made[-1]

    yield prepared
    for server in made:
        server.discard()


@pytest.fixture
def serve(prepare: Serve) -> Serve:
    """Starts a server and returns it once it answers."""
    return lambda *arguments, **more: prepare(*arguments, **more).start()


@pytest.fixture(scope="module")
def chrome() -> "Iterator[Browser]":
    """Chromium, as the system has it. It goes with its module: while it is there, its
    driver's event loop runs in this thread, and no other can."""
    from browsing import chromium

    with chromium() as made:
        yield made


@pytest.fixture
def look(chrome: "Browser") -> "Iterator[Looker]":
    """Opens windows: `look(url)` is a page. No script may break in any of them."""
    from browsing import Looker

    looker = Looker(chrome)
    yield looker
    looker.close()
    assert [] == looker.complaints


@pytest.fixture
def broken() -> Callable[[tuple[Path, int]], str | None]:
    """Says what is wrong with a clip of so many seconds, all of it decoded."""

    def look(clip: tuple[Path, int]) -> str | None:
        file, seconds = clip
        decode = ["-v", "error", "-i", str(file), "-progress", "pipe:1"]
        done = subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), *decode, "-f", "null", "-"],
            capture_output=True,
            text=True,
        )
        frames = re.findall(r"^frame=(\d+)$", done.stdout, re.MULTILINE)
        is_whole = not done.stderr and frames[-1:] == [str(30 * seconds)]
        return None if is_whole else f"{file.name}: {frames[-1:]} {done.stderr}"

    return look
