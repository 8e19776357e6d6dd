"""Blobs of which there may only be so many bytes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

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

    def put(self, key: str, source: Path | bytes) -> None:
        """Store bytes in place of earlier ones; raises StorageFull, and nothing has
        changed. Not inside a unit: room is made in units of its own."""
        if self._room.most is None:
            return self._blobs.put(key, source)
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        self._take(size, self._room.most)
        try:
            before = self._blobs.size(key)
            self._blobs.put(key, source)
        except BaseException:
            self._room.give(size)
            raise
        return self._room.give(before)

    def _take(self, size: int, most: int) -> None:
        if self._room.take(size):
            return
        self._make_room(size)
        if not self._room.take(size):
            raise StorageFull(size=size, most=most)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove bytes; a key without any is no error."""
        if self._room.most is None:
            return self._blobs.remove(keys)
        for key in keys:
            size = self._blobs.size(key)
            self._blobs.remove([key])
            self._room.give(size)
        return None

    def count(self, instant: datetime) -> None:
        """Count what was written before a real instant, once: it walks over all of it."""
        if self._room.most is not None:
            self._room.count(self._blobs.bytes_before(instant))

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
