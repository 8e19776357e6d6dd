"""Open this to see how an MP4's boxes are judged, before any program reads the file:
whether it is whole, refers to no other file, and claims no more than it has."""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_BOXES, MOST_TRACKS = 20_000, 16
"""Looked at before giving up; fragments of a second make a hundred boxes a minute."""

MOST_SAMPLES = 2**21
"""In all tracks; a reader keeps some tens of bytes of each (chosen)."""

_WIDTHS = {4: ">I", 8: ">Q"}

_OWN = 1
"""The flag of a data reference that means: in this same file."""


class Broken(ValueError):
    """Content that is no whole MP4 by itself."""


class Box(NamedTuple):
    """A box's name, and where its content stands."""

    name: bytes
    start: int
    end: int


def check(content: bytes) -> None:
    """Raises Broken for a file that is cut short, or that points outside itself."""
    outer = list(_within(content, Box(b"", 0, len(content))))
    names = [box.name for box in outer]
    if b"mdat" not in names or names.count(b"moof") > names.count(b"mdat"):
        raise Broken("without media")
    tracks = [
        track
        for index in outer
        if index.name == b"moov"
        for track in _named(content, index, b"trak")
    ]
    if not 0 < len(tracks) <= MOST_TRACKS:
        raise Broken(f"{len(tracks)} tracks")
    if sum(_checked(content, track) for track in tracks) > MOST_SAMPLES:
        raise Broken("too many samples")


def _checked(content: bytes, track: Box) -> int:
    """How many samples a track has in its index, once all of it is believed."""
    for table in _down(content, track, b"mdia", b"minf", b"dinf", b"dref"):
        _check_references(content, table)
    held = (b"mdia", b"minf", b"stbl")
    for table in _down(content, track, *held, b"stco"):
        _check_places(content, table, 4)
    for table in _down(content, track, *held, b"co64"):
        _check_places(content, table, 8)
    return sum(
        _samples(content, table) for table in _down(content, track, *held, b"stsz")
    )


def _check_references(content: bytes, table: Box) -> None:
    inner = Box(table.name, table.start + 8, table.end)
    for entry in _within(content, inner):
        if not _number(content, entry.start, 4) & _OWN:
            raise Broken("refers to another file")


def _check_places(content: bytes, table: Box, width: int) -> None:
    """Every chunk begins in the file."""
    if any(place >= len(content) for place in _column(content, table, 4, width)):
        raise Broken("a chunk outside the file")


def _samples(content: bytes, table: Box) -> int:
    """The samples of a table of sizes, which have room in the file together."""
    each = _number(content, table.start + 4, 4)
    count = _number(content, table.start + 8, 4)
    if count > MOST_SAMPLES:
        raise Broken(f"{count} samples")
    whole = each * count if each else sum(_column(content, table, 8, 4))
    if whole > len(content):
        raise Broken("samples larger than the file")
    return count


def _column(content: bytes, table: Box, at: int, width: int) -> Iterable[int]:
    """The numbers of a table, whose count stands `at` so many bytes."""
    count = _number(content, table.start + at, 4)
    begin = table.start + at + 4
    if begin + count * width > table.end:
        raise Broken("a table cut short")
    rows = memoryview(content)[begin : begin + count * width]
    return (number for (number,) in struct.iter_unpack(_WIDTHS[width], rows))


def _down(content: bytes, box: Box, *names: bytes) -> list[Box]:
    """The boxes at the end of a path."""
    found = [box]
    for name in names:
        found = [inner for outer in found for inner in _named(content, outer, name)]
    return found


def _named(content: bytes, box: Box, name: bytes) -> list[Box]:
    return [inner for inner in _within(content, box) if inner.name == name]


def _within(content: bytes, box: Box) -> Iterator[Box]:
    """The boxes inside one, which fill it; one of unknown length cannot be whole."""
    at = box.start
    for _ in range(MOST_BOXES):
        if at == box.end:
            return
        length, header = _number(content, at, 4), 8
        if length == 1:
            length, header = _number(content, at + 8, 8), 16
        if length < header or at + length > box.end:
            raise Broken("a box cut short")
        yield Box(content[at + 4 : at + 8], at + header, at + length)
        at += length
    raise Broken("too many boxes")


def _number(content: bytes, at: int, width: int) -> int:
    if at + width > len(content):
        raise Broken("cut short")
    return int.from_bytes(content[at : at + width], "big")
