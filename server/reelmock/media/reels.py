"""Open this to see how strips are coded: as reels, from which every clip of that size
takes what it needs, whatever still stands above them.

Above the strip every picture of a reel but the first of each group says only "as before":
the still that is put into the first one stands until the next. While it is coded, the
strip lies below as many rows of noise, so that nothing in it is copied from above.
"""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import encode, h264, stamp, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign, Header, Sets, Syntax
from reelmock.media.part import Group, measured

GROUP = 60
"""Frames from one key picture to the next (60 seen: S14)."""

SPAN = GROUP // strip.RATE
"""Seconds of a group."""


_FACTS = struct.Struct(">6I")
"""Width, height, begin, pictures, and the lengths of both parameter sets."""


@lru_cache(64)
def _seal(sets: Sets, content: bytes) -> str:
    return hashlib.sha256(b"".join((*sets, content))).hexdigest()[:12]


class Reel(NamedTuple):
    """The strips of some seconds, coded for one size. `lengths` are those of each coded
    picture; key pictures have only their strip yet, the still comes before it."""

    size: Size
    sets: Sets
    begin: int
    lengths: Sequence[int]
    content: bytes

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.size}-{self.begin}-{_seal(self.sets, self.content)}"

    def to_bytes(self) -> bytes:
        """The reel in a format of our own, for a disk."""
        facts = (*self.size, self.begin, len(self.lengths), *map(len, self.sets))
        lengths = struct.pack(f">{len(self.lengths)}I", *self.lengths)
        return b"".join((_FACTS.pack(*facts), lengths, *self.sets, self.content))

    @classmethod
    def from_bytes(cls, written: bytes) -> "Reel":
        """What `to_bytes` wrote; raises Foreign for what has not the length it tells."""
        if len(written) < _FACTS.size:
            raise Foreign("no reel")
        width, height, begin, count, *sets = _FACTS.unpack_from(written)
        at = _FACTS.size + 4 * count
        if len(written) < at:
            raise Foreign("no whole reel")
        lengths = struct.unpack_from(f">{count}I", written, _FACTS.size)
        edges = list(accumulate(sets, initial=at))
        sequence, picture = (written[left:right] for left, right in pairwise(edges))
        size, content = Size(width, height), written[edges[-1] :]
        if sum(lengths) != len(content):
            raise Foreign("no whole reel")
        return cls(size, Sets(sequence, picture), begin, lengths, content)

    @property
    def end(self) -> int:
        """The second at which it ends."""
        return self.begin + len(self.lengths) // strip.RATE

    def cut(self, begin: int, end: int, still: bytes) -> Iterator[Group]:
        """The groups from one second to another, with a coded still in their key
        pictures; `begin` must be where a group begins."""
        places = list(accumulate(self.lengths, initial=0))
        first, last = ((at - self.begin) * strip.RATE for at in (begin, end))
        key = measured(still)
        for at in range(first, last, GROUP):
            until = min(at + GROUP, last)
            lengths = list(self.lengths[at:until])
            lengths[0] += len(key)
            yield Group(lengths, [key, self.content[places[at] : places[until]]])


def can_take(size: Size) -> bool:
    """Whether a strip of this size can stand in a slice of its own, and be checked."""
    top = strip.top(size)
    has_rows = not top % strip.BLOCK and top >= _rows(size) * strip.BLOCK
    return has_rows and bool(stamp.cells(size, top))


def coded(programs: Programs, size: Size, begin: int, end: int) -> Reel:
    """A reel from one second to another; raises Foreign or RenderFailed."""
    syntax, as_before = _as_before(programs, size)
    across = -(-size.width // strip.BLOCK)
    slices = _strips(programs, syntax, size, begin, end)
    lengths, pieces = [], []
    for number, (like, header, pictures) in enumerate(slices):
        at = number % GROUP
        # Pictures between them tell two key pictures apart: all may have the number 0.
        moved = header._replace(first=strip.top(size) // strip.BLOCK * across, idr=0)
        piece = measured(syntax.joined(moved, _settled(pictures), like=like))
        if at:
            piece = as_before[at] + piece
        lengths.append(len(piece))
        pieces.append(piece)
    if len(lengths) != (end - begin) * strip.RATE:
        raise Foreign(f"{len(lengths)} pictures")
    return Reel(size, syntax.sets, begin, lengths, b"".join(pieces))


def coded_still(programs: Programs, still: Image.Image) -> tuple[Syntax, bytes]:
    """What is above the strip as one slice, the upper one of a key picture, and how it
    is written."""
    upper = Size(still.width, strip.top(Size(*still.size)))
    rows = memoryview(still.tobytes())[: 3 * upper.width * upper.height]
    units = h264.units(programs.run(encode.still_arguments(upper), [rows]))
    syntax = Syntax(h264.sets_of(units))
    slices = [unit for unit in units if h264.kind(unit) in h264.SLICES]
    if len(slices) != 1 or h264.kind(slices[0]) != h264.IDR:
        raise Foreign(f"{len(slices)} slices of a still")
    _undisturbed(syntax.parted(slices[0])[0])
    return syntax, slices[0]


def _as_before(programs: Programs, size: Size) -> tuple[Syntax, list[bytes]]:
    """How a whole picture of this size is written; and for each place in a group the
    slice which says that all above the strip is as before."""
    across = -(-size.width // strip.BLOCK)
    blocks = strip.top(size) // strip.BLOCK * across
    units = h264.units(programs.run(encode.plain_arguments(size, blocks)))
    syntax = Syntax(h264.sets_of(units))
    upper = [
        (unit[0], *syntax.parted(unit))
        for unit in units
        if h264.kind(unit) in h264.SLICES and syntax.parted(unit)[0].first == 0
    ]
    if len(upper) != 3:
        raise Foreign(f"{len(upper)} pictures of three")
    (_, _, _), (like, header, pictures), (_, _, again) = upper
    _undisturbed(header)
    if header.type != h264.P or _settled(pictures) != _settled(again):
        raise Foreign("still pictures that move")
    return syntax, [
        measured(
            syntax.joined(syntax.numbered(header, at), _settled(pictures), like=like)
        )
        for at in range(GROUP)
    ]


_Slice = tuple[int, Header, bytes]


def _strips(
    programs: Programs, syntax: Syntax, size: Size, begin: int, end: int
) -> Iterator[_Slice]:
    """The strips' slices, from below the noise."""
    foot = Size(size.width, _rows(size) * strip.BLOCK + size.height - strip.top(size))
    raw = _under_noise(size, begin, end)
    units = h264.units(programs.run(encode.strip_arguments(foot), raw))
    own = Syntax(h264.sets_of(units))
    if not own.is_like(syntax):
        raise Foreign("strips coded otherwise than pictures")
    across = -(-size.width // strip.BLOCK)
    slices = [unit for unit in units if h264.kind(unit) in h264.SLICES]
    for unit in islice(slices, 1, None, 2):
        header, pictures = own.parted(unit)
        _undisturbed(header)
        if header.first != _rows(size) * across:
            raise Foreign("strips in other slices")
        yield unit[0], header, pictures


def _under_noise(size: Size, begin: int, end: int) -> Iterator[bytes]:
    """Each frame's strip with noise over it, as raw yuv420p."""
    area = size.width * _rows(size) * strip.BLOCK
    noise = hashlib.shake_256(b"noise").digest(area)
    plain = bytes([128]) * (area // 4)
    own = size.width * (size.height - strip.top(size))
    edges = [0, own, own + own // 4, own + own // 2]
    for frame in strip.frames(size, begin, end):
        planes = [frame[left:right] for left, right in pairwise(edges)]
        yield b"".join((noise, planes[0], plain, planes[1], plain, planes[2]))


def _rows(size: Size) -> int:
    """How many rows of macroblocks a strip has."""
    return -(-(size.height - strip.top(size)) // strip.BLOCK)


def _settled(pictures: bytes) -> bytes:
    """Without the last bit's change: the encoder draws it by how many pictures came
    before, nobody reads it, and a reel's bytes must not depend on where it began."""
    return pictures[:-1] + bytes([pictures[-1] | 1])


def _undisturbed(header: Header) -> None:
    if header.deblocking != (1,):
        raise Foreign("slices that are smoothed over their edges")
