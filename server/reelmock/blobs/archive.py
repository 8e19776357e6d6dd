"""Snapshots as zip files: `snapshot.json`, and beside it every blob under its digest.

Entries are stored as they are, so that a file can hold no more than it weighs; the names
in it are looked up and never made paths.
"""

import hashlib
import shutil
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from reelmock.domain.errors.control import SnapshotInvalid
from reelmock.domain.snapshot import Kept

STATE = "snapshot.json"
BLOBS = "blobs/"

STATE_MOST = 256 * 2**20
"""Bytes of the state, at most."""

PIECE = 2**20

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    BadZipFile, EOFError, OSError, RuntimeError, ValueError, OverflowError, struct.error,
)  # fmt: skip
"""What the library raises for a file that is damaged, or no zip at all."""


class ZipArchives:
    """Reads and writes snapshots as zip files."""

    @contextmanager
    def create(self, target: Path) -> Iterator["NewZip"]:
        """Begin a snapshot. The same state and bytes, added in the same order, make the
        same file."""
        with ZipFile(target, "w", ZIP_STORED) as opened:
            yield NewZip(opened)

    @contextmanager
    def open(self, source: Path) -> Iterator["SoundZip"]:
        """Look through a snapshot, whoever sent it; raises SnapshotInvalid."""
        with source.open("rb") as file:
            try:
                opened = ZipFile(file)
                sound = SoundZip(opened, source.stat().st_size)
            except _BROKEN as wrong:
                raise SnapshotInvalid(problem=f"as a zip file: {wrong}") from None
            with opened:
                yield sound


class NewZip:
    """A snapshot in the making."""

    def __init__(self, opened: ZipFile) -> None:
        self._zip = opened
        self._known: set[str] = set()

    def add(self, source: Path) -> str:
        """Take in a file's bytes, the same ones once; their digest."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest not in self._known:
                self._known.add(digest)
                file.seek(0)
                self._write(BLOBS + digest, file, source.stat().st_size)
        return digest

    def finish(self, kept: Sequence[Kept]) -> None:
        """Take in the state; raises SnapshotInvalid for more than can be restored."""
        from reelmock.blobs import manifest

        text = manifest.written(kept)
        if len(text) > STATE_MOST:
            raise SnapshotInvalid(problem=f"its state has {len(text)} bytes")
        self._zip.writestr(_entry(STATE), text)

    def _write(self, name: str, file: IO[bytes], size: int) -> None:
        entry = _entry(name)
        entry.file_size = size
        with self._zip.open(entry, "w") as opened:
            shutil.copyfileobj(file, opened, PIECE)


def _entry(name: str) -> ZipInfo:
    """An entry that says nothing of when and where it was written."""
    entry = ZipInfo(name, _LONG_AGO)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


class SoundZip:
    """A snapshot that was found whole and sound."""

    def __init__(self, opened: ZipFile, size: int) -> None:
        self._zip = opened
        self._sizes = _sizes(opened, size)
        self.kept = self._state()
        for one in self.kept:
            self._check(one)

    def size(self, digest: str) -> int:
        """How many bytes a blob has."""
        return self._sizes[BLOBS + digest]

    def extract(self, digest: str, target: Path) -> None:
        """Write a blob's bytes into a file; raises SnapshotInvalid if they changed."""
        with target.open("wb") as file:
            if digest != self._copied(digest, file):
                raise SnapshotInvalid(problem=f"the bytes of {digest} are others")

    def _state(self) -> tuple[Kept, ...]:
        from reelmock.blobs import manifest

        size = self._sizes.get(STATE)
        if size is None:
            raise SnapshotInvalid(problem=f"it has no {STATE}")
        if size > STATE_MOST:
            raise SnapshotInvalid(problem=f"its state has {size} bytes")
        return manifest.read(self._zip.read(STATE))

    def _check(self, kept: Kept) -> None:
        for digest in sorted(kept.digests):
            if BLOBS + digest not in self._sizes:
                raise SnapshotInvalid(problem=f"it lacks the bytes of {digest}")
            if digest != self._copied(digest):
                raise SnapshotInvalid(problem=f"the bytes of {digest} are others")
        told = [(asset.key, asset.bytes) for asset in kept.assets]
        told += [(file.key, file.bytes) for file, gone in kept.files if gone is None]
        for digest, size in told:
            if size != self._sizes[BLOBS + digest]:
                raise SnapshotInvalid(problem=f"{digest} has not {size} bytes")

    def _copied(self, digest: str, target: IO[bytes] | None = None) -> str:
        """Read a blob's bytes, into a file if there is one; their digest."""
        running = hashlib.sha256()
        with self._zip.open(BLOBS + digest) as opened:
            while piece := opened.read(PIECE):
                running.update(piece)
                if target is not None:
                    target.write(piece)
        return running.hexdigest()


def _sizes(opened: ZipFile, size: int) -> dict[str, int]:
    """The entries and their sizes, if together they are no larger than the file."""
    entries = opened.infolist()
    sizes = {entry.filename: entry.file_size for entry in entries}
    if any(entry.compress_type != ZIP_STORED for entry in entries):
        raise SnapshotInvalid(problem="its entries are compressed; zip -0 stores them")
    if len(sizes) < len(entries) or sum(sizes.values()) > size:
        raise SnapshotInvalid(problem="its entries lie over each other")
    return sizes
