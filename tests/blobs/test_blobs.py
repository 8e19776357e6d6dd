import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore

from reelmock.blobs.bounded import BoundedBlobs
from reelmock.blobs.objects import ObjectBlobs
from reelmock.blobs.scratch import Scratch
from reelmock.domain.errors import StorageFull
from reelmock.service.ports import BlobMissing
from reelmock.service.room import Room

LATER = datetime(2100, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectBlobs:
    if request.param == "memory":
        return ObjectBlobs(MemoryStore())
    return ObjectBlobs.in_folder(tmp_path / "blobs")


def read(blobs: ObjectBlobs, key: str) -> bytes:
    return b"".join(blobs.stream(key, 0, 2**20))


def test_bytes_and_files_come_back_whole(blobs: ObjectBlobs, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"from a file")
    blobs.put("a/one", b"bytes")
    blobs.put("a/two", file)
    blobs.fetch("a/one", tmp_path / "fetched")

    assert b"bytes" == (tmp_path / "fetched").read_bytes()
    assert b"from a file" == read(blobs, "a/two")
    assert b"om a" == b"".join(blobs.stream("a/two", 2, 6))


def test_a_second_put_replaces_the_first(blobs: ObjectBlobs) -> None:
    blobs.put("key", b"old and long")
    blobs.put("key", b"new")

    assert b"new" == read(blobs, "key")


def test_missing_bytes_are_said_to_be_missing(
    blobs: ObjectBlobs, tmp_path: Path
) -> None:
    with pytest.raises(BlobMissing):
        read(blobs, "none")
    with pytest.raises(BlobMissing):
        blobs.stream("none", 0, 1)
    with pytest.raises(BlobMissing):
        blobs.fetch("none", tmp_path / "file")
    blobs.remove(["none"])


def test_removed_bytes_are_gone(blobs: ObjectBlobs) -> None:
    blobs.put("a/one", b"1")
    blobs.put("a/two", b"2")
    blobs.remove(["a/one"])

    assert ["a/two"] == list(blobs.written_before(LATER))


def test_sizes_are_those_of_the_bytes(blobs: ObjectBlobs) -> None:
    blobs.put("a/one", b"12345")
    blobs.put("b", b"123")

    assert [5, 3, 0] == [blobs.size(key) for key in ("a/one", "b", "none")]
    assert {("a/one", 5), ("b", 3)} == set(blobs.sizes())


def bounded(
    blobs: ObjectBlobs, most: int, asked: list[int]
) -> tuple[BoundedBlobs, Room]:
    """Blobs of so many bytes; of what they ask for, one blob named `old` makes room."""
    room = Room(most)
    room.count(0)

    def make_room(size: int) -> None:
        asked.append(size)
        made.remove(["old"])

    made = BoundedBlobs(blobs, room, make_room)
    return made, room


def test_room_is_made_before_a_put_and_only_where_it_is_needed(
    blobs: ObjectBlobs,
) -> None:
    asked: list[int] = []
    made, room = bounded(blobs, 10, asked)
    made.put("old", b"12345")
    made.put("new", b"1234")
    made.put("new", b"1")
    assert ([], 6) == (asked, room.taken)

    made.put("newest", b"12345")
    assert ([5], 6) == (asked, room.taken)
    assert 0 == blobs.size("old")


def test_a_put_without_room_changes_nothing(blobs: ObjectBlobs) -> None:
    made, room = bounded(blobs, 10, [])
    made.put("key", b"12345678")
    with pytest.raises(StorageFull, match="3 bytes more: it may store 10"):
        made.put("another", b"123")

    assert (8, 0) == (room.taken, blobs.size("another"))


def test_a_put_that_fails_gives_its_room_back(tmp_path: Path) -> None:
    made, room = bounded(ObjectBlobs.in_folder(tmp_path / "blobs"), 10, [])
    with pytest.raises(FileNotFoundError):
        made.put("key", tmp_path / "none")
    (tmp_path / "blobs" / "key").mkdir()
    (tmp_path / "blobs" / "key" / "below").touch()
    with pytest.raises(Exception, match="directory"):
        made.put("key", b"123")

    assert 0 == room.taken


def test_many_puts_at_once_never_exceed_the_bound(blobs: ObjectBlobs) -> None:
    made, room = bounded(blobs, 50, [])

    def put(number: int) -> bool:
        try:
            made.put(f"key{number}", b"12345678")
        except StorageFull:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        kept = sum(threads.map(put, range(40)))

    assert (6, 48) == (kept, room.taken)
    assert 48 == sum(size for _, size in blobs.sizes())


def test_what_can_never_fit_asks_for_no_room(blobs: ObjectBlobs) -> None:
    asked: list[int] = []
    made, _ = bounded(blobs, 10, asked)
    made.put("old", b"12345")
    with pytest.raises(StorageFull):
        made.put("new", b"12345678901")

    assert ([], 5) == (asked, made.size("old"))


def test_what_is_put_before_the_count_is_counted_once_and_given_back(
    blobs: ObjectBlobs,
) -> None:
    for key in ("before", "replaced", "removed"):
        blobs.put(key, b"123")
    room = Room(100)
    made = BoundedBlobs(blobs, room, lambda _: None)
    for content in (b"12345678", b"12"):
        made.put("own", content)
    made.put("replaced", b"1234")
    made.remove(["removed", "none"])
    assert 6 == room.taken
    made.remove(["own"])
    assert 4 == room.taken

    for _ in range(2):
        made.count()
        assert 7 == room.taken
    made.remove(["before", "replaced"])
    assert 0 == room.taken


class Crowded(ObjectBlobs):
    """Blobs of which two callers read a size at one time, if they can."""

    both: Barrier

    def size(self, key: str) -> int:
        found = super().size(key)
        with suppress(BrokenBarrierError):
            self.both.wait(0.05)
        return found


def test_two_removes_at_once_give_room_back_once() -> None:
    crowded = Crowded(MemoryStore())
    crowded.both = Barrier(2)
    made, room = bounded(crowded, 100, [])
    for key in ("one", "other"):
        made.put(key, b"12345")
    crowded.both = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(made.remove, [["one"], ["one"]]))

    assert 5 == room.taken


def test_only_what_was_written_before_an_instant_is_listed(blobs: ObjectBlobs) -> None:
    blobs.put("key", b"1")

    assert [] == list(blobs.written_before(LONG_AGO))


def test_halves_of_interrupted_puts_are_tidied_and_whole_blobs_kept(
    tmp_path: Path,
) -> None:
    blobs = ObjectBlobs.in_folder(tmp_path)
    blobs.put("a/key", b"whole")
    half = tmp_path / "a" / "key#1"
    half.write_bytes(b"hal")
    os.utime(half, (0, 0))
    blobs.tidy(LATER)

    assert ["key"] == [file.name for file in (tmp_path / "a").iterdir()]


def test_a_put_in_the_making_is_the_half_that_tidy_looks_for(tmp_path: Path) -> None:
    """Holds the library's own staging name against ours."""
    seen: set[str] = set()

    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b"12345678"
            seen.update(file.name for file in tmp_path.iterdir())

    obstore.put(LocalStore(tmp_path), "key", pieces(), chunk_size=8, max_concurrency=1)

    assert {"key#1"} == seen


def test_a_scratch_folder_is_gone_after_use(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "scratch")
    with scratch() as folder:
        (folder / "file").touch()

    assert [] == list((tmp_path / "scratch").iterdir())


def test_a_new_scratch_is_empty_whatever_was_left_there(tmp_path: Path) -> None:
    (tmp_path / "scratch" / "left").mkdir(parents=True)
    Scratch(tmp_path / "scratch")

    assert [] == list((tmp_path / "scratch").iterdir())
