"""Open this to see how something that was coded once is kept: in memory, and on disk in
files that are seen whole or not at all, and are believed only with their seal."""

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Generic, Protocol, Self, TypeVar

from cachetools import LRUCache

VERSIONS = 3
"""Versions of one file that stay on disk."""

ABANDONED = 3600
"""Seconds after which nobody writes on any more (chosen)."""

_SEAL = 32
"""Bytes of the SHA-256 before the content."""

Note = Callable[..., None]


class Keepable(Protocol):
    """What can be written down, and read from what was written."""

    def to_bytes(self) -> bytes:
        """All of it."""

    @classmethod
    def from_bytes(cls, written: bytes) -> Self:
        """What `to_bytes` wrote; may raise ValueError for anything else."""


Kept = TypeVar("Kept", bound=Keepable)


class Shelf(Generic[Kept]):
    """Things of one kind by name, the latest of them in memory; without a folder, those
    alone. May be called from several threads."""

    def __init__(
        self, kind: type[Kept], folder: Path | None, most: int, note: Note
    ) -> None:
        self._kind, self._folder, self._note = kind, folder, note
        self._gate = threading.Lock()
        self._memory: LRUCache[str, Kept] = LRUCache(most)

    def get(self, name: str) -> Kept | None:
        """What is there under this name."""
        with self._gate:
            found = self._memory.get(name)
        if found is None and (found := self._understood(name)) is not None:
            self._remember(name, found)
        return found

    def _understood(self, name: str) -> Kept | None:
        """What is on disk, if it is of this kind."""
        written = self._read(name)
        try:
            return None if written is None else self._kind.from_bytes(written)
        except ValueError:
            return None

    def put(self, name: str, kept: Kept) -> None:
        """Keep it; on disk, if that can be."""
        self._remember(name, kept)
        if self._folder is None:
            return
        content = kept.to_bytes()
        try:
            _place(self._folder / name, hashlib.sha256(content).digest() + content)
        except OSError as wrong:
            self._note("info", "not_kept", file=name, reason=str(wrong))
            return
        # Somebody else may be at it too.
        with suppress(OSError):
            _prune(self._folder, name)

    def _remember(self, name: str, kept: Kept) -> None:
        with self._gate:
            self._memory[name] = kept

    def _read(self, name: str) -> bytes | None:
        """The content of a file that is whole."""
        if self._folder is None:
            return None
        try:
            written = (self._folder / name).read_bytes()
        except OSError:
            return None
        seal, content = written[:_SEAL], written[_SEAL:]
        return content if hashlib.sha256(content).digest() == seal else None


def _place(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            Path(file.name).replace(target)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def _prune(folder: Path, name: str) -> None:
    """Remove what versions long gone have left of this file, and what somebody who was
    killed has left of any."""
    now = (folder / name).stat().st_mtime
    for unfinished in folder.glob("*.part"):
        if now - unfinished.stat().st_mtime > ABANDONED:
            unfinished.unlink(missing_ok=True)
    stem, _, rest = name.rpartition("-")
    found = [
        path
        for path in folder.glob(f"{stem}-*{Path(rest).suffix}")
        if path.name.rpartition("-")[0] == stem
    ]
    for old in sorted(found, key=lambda path: path.stat().st_mtime)[:-VERSIONS]:
        old.unlink(missing_ok=True)
