"""The programs that are measured: started, listened to, and stopped again."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import httpx
from figures import NotMeasured

KEY = "sk-bench"
WHOLE = {"prompt": "A paper boat on a calm lake", "seconds": "4"}
PATIENCE = 60.0
"""Seconds until something that should have happened counts as broken."""

HERE = Path(__file__).parent
IMPORTS = "import fastapi, sqlmodel, uvicorn"


def call(base: str) -> httpx.Client:
    """A client of that server; made before the clock starts, for it is not cheap."""
    bearer = {"Authorization": f"Bearer {KEY}"}
    return httpx.Client(base_url=base, headers=bearer, trust_env=False, timeout=30)


class Program:
    """A running program whose lines are read as they come, so that no pipe fills."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self._lines: list[str] = []
        self._heard = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder.name,
            env=_plain(os.environ) | variables,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            with self._heard:
                self._lines.append(line)
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()

    def line(self, pattern: str, times: int = 1) -> str:
        """What the pattern's group caught, once it has been said so many times."""
        with self._heard:
            self._heard.wait_for(
                lambda: len(self._said(pattern)) >= times or not self._is_alive,
                PATIENCE,
            )
            said = self._said(pattern)
        if len(said) < times:
            told = "".join(self._lines[-5:]) or "nothing"
            raise NotMeasured(f"a program did not say {pattern!r}, but: {told}")
        return said[times - 1]

    def _said(self, pattern: str) -> list[str]:
        found = [re.search(pattern, line) for line in self._lines]
        return [match[match.lastindex or 0] for match in found if match]

    @property
    def _is_alive(self) -> bool:
        return self.process.poll() is None

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self._folder.cleanup()


def _plain(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change our settings."""
    return {n: v for n, v in variables.items() if not n.startswith("REELMOCK_")}


ADDRESS = r"(http://127\.0\.0\.1:\d+)"


def reelmock(*flags: str, **variables: str) -> Program:
    """The server, as a user starts it; say its address with `.line(ADDRESS)`."""
    fixed = ("--ephemeral", "--port", "0", "--log-format", "json")
    return Program("-m", "reelmock", "serve", *fixed, *flags, **variables)


def starlette() -> Program:
    """The bare reference; it says its address too."""
    return Program(str(HERE / "starlette_bare.py"))


@contextmanager
def no_ffmpeg() -> Iterator[str]:
    """The path of a stand-in for ffmpeg that never ends: a render that uses no CPU."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stand_in = Path(folder) / "ffmpeg"
        stand_in.write_text("#!/bin/sh\nexec sleep 3600\n")
        stand_in.chmod(0o755)
        yield str(stand_in)
