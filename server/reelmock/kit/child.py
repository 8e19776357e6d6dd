"""A server of our own in a process of its own: it ends when whoever started it does."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

GREETING = re.compile(r"Reelmock listens on (\S+),")

PATIENCE = 30.0
"""Real seconds that a server is given to stop by itself."""


EOF = 3.0
"""Real seconds until it is told by a signal as well."""


class NotStarted(Exception):
    """A server that ended before it answered; says what it said."""


class Child:
    """`reelmock serve` with these flags, which may name files of the folder: on a free
    port, its state in a temporary folder, unless they say otherwise. It heeds neither
    variables nor `reelmock.toml`.

    Not a thread of this process, where frozen clocks, patched sockets and coverage of the
    tests would be the server's too.
    """

    def __init__(self, flags: Sequence[str], folder: Path | None = None) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `stop`
        self._running = subprocess.Popen(
            # -P: a module of the tests' folder may have the name of one of ours.
            [sys.executable, "-P", "-m", "reelmock", "serve", *_USUAL, *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=folder,
            # An interrupt of the terminal is the tests' alone: they still have to end.
            start_new_session=True,
        )
        self.address = self._greeted()

    def stop(self) -> None:
        """End it, and wait until it has; a second time nothing."""
        with self._running as running:
            if running.stdin is not None and not running.stdin.closed:
                running.stdin.close()
            # A program that the tests have left behind may hold the other end open.
            for patience, end in ((EOF, running.terminate), (PATIENCE, running.kill)):
                try:
                    running.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    end()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _greeted(self) -> str:
        """Its address, once it answers; raises NotStarted."""
        assert self._running.stdout is not None  # noqa: S101 - it is a pipe
        for line in self._running.stdout:
            found = GREETING.match(line.decode("utf-8", "replace"))
            if found is not None:
                return found[1]
        self._running.wait()
        self._log.seek(0)
        said = self._log.read().decode("utf-8", "replace").strip()
        self.stop()
        raise NotStarted(f"The server of this run did not start: {said or 'no word'}")


_USUAL = (
    "--isolated", "--until-eof", "--ephemeral", "--port", "0", "--log-level", "warning",
    "--pace", "fast", "--contract", "strict", "--dialect", "openai-exact",
    "--seed", "0",  # ids of a frozen clock are the same in every run
)  # fmt: skip
