"""Open this to see how an MP4 is laid out: ISO/IEC 14496-12, -14 and -15, as much as one
track of pictures and one of sound take.

There is one way in which a movie is written, so that `parse` can tell what was written
here from anything else.
"""

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from reelmock.domain.catalog import Size
from reelmock.media import strip
from reelmock.media.part import Group, Part
from reelmock.media.tone import SAMPLES_OF_A_FRAME, Track

TICKS = 15360
"""Of a second of pictures; one picture has 512."""

THOUSANDTHS = 1000
"""Of a second: what the movie as a whole is timed in."""

BRANDS = b"isom\0\0\2\0isomiso2avc1mp41"

UNDETERMINED = 0x55C4
"""No language, as three letters of five bits."""

_SQUARE = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The picture as it is: neither turned nor moved."""


class Movie(NamedTuple):
    """A whole movie. `track` is exactly as long as the pictures."""

    size: Size
    part: Part
    track: Track
    title: str
    comment: str


def write(movie: Movie, target: Path) -> None:
    """Write the movie, its index first, so that it plays while it is still coming."""
    with target.open("wb") as file:
        file.write(head(movie))
        for group, sound in chunks(movie):
            file.writelines(group.pieces)
            file.writelines(sound)


def media(movie: Movie) -> int:
    """Bytes of everything behind the head."""
    sound = sum(map(len, movie.track.frames))
    return sum(sum(group.lengths) for group in movie.part.groups) + sound


def chunks(movie: Movie) -> Iterator[tuple[Group, list[bytes]]]:
    """The groups, each with the sound until its end behind it."""
    begin, shown = 0, 0
    frames, track = movie.track.frames, movie.track
    for place, group in enumerate(movie.part.groups):
        shown += len(group.lengths)
        heard = shown * track.rate // strip.RATE + track.priming
        end = -(-heard // SAMPLES_OF_A_FRAME)
        if place == len(movie.part.groups) - 1:
            end = len(frames)
        yield group, frames[begin:end]
        begin = max(begin, min(end, len(frames)))


def head(movie: Movie) -> bytes:
    """Everything before the media."""
    placed = [(group.lengths, [len(frame) for frame in sound])
              for group, sound in chunks(movie)]  # fmt: skip
    brands = _box(b"ftyp", BRANDS)
    length = len(brands) + len(_index(movie, placed, 0)) + 8
    index = _index(movie, placed, length)
    return brands + index + struct.pack(">I4s", 8 + media(movie), b"mdat")


_Chunks = Sequence[tuple[Sequence[int], Sequence[int]]]


def _index(movie: Movie, chunks: _Chunks, start: int) -> bytes:
    sizes = [sum(chunk) for pair in chunks for chunk in pair]
    places = list(accumulate(sizes, initial=start))[:-1]
    duration = movie.part.frames * THOUSANDTHS // strip.RATE
    pictures = [pair[0] for pair in chunks]
    sounds = [(pair[1], place) for pair, place in zip(chunks, places[1::2], strict=True)
              if pair[1]]  # fmt: skip
    return _box(
        b"moov",
        _full(b"mvhd", 0, struct.pack(">IIIIIH10x", 0, 0, THOUSANDTHS, duration,
                                      0x10000, 0x100), _SQUARE, bytes(24),
              struct.pack(">I", 3)),
        _pictures(movie, duration, pictures, places[::2]),
        _sound(movie, duration, [sizes for sizes, _ in sounds],
               [place for _, place in sounds]),
        _told(movie),
    )  # fmt: skip


def _pictures(
    movie: Movie, duration: int, chunks: Sequence[Sequence[int]], places: Sequence[int]
) -> bytes:
    """The track of pictures."""
    size, count = movie.size, movie.part.frames
    keys = list(accumulate((len(chunk) for chunk in chunks), initial=1))[:-1]
    samples = _box(
        b"stbl",
        _full(b"stsd", 0, struct.pack(">I", 1), _picture_entry(movie)),
        _full(b"stts", 0, struct.pack(">III", 1, count, TICKS // strip.RATE)),
        _full(b"stss", 0, struct.pack(">I", len(keys)), _numbers(keys)),
        *_placed(chunks, places),
    )
    media = _media_box(b"vide", TICKS, count * TICKS // strip.RATE,
                       _full(b"vmhd", 1, bytes(8)), samples)  # fmt: skip
    header = _track_header(1, duration, 0, (size.width << 16, size.height << 16))
    return _box(b"trak", header, _cut(duration, 0), media)


def _picture_entry(movie: Movie) -> bytes:
    size, sequence = movie.size, movie.part.sets.sequence
    configuration = _box(
        b"avcC", b"\1", sequence[1:4], b"\xff\xe1", _counted(sequence),
        b"\1", _counted(movie.part.sets.picture), b"\xfd\xf8\xf8\0",
    )  # fmt: skip
    return _box(
        b"avc1",
        struct.pack(">6xH16xHHIII", 1, size.width, size.height, 72 << 16, 72 << 16, 0),
        struct.pack(">H32xHH", 1, 24, 0xFFFF),
        configuration,
        _box(b"colr", b"nclx", struct.pack(">HHHB", 1, 1, 1, 0)),
        _box(b"pasp", struct.pack(">II", 1, 1)),
    )


def _counted(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def _sound(
    movie: Movie, duration: int, chunks: Sequence[Sequence[int]], places: Sequence[int]
) -> bytes:
    """The track of sound; its encoder's delay is cut off."""
    track = movie.track
    count = len(track.frames)
    samples = _box(
        b"stbl",
        _full(b"stsd", 0, struct.pack(">I", 1), _sound_entry(track)),
        _full(b"stts", 0, struct.pack(">III", 1, count, SAMPLES_OF_A_FRAME)),
        *_placed(chunks, places),
    )
    media = _media_box(b"soun", track.rate, count * SAMPLES_OF_A_FRAME,
                       _full(b"smhd", 0, bytes(4)), samples)  # fmt: skip
    header = _track_header(2, duration, 0x100, (0, 0))
    return _box(b"trak", header, _cut(duration, track.priming), media)


def _sound_entry(track: Track) -> bytes:
    config = _described(5, track.config)
    decoder = _described(4, b"\x40\x15", bytes(3), struct.pack(">II", 0, 0), config)
    stream = _described(3, b"\0\2\0", decoder, _described(6, b"\2"))
    return _box(
        b"mp4a",
        struct.pack(">6xH8xHHII", 1, track.channels, 16, 0, track.rate << 16),
        _full(b"esds", 0, stream),
    )


def _described(tag: int, *content: bytes) -> bytes:
    """A descriptor of ISO/IEC 14496-1; ours are all short."""
    whole = b"".join(content)
    return bytes((tag, len(whole))) + whole


def _track_header(
    number: int, duration: int, volume: int, sides: tuple[int, int]
) -> bytes:
    # In use, and part of the movie; of no layer; one of a kind.
    times = struct.pack(">IIIII8xHHHH", 0, 0, number, 0, duration, 0, number - 1,
                        volume, 0)  # fmt: skip
    return _full(b"tkhd", 3, times, _SQUARE, struct.pack(">II", *sides))


def _cut(duration: int, begin: int) -> bytes:
    entry = struct.pack(">IIiHH", 1, duration, begin, 1, 0)
    return _box(b"edts", _full(b"elst", 0, entry))


def _media_box(
    kind: bytes, ticks: int, duration: int, header: bytes, samples: bytes
) -> bytes:
    own = _full(b"dref", 0, struct.pack(">I", 1), _full(b"url ", 1))
    times = struct.pack(">IIIIHH", 0, 0, ticks, duration, UNDETERMINED, 0)
    return _box(
        b"mdia",
        _full(b"mdhd", 0, times),
        _full(b"hdlr", 0, bytes(4), kind, bytes(13)),
        _box(b"minf", header, _box(b"dinf", own), samples),
    )


def _placed(
    chunks: Sequence[Sequence[int]], places: Sequence[int]
) -> tuple[bytes, ...]:
    """How many samples each chunk has, how long each is, and where the chunks are."""
    runs: list[int] = []
    before = 0
    for number, chunk in enumerate(chunks, 1):
        if len(chunk) != before:
            before = len(chunk)
            runs += (number, before, 1)
    lengths = [length for chunk in chunks for length in chunk]
    return (
        _full(b"stsc", 0, struct.pack(">I", len(runs) // 3), _numbers(runs)),
        _full(b"stsz", 0, struct.pack(">II", 0, len(lengths)), _numbers(lengths)),
        _full(b"stco", 0, struct.pack(">I", len(places)), _numbers(places)),
    )


def _told(movie: Movie) -> bytes:
    """Title, comment and maker, where players look for them."""
    texts = [(b"\xa9nam", movie.title), (b"\xa9too", "Reelmock"),
             (b"\xa9cmt", movie.comment)]  # fmt: skip
    told = [
        _box(name, _box(b"data", struct.pack(">II", 1, 0), text.encode()))
        for name, text in texts
    ]
    handler = _full(b"hdlr", 0, bytes(4), b"mdirappl", bytes(9))
    return _box(b"udta", _full(b"meta", 0, handler, _box(b"ilst", *told)))


def _numbers(values: Iterable[int]) -> bytes:
    written = array("I", values)
    written.byteswap()
    return written.tobytes()


def _box(name: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return struct.pack(">I4s", 8 + len(whole), name) + whole


def _full(name: bytes, flags: int, *content: bytes) -> bytes:
    return _box(name, struct.pack(">I", flags), *content)
