"""Open this to see what clips are put together from: parts of coded pictures, in groups
that each begin with a key picture."""

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reelmock.media import h264
from reelmock.media.h264 import Foreign, Sets


class Group(NamedTuple):
    """A key picture and those that follow it: how many bytes each coded picture has, and
    all of them in as many pieces as they come in. Units have their length before them."""

    lengths: Sequence[int]
    pieces: Sequence[bytes | memoryview]


class Part(NamedTuple):
    """Coded pictures one behind the other, and how to read them."""

    sets: Sets
    groups: Sequence[Group]

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return sum(len(group.lengths) for group in self.groups)


def measured(unit: bytes) -> bytes:
    """A unit behind its length."""
    return struct.pack(">I", len(unit)) + unit


def of_stream(stream: bytes) -> Part:
    """The part of a stream with one slice a picture; raises Foreign for any other."""
    units = h264.units(stream)
    groups: list[list[bytes]] = []
    for unit in units:
        if h264.kind(unit) == h264.IDR:
            groups.append([])
        if h264.kind(unit) in h264.SLICES:
            if not groups or not h264.is_first(unit):
                raise Foreign("no whole picture in a slice")
            groups[-1].append(measured(unit))
    made = [Group([len(unit) for unit in group], group) for group in groups]
    return Part(h264.sets_of(units), made)


def stream_of(part: Part) -> Iterable[bytes]:
    """The part as a stream that a decoder reads; raises Foreign where units end behind
    their group."""
    yield from (b"\0\0\0\1" + unit for unit in part.sets)
    for group in part.groups:
        content = memoryview(b"".join(group.pieces))
        at = 0
        while at < len(content):
            begin = at + 4
            at = begin + int.from_bytes(content[at:begin])
            if at > len(content):
                raise Foreign("a unit that does not end")
            yield b"\0\0\0\1" + content[begin:at]
