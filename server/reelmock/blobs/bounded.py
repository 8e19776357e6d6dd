"""Blobs of which there may only be so many bytes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock

from reelmock.blobs.objects import ObjectBlobs
from reelmock.domain.errors import StorageFull
from reelmock.service.room import Room


class BoundedBlobs:
    """Blobs that are counted, and that have room made for them before they are put."""

    def __init__(
        self, blobs: ObjectBlobs, room: Room, make_room: Callable[[int], None]
    ) -> None:
        """`make_room` is asked for so many bytes, in the thread of the put."""
        self._blobs = blobs
        self._room = room
        self._make_room = make_room
        self._own: set[str] = set()
        # What a key takes is read, changed and counted by one at a time.
        self._turn = Lock()

    def put(self, key: str, source: Path | bytes) -> None:
        """Store bytes in place of earlier ones; raises StorageFull, and nothing has
        changed. Not inside a unit: room is made in units of its own."""
        if self._room.most is None:
            return self._blobs.put(key, source)
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        self._take(size, self._room.most)
        try:
            self._replace(key, source)
        except BaseException:
            self._room.give(size)
            raise
        return None

    def _replace(self, key: str, source: Path | bytes) -> None:
        with self._turn:
            before = self._counted(key)
            self._blobs.put(key, source)
            if not self._room.is_counted:
                self._own.add(key)
            self._room.give(before)

    def _counted(self, key: str) -> int:
        """Bytes under a key as far as they are counted: before the count, only what this
        server has put."""
        is_counted = self._room.is_counted or key in self._own
        return self._blobs.size(key) if is_counted else 0

    def _take(self, size: int, most: int) -> None:
        if self._room.take(size):
            return
        if size <= most:
            self._make_room(size)
        if not self._room.take(size):
            raise StorageFull(size=size, most=most)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove bytes; a key without any is no error."""
        if self._room.most is None:
            return self._blobs.remove(keys)
        for key in keys:
            with self._turn:
                size = self._counted(key)
                self._blobs.remove([key])
                self._own.discard(key)
                self._room.give(size)
        return None

    def count(self) -> None:
        """Count what lay there before this server put anything, once: it walks over all
        of it, and meanwhile nothing is put or removed."""
        with self._turn:
            if self._room.most is None or self._room.is_counted:
                return
            sizes = self._blobs.sizes()
            self._room.count(sum(size for key, size in sizes if key not in self._own))
            self._own.clear()

    def size(self, key: str) -> int:
        """How many bytes are under a key; 0 without any."""
        return self._blobs.size(key)

    def fetch(self, key: str, target: Path) -> None:
        """Copy bytes into a file; raises BlobMissing."""
        self._blobs.fetch(key, target)

    def stream(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces; raises BlobMissing."""
        return self._blobs.stream(key, start, end)

    def written_before(self, instant: datetime) -> Iterator[str]:
        """The keys whose bytes were written before a real instant."""
        return self._blobs.written_before(instant)

    def tidy(self, instant: datetime) -> None:
        """Remove what puts cut short before a real instant have left behind."""
        self._blobs.tidy(instant)
