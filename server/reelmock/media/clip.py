"""Open this to see how an MP4 is read back: demuxer, protocols and decoders pinned,
because the file may be a stranger's."""

import re
from pathlib import Path

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media.ffmpeg import Programs

READ_LIMIT = 5.0
"""Seconds that reading a stranger's clip may take (chosen)."""

DECODERS = "h264,hevc,av1,libdav1d,vp9,mpeg4"
"""What an MP4's picture may be coded in."""

_DIMENSIONS = re.compile(rb"^#dimensions 0: (\d+)x(\d+)$", re.MULTILINE)


def told_size(programs: Programs, source: Path) -> Size | None:
    """The size that the file states for its picture; nothing is decoded for it."""
    told = programs.run(told_arguments(source), limit=READ_LIMIT)
    found = _DIMENSIONS.search(told)
    return Size(int(found[1]), int(found[2])) if found else None


def first_frame(
    programs: Programs, source: Path, size: Size, *, limit: float = READ_LIMIT
) -> Image.Image:
    """The first picture of a file of that size; raises ValueError for another one."""
    raw = programs.run(frame_arguments(source, size), limit=limit)
    return Image.frombytes("RGB", size, raw)


def told_arguments(source: Path) -> list[str]:
    """To print what the file says of its picture, copying one packet of it."""
    return [
        *opened(source), "-map", "0:v:0", "-c", "copy", "-frames:v", "1",
        "-f", "framecrc", "pipe:1",
    ]  # fmt: skip


def frame_arguments(source: Path, size: Size) -> list[str]:
    """To print the first picture as rgb24."""
    # Coded pictures are padded to whole blocks, of at most 64 pixels.
    most = (size.width + 64) * (size.height + 64)
    return [
        *opened(source, "-max_pixels", str(most)), "-map", "0:v:0", "-frames:v", "1",
        "-vf", TO_RGB, *RAW,
    ]  # fmt: skip


def opened(source: Path, *more: str) -> list[str]:
    """To read this file, and nothing that it may point at."""
    return [
        "-hide_banner", "-nostdin", "-loglevel", "error",
        "-threads", "1", "-filter_threads", "1", "-noautorotate", *more,
        "-protocol_whitelist", "file,pipe", "-codec_whitelist", DECODERS,
        "-f", "mov", "-enable_drefs", "0", "-i", f"file:{source}",
    ]  # fmt: skip


TO_RGB = "scale=flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=rgb24"
"""A filter of ours alone; the frame's own tags say which yuv it is."""

RAW = ("-f", "rawvideo", "pipe:1")
