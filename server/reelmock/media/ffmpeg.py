"""Open this to see how a program is run: the one place that starts any, tracks it,
feeds it, bounds it and kills it. Argument lists only, never a shell."""

import os
import resource
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from reelmock.service.ports import RenderFailed, RenderStopped

LIMIT = 600.0
"""Seconds any run may take; a 120 s clip of 4096x2160 needs about a tenth (chosen)."""

READ_LIMIT = 5.0
"""Seconds that reading a stranger's clip may take on a busy machine (chosen)."""

READ_CPU, READ_MEMORY = 2, 768 * 2**20
"""Seconds of a processor, and bytes, that such a read may use (chosen)."""

TAIL = 4096
"""Bytes of stderr that are kept, from its end."""

MOST = 96 * 2**20
"""Bytes of stdout that are accepted; the tiles of two minutes are 74 MB."""


NICENESS = 10
"""How much a program gives way to the server beside it."""

PIECE = 65536
"""Bytes that are read at once."""


@cache
def program() -> str:
    """The path of the ffmpeg binary; imported here, for its import is not cheap."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


class NotStarted(Exception):
    """The machine would not start the program: says what the system says."""


class Programs:
    """The running programs of one renderer; safe to call from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._gate = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def run(
        self,
        arguments: Sequence[str],
        feed: Iterable[bytes | memoryview] = (),
        *,
        limit: float = LIMIT,
        is_confined: bool = False,
    ) -> bytes:
        """Run ffmpeg to its end, `feed` on its stdin, and return its stdout.

        Raises RenderFailed with the end of its stderr, RenderStopped after `close`.
        """
        with self._started(arguments) as process, _Watch(process, limit) as watch:
            if is_confined:
                _confine(process)
            out = _Drain(process, process.stdout, MOST)
            words = _Drain(process, process.stderr, TAIL, keep_end=True)
            _pour(feed, process.stdin)
            process.wait()
            result, said = out.bytes(), words.bytes()
        self._judge(process.returncode, said, late=watch.fired, limit=limit)
        return result

    def read(self, arguments: Sequence[str]) -> bytes:
        """Run ffmpeg on a stranger's file: as `run`, for a short time, in little room."""
        return self.run(arguments, limit=READ_LIMIT, is_confined=True)

    def close(self) -> None:
        """Kill everything that runs; what is started later is refused."""
        with self._gate:
            self._closed = True
            for process in self._running:
                process.kill()

    @contextmanager
    def _started(self, arguments: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        process = self._start(arguments)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            with self._gate:
                self._running.discard(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                with suppress(OSError):
                    _closed(stream)

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [program(), *arguments]
        with self._gate:
            if self._closed:
                raise RenderStopped
            process = _spawned(command)
            self._running.add(process)
        _give_way(process.pid)
        return process

    def _judge(self, status: int, said: bytes, *, late: bool, limit: float) -> None:
        if status == 0:
            return
        if self._closed:
            raise RenderStopped
        if late:
            raise RenderFailed(f"ffmpeg was killed after {limit:g} s")
        words = said.decode("utf-8", "replace").strip()
        raise RenderFailed(f"ffmpeg ended with status {status}: {words}")


def _spawned(command: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Ctrl-C is ours to handle: it must not cut a clip short.
            start_new_session=True,
        )
    except OSError as wrong:
        raise NotStarted(str(wrong)) from wrong


def _give_way(pid: int) -> None:
    """A render may wait, a caller may not: what runs in batches interrupts nobody, and
    gets no less done for it. One that has ended already needs nothing."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
    # Only Linux has them.
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))


def _confine(process: subprocess.Popen[bytes]) -> None:
    # Only Linux lets us do it from here; elsewhere the watch and ffmpeg's own bounds do.
    with suppress(AttributeError, OSError):
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (READ_CPU, READ_CPU))
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (READ_MEMORY, READ_MEMORY))


class _Watch(threading.Timer):
    """Kills a program that takes too long."""

    def __init__(self, process: subprocess.Popen[bytes], limit: float) -> None:
        super().__init__(limit, self._kill)
        self.daemon = True
        self.fired = False
        self._process = process

    def _kill(self) -> None:
        self.fired = True
        self._process.kill()

    def __enter__(self) -> "_Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()


class _Drain(threading.Thread):
    """Reads a stream to its end, so that no pipe fills up; keeps a bounded part."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        stream: IO[bytes] | None,
        most: int,
        *,
        keep_end: bool = False,
    ) -> None:
        super().__init__(daemon=True)
        self._process, self._stream = process, stream
        self._most, self._keep_end = most, keep_end
        self._kept = bytearray()
        self.start()

    def run(self) -> None:
        """Until the program closes its end."""
        if self._stream is None:
            return
        # A run that was given up closes the stream under its reader.
        with suppress(OSError, ValueError):
            while piece := self._stream.read(PIECE):
                self._keep(piece)

    def _keep(self, piece: bytes) -> None:
        self._kept += piece
        if len(self._kept) > self._most:
            self._trim()

    def _trim(self) -> None:
        if self._keep_end:
            del self._kept[: -self._most]
        else:
            self._kept.clear()
            self._process.kill()

    def bytes(self) -> bytes:
        """What was kept, once the stream has ended."""
        self.join()
        return bytes(self._kept)


def _pour(feed: Iterable[bytes | memoryview], sink: IO[bytes] | None) -> None:
    # A program that has ended shows in its status; its broken pipe says no more.
    with suppress(BrokenPipeError):
        for piece in feed:
            _write(sink, piece)
    with suppress(BrokenPipeError):
        _closed(sink)


def _write(sink: IO[bytes] | None, piece: bytes | memoryview) -> None:
    if sink is not None:
        sink.write(piece)


def _closed(stream: IO[bytes] | None) -> None:
    if stream is not None:
        stream.close()
