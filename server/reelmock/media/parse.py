"""Open this to see how a movie of ours is read back: its tables are believed only if the
movie they tell of would be written as exactly this file."""

import mmap
import struct
from collections.abc import Iterator
from itertools import accumulate, islice, pairwise
from pathlib import Path

from reelmock.domain.catalog import Size
from reelmock.media import mp4
from reelmock.media.h264 import Foreign, Sets
from reelmock.media.part import Group, Part
from reelmock.media.tone import Track

MOST = 512 * 2**20
"""Bytes of a file that is looked at; two minutes of noise take a tenth (chosen)."""

MOST_INDEX = 2**18
"""Bytes of an index that is looked at; that of two minutes takes a sixth (chosen)."""

_OPENED = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"))

_BROKEN = (
    struct.error, IndexError, KeyError, ValueError, OverflowError, RecursionError,
)  # fmt: skip
"""What reading tables may raise that nobody has checked."""

_Tables = dict[bytes, memoryview]


def movie(source: Path) -> mp4.Movie:
    """The movie of a file that `mp4.write` wrote; raises Foreign for any other."""
    if source.stat().st_size > MOST:
        raise Foreign("no movie of ours")
    try:
        content = _mapped(source)
        read = _read(content)
        head = mp4.head(read)
    except _BROKEN as wrong:
        raise Foreign("no movie of ours") from wrong
    if content[: len(head)] != head or len(content) != len(head) + mp4.media(read):
        raise Foreign("no movie of ours")
    return read


def _mapped(source: Path) -> memoryview:
    with source.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _read(content: memoryview) -> mp4.Movie:
    index = dict(islice(_boxes(content), 3))[b"moov"]
    if len(index) > MOST_INDEX:
        raise Foreign("no movie of ours")
    pictures, sound = (
        dict(_tables(part)) for name, part in _boxes(index) if name == b"trak"
    )
    entry = _entry(pictures, b"avc1")
    size = Size(*struct.unpack_from(">HH", entry, 24))
    title, _, comment = _texts(dict(_boxes(index))[b"udta"])
    groups = list(_groups(content, pictures))
    track = _heard(content, sound)
    return mp4.Movie(size, Part(_sets(entry), groups), track, title, comment)


def _boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if not 8 <= length <= len(content) - at:
            raise Foreign("no movie of ours")
        yield name, content[at + 8 : at + length]
        at += length


def _tables(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Every box of a track, by name."""
    for name, inside in _boxes(content):
        if name in _OPENED:
            yield from _tables(inside)
        else:
            yield name, inside


def _entry(tables: _Tables, name: bytes) -> memoryview:
    """How the samples of a track are coded."""
    return dict(_boxes(tables[b"stsd"][8:]))[name]


def _sets(entry: memoryview) -> Sets:
    told = dict(_boxes(entry[78:]))[b"avcC"]
    (length,) = struct.unpack_from(">H", told, 6)
    picture = 8 + length + 1
    (rest,) = struct.unpack_from(">H", told, picture)
    begin = picture + 2
    return Sets(bytes(told[8 : 8 + length]), bytes(told[begin : begin + rest]))


def _groups(content: memoryview, tables: _Tables) -> Iterator[Group]:
    lengths = _numbers(tables[b"stsz"], 8)
    keys = [*_numbers(tables[b"stss"], 4), len(lengths) + 1]
    places = _numbers(tables[b"stco"], 4)
    for (begin, end), place in zip(pairwise(keys), places, strict=True):
        sizes = lengths[begin - 1 : end - 1]
        yield Group(sizes, [content[place : place + sum(sizes)]])


def _heard(content: memoryview, tables: _Tables) -> Track:
    entry = _entry(tables, b"mp4a")
    _, channels, _, _, rate = struct.unpack_from(">6xH8xHHII", entry)
    described = dict(_boxes(entry[28:]))[b"esds"]
    (priming,) = struct.unpack_from(">i", tables[b"elst"], 12)
    config = bytes(described[26 : 26 + described[25]])
    frames = list(_frames(content, tables))
    return Track(config, rate >> 16, channels, priming, frames)


def _frames(content: memoryview, tables: _Tables) -> Iterator[bytes]:
    lengths = _numbers(tables[b"stsz"], 8)
    at = 0
    for count, place in zip(_counts(tables), _numbers(tables[b"stco"], 4), strict=True):
        sizes = lengths[at : at + count]
        for begin, end in pairwise(accumulate(sizes, initial=place)):
            yield bytes(content[begin:end])
        at += count


def _counts(tables: _Tables) -> Iterator[int]:
    """How many samples each chunk has."""
    runs = _numbers(tables[b"stsc"], 4, each=3)
    chunks = len(_numbers(tables[b"stco"], 4))
    begins = [*runs[::3], chunks + 1]
    for (begin, end), count in zip(pairwise(begins), runs[1::3], strict=True):
        if not 0 < begin < end <= chunks + 1:
            raise Foreign("no movie of ours")
        yield from [count] * (end - begin)


def _numbers(table: memoryview, at: int, each: int = 1) -> list[int]:
    """The numbers of a table, after how many entries they are, and of how many each."""
    count = each * struct.unpack_from(">I", table, at)[0]
    if 4 * count != len(table) - at - 4:
        raise Foreign("no movie of ours")
    return list(struct.unpack_from(f">{count}I", table, at + 4))


def _texts(told: memoryview) -> list[str]:
    """What the movie says of itself, in its order."""
    listed = dict(_boxes(dict(_boxes(told))[b"meta"][4:]))[b"ilst"]
    return [
        bytes(dict(_boxes(item))[b"data"][8:]).decode() for _, item in _boxes(listed)
    ]
