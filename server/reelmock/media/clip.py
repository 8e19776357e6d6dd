"""Open this to see how an MP4 is read back: demuxer, protocols and decoders pinned,
because the file may be a stranger's."""

import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.footage import Footage
from reelmock.media.ffmpeg import Programs

DECODERS = "h264,hevc,av1,libdav1d,vp9,mpeg4"
"""What an MP4's picture may be coded in."""

SOUND_DECODERS = "aac,mp3,mp3float,ac3,eac3,opus,flac,alac"
"""What its sound may be coded in; of another one nothing is heard."""

MOST_MEMORY = 64 * 2**20
"""Bytes of the largest piece that a reader may ask for: a frame, or an index."""

MOST_PIXELS = 4096 * 2304
"""Of a clip whose size nobody has asked for yet (chosen)."""

LONGEST, MOST_PACKETS = 600, 60_000
"""Seconds and pictures of an uploaded clip; videos end at 120 s (chosen)."""

PICTURE = ("-map", "0:V:0")
"""The first stream of pictures that is no cover."""

_DIMENSIONS = re.compile(rb"^#dimensions 0: (\d+)x(\d+)$", re.MULTILINE)

_TICK = re.compile(rb"^#tb 0: (\d+)/(\d+)$", re.MULTILINE)

_PACKET = re.compile(
    rb"^0, +-?\d+, +(-?\d+), +(\d+), +\d+, 0x[0-9a-f]+(?:, F=0x([0-9A-Fa-f]+))?",
    re.MULTILINE,
)

_CORRUPT, _UNSHOWN = 2, 4
"""Flags of a packet: it is not whole, or an edit list leaves it out."""


class Packet(NamedTuple):
    """One coded picture: when it is shown and for how long, in ticks."""

    at: int
    length: int
    flags: int


class Packets(NamedTuple):
    """Every coded picture of a clip, in the order of the file; a tick in seconds."""

    size: Size
    tick: Fraction
    all: list[Packet]

    @property
    def seconds(self) -> Fraction:
        """From the first picture shown to the last one's end."""
        shown = [packet for packet in self.all if not packet.flags & _UNSHOWN]
        if not shown:
            return Fraction(0)
        begin = min(packet.at for packet in shown)
        return self.tick * (max(packet.at + packet.length for packet in shown) - begin)

    @property
    def is_whole(self) -> bool:
        """Whether the file had all of each of them."""
        return not any(packet.flags & _CORRUPT for packet in self.all)

    def is_steady(self, count: int, rate: int) -> bool:
        """Whether it is so many pictures in the order in which they are shown, all
        shown, at a constant rate from 0."""
        step = 1 / (rate * self.tick)
        return [packet.at for packet in self.all if not packet.flags & _UNSHOWN] == [
            place * step for place in range(count)
        ] and len(self.all) == count


def measured(programs: Programs, source: Path) -> Footage:
    """A stranger's clip, all of its picture read and the first frame decoded.

    Raises ValueError or RenderFailed.
    """
    told = packets(programs, source, "-max_pixels", str(MOST_PIXELS))
    seconds = float(told.seconds)
    if not told.is_whole or len(told.all) == MOST_PACKETS or not 0 < seconds <= LONGEST:
        raise ValueError(f"{len(told.all)} pictures of {seconds} s")
    shown = programs.read(look_arguments(source))
    if not _PACKET.search(shown) or _size(shown) != told.size:
        raise ValueError(f"no first picture of {told.size}")
    return Footage(told.size, seconds)


def packets(
    programs: Programs, source: Path, *more: str, copy: Path | None = None
) -> Packets:
    """Read every packet of the picture; nothing is decoded for it. `copy` takes the
    H.264 stream as it is. Raises ValueError or RenderFailed."""
    words = packet_arguments(source, *more, copy=copy)
    told = programs.read(words) if copy is None else programs.run(words)
    size, tick = _size(told), _TICK.search(told)
    if size is None or tick is None:
        raise ValueError("no picture")
    rows = [
        Packet(int(at), int(length), int(flags or b"0", 16))
        for at, length, flags in _PACKET.findall(told)
    ]
    return Packets(size, Fraction(int(tick[1]), int(tick[2])), rows)


def told_size(programs: Programs, source: Path) -> Size | None:
    """The size that the file states for its picture; nothing is decoded for it."""
    return _size(programs.read(told_arguments(source)))


def first_frame(
    programs: Programs, source: Path, size: Size, *, is_ours: bool = False
) -> Image.Image:
    """The first picture of a file of that size; raises ValueError for another one."""
    words = frame_arguments(source, size)
    raw = programs.run(words) if is_ours else programs.read(words)
    return Image.frombytes("RGB", size, raw)


def fitted_frame(programs: Programs, source: Path, size: Size) -> Image.Image:
    """The first picture of a file of ours or of the user's, scaled to that size."""
    raw = programs.run(fitted_arguments(source, size))
    return Image.frombytes("RGB", size, raw)


def packet_arguments(source: Path, *more: str, copy: Path | None = None) -> list[str]:
    """To print a line for each packet of the picture, and to copy its H.264."""
    stream = ("-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", "-y")
    return [
        *opened(source, "-xerror", *more), *PICTURE, "-c", "copy",
        "-frames:v", str(MOST_PACKETS), "-f", "framecrc", "pipe:1",
        *([] if copy is None else [*PICTURE, *stream, f"file:{copy}"]),
    ]  # fmt: skip


def told_arguments(source: Path) -> list[str]:
    """To print what the file says of its picture, copying one packet of it."""
    return [
        *opened(source), *PICTURE, "-c", "copy", "-frames:v", "1",
        "-f", "framecrc", "pipe:1",
    ]  # fmt: skip


def look_arguments(source: Path) -> list[str]:
    """To decode the first picture, and print of what size it is."""
    return [
        *opened(source, "-xerror", "-max_pixels", str(MOST_PIXELS)), *PICTURE,
        "-frames:v", "1", "-f", "framecrc", "pipe:1",
    ]  # fmt: skip


def frame_arguments(source: Path, size: Size) -> list[str]:
    """To print the first picture as rgb24."""
    # Coded pictures are padded to whole blocks, of at most 64 pixels.
    most = (size.width + 64) * (size.height + 64)
    return [
        *opened(source, "-max_pixels", str(most)), *PICTURE, "-frames:v", "1",
        "-vf", TO_RGB, *RAW,
    ]  # fmt: skip


def fitted_arguments(source: Path, size: Size) -> list[str]:
    """To print the first picture at this size as rgb24."""
    scaled = TO_RGB.replace("scale=", f"scale={size.width}:{size.height}:", 1)
    most = max(MOST_PIXELS, (size.width + 64) * (size.height + 64))
    return [
        *opened(source, "-max_pixels", str(most)), *PICTURE, "-frames:v", "1",
        "-vf", scaled, *RAW,
    ]  # fmt: skip


def opened(source: Path, *more: str, decoders: str = DECODERS) -> list[str]:
    """To read this file, and nothing that it may point at."""
    return [
        "-hide_banner", "-nostdin", "-loglevel", "error",
        "-max_alloc", str(MOST_MEMORY),
        "-threads", "1", "-filter_threads", "1", "-noautorotate", *more,
        "-protocol_whitelist", "file,pipe", "-codec_whitelist", decoders,
        "-f", "mov", "-enable_drefs", "0", "-i", f"file:{source}",
    ]  # fmt: skip


def _size(told: bytes) -> Size | None:
    found = _DIMENSIONS.search(told)
    return Size(int(found[1]), int(found[2])) if found else None


TO_RGB = "scale=flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=rgb24"
"""A filter of ours alone; the frame's own tags say which yuv it is."""

RAW = ("-f", "rawvideo", "pipe:1")
