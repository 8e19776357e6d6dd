"""Blobs on obstore: a folder today, a bucket later, through the same calls."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import LocalStore, ObjectStore

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult

from reelmock.service.ports import BlobMissing

PIECE = 64 * 1024
"""How many bytes a download is sent in at a time."""


class ObjectBlobs:
    """Bytes under keys in an object store. A put is seen whole or not at all."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def in_folder(cls, folder: Path) -> "ObjectBlobs":
        """Blobs in a local folder, made if it is not there."""
        return cls(LocalStore(folder, mkdir=True, automatic_cleanup=True), folder)

    def put(self, key: str, source: Path | bytes) -> None:
        """Store bytes in place of earlier ones."""
        obstore.put(self._store, key, source)

    def fetch(self, key: str, target: Path) -> None:
        """Copy bytes into a file; raises BlobMissing."""
        found = self._get(key)
        with target.open("wb") as opened:
            for piece in found.stream(min_chunk_size=PIECE):
                opened.write(piece)

    def stream(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces; raises BlobMissing."""
        found = self._get(key, {"range": (start, end)})
        return (bytes(piece) for piece in found.stream(min_chunk_size=PIECE))

    def _get(self, key: str, options: "GetOptions | None" = None) -> "GetResult":
        try:
            return obstore.get(self._store, key, options=options)
        except FileNotFoundError as missing:
            raise BlobMissing(key) from missing

    def remove(self, keys: Iterable[str]) -> None:
        """Remove bytes; a key without any is no error."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue

    def size(self, key: str) -> int:
        """How many bytes are under a key; 0 without any."""
        try:
            return int(obstore.head(self._store, key)["size"])
        except FileNotFoundError:
            return 0

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Every key, and how many bytes are under it."""
        for found in obstore.list(self._store):
            for meta in found:
                yield meta["path"], meta["size"]

    def written_before(self, instant: datetime) -> Iterator[str]:
        """The keys whose bytes were written before a real instant."""
        for found in obstore.list(self._store):
            for meta in found:
                if meta["last_modified"] < instant:
                    yield meta["path"]

    def tidy(self, instant: datetime) -> None:
        """Remove the halves that interrupted puts left in a folder (`KEY#1`).

        Listings do not show them; a bucket drops such halves by itself.
        """
        for half in list(self._folder.rglob("*#*")) if self._folder else ():
            # A put that goes on at this moment may be whole, and elsewhere, by now.
            with suppress(FileNotFoundError):
                if half.stat().st_mtime < instant.timestamp():
                    half.unlink()
