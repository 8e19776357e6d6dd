"""Open this to see how an MP4's boxes are judged, before any program reads the file:
whether it is whole, refers to no other file, and claims no more than it has."""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_BOXES, MOST_TRACKS = 20_000, 16
"""Of a whole file; fragments of a second make a hundred boxes a minute."""

MOST_SAMPLES = 2**21
"""In all tracks; a reader keeps some tens of bytes of each (chosen)."""

_WIDTHS = {4: ">I", 8: ">Q"}

_OWN = 1
"""The flag of a data reference that means: in this same file."""

_INSIDE = {
    b"moov": b"", b"trak": b"moov", b"mdia": b"trak", b"minf": b"mdia",
    b"stbl": b"minf", b"dinf": b"minf", b"dref": b"dinf", b"stsz": b"stbl",
    b"stco": b"stbl", b"co64": b"stbl",
}  # fmt: skip
"""Where a reader looks for each part of an index, and where alone it may stand: some
readers find them anywhere."""

_OPENED = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"moof",
     b"traf", b"udta", b"wave", b"meta", b"tref", b"ilst", b"iprp", b"ipco"),
)  # fmt: skip
"""Boxes of boxes, as readers know them."""

_LOOSE = frozenset((b"udta", b"wave", b"meta", b"tref", b"ilst"))
"""Those of them that real files end with padding, or fill with something else."""

_PACKED = b"cmov"
"""An index that has to be unpacked to be judged; nobody writes it any more."""


class Broken(ValueError):
    """Content that is no whole MP4 by itself."""


class Box(NamedTuple):
    """A box's name, and where its content stands."""

    name: bytes
    start: int
    end: int


def check(content: bytes) -> None:
    """Raises Broken for a file that is cut short, or that points outside itself."""
    walk = _Walk(content)
    outer = walk.through(Box(b"", 0, len(content)))
    if b"mdat" not in outer or outer.count(b"moof") > outer.count(b"mdat"):
        raise Broken("without media")
    if outer.count(b"moov") != 1 or not 0 < walk.tracks <= MOST_TRACKS:
        raise Broken(f"{walk.tracks} tracks")
    if walk.samples > MOST_SAMPLES:
        raise Broken("too many samples")


class _Walk:
    """One walk through all boxes of a file, which counts as it goes."""

    def __init__(self, content: bytes) -> None:
        self.tracks = self.samples = self._boxes = 0
        self._content = content

    def through(self, outer: Box) -> list[bytes]:
        """Judge everything inside a box; the names of what is in it."""
        names = []
        for box in self._within(outer):
            names.append(box.name)
            if _INSIDE.get(box.name, outer.name) != outer.name or box.name == _PACKED:
                raise Broken("an index out of place")
            self._judge(box)
            if box.name in _OPENED:
                self.through(_opened(box, self._content))
        return names

    def _judge(self, box: Box) -> None:
        self.tracks += box.name == b"trak"
        if box.name == b"dref":
            self._check_references(box)
        elif box.name in (b"stco", b"co64"):
            _check_places(self._content, box, 4 if box.name == b"stco" else 8)
        elif box.name == b"stsz":
            self.samples += _samples(self._content, box)

    def _check_references(self, table: Box) -> None:
        for entry in self._within(Box(table.name, table.start + 8, table.end)):
            if not _number(self._content, entry.start, 4) & _OWN:
                raise Broken("refers to another file")

    def _within(self, box: Box) -> Iterator[Box]:
        """The boxes inside one, which fill it; one of unknown length cannot be whole."""
        at = box.start
        while at < box.end:
            self._boxes += 1
            if self._boxes > MOST_BOXES:
                raise Broken("too many boxes")
            if box.name in _LOOSE and box.end - at < 8:
                return
            length, header = _number(self._content, at, 4), 8
            if length == 1:
                length, header = _number(self._content, at + 8, 8), 16
            if length < header or at + length > box.end:
                length = _forgiven(box, at)
            yield Box(self._content[at + 4 : at + 8], at + header, at + length)
            at += length


def _forgiven(box: Box, at: int) -> int:
    """The length that readers give a box which does not fit into a loose one."""
    if box.name not in _LOOSE:
        raise Broken("a box cut short")
    return box.end - at


def _opened(box: Box, content: bytes) -> Box:
    """`meta` has four bytes before its boxes in MP4, and none in QuickTime."""
    if box.name == b"meta" and content[box.start : box.start + 4] == bytes(4):
        return Box(box.name, box.start + 4, box.end)
    return box


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


def _number(content: bytes, at: int, width: int) -> int:
    if at + width > len(content):
        raise Broken("cut short")
    return int.from_bytes(content[at : at + width], "big")
