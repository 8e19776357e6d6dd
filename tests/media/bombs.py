"""Pictures that are small to send and huge to decode, each put before the check in little
memory; prints what came of it: `bombs.py`. Bombs that lie say first that they are of the
size asked for."""

import resource
import struct
import sys
import zlib

from reelmock.domain.catalog import Size
from reelmock.media.renderer import FfmpegRenderer

SIZE = Size(720, 1280)
HUGE = (16383, 16383)
ROOM = 120 * 2**20
"""Bytes; one of these pictures, decoded, takes six times as many."""


ZEROS = zlib.compress(bytes(130_000_000), 1)
"""Half a megabyte, until somebody unpacks it."""


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def ihdr(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(*chunks: bytes) -> bytes:
    rows = chunk(b"IDAT", ZEROS)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + rows + chunk(b"IEND", b"")


def jpeg(*sizes: tuple[int, int]) -> bytes:
    frames = b"".join(
        b"\xff\xc2\0\x11\x08"
        + struct.pack(">HH", high, wide)
        + b"\3\1\x11\0\2\x11\0\3\x11\0"
        for wide, high in sizes
    )
    return b"\xff\xd8" + frames + b"\xff\xda\0\x0c\3\1\0\2\0\3\0\0\x3f\0" + bytes(999)


def lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    return riff(b"VP8L", b"\x2f" + struct.pack("<I", bits) + bytes(999))


def lossy(width: int, height: int) -> bytes:
    start = b"\x10\2\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return riff(b"VP8 ", start + bytes(999))


def extended(width: int, height: int) -> bytes:
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return riff(b"VP8X", bytes(4) + sides)


def riff(name: bytes, content: bytes) -> bytes:
    content += bytes(len(content) % 2)
    return name + struct.pack("<I", len(content)) + content


def webp(*chunks: bytes) -> bytes:
    whole = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


TEXT, PROFILE = (chunk(name, b"k\0\0" + ZEROS) for name in (b"zTXt", b"iCCP"))

BOMBS = {
    "a huge png": (png(ihdr(*HUGE)), "image/png"),
    "a huge jpeg": (jpeg(HUGE), "image/jpeg"),
    "a huge lossless webp": (webp(lossless(*HUGE)), "image/webp"),
    "a huge lossy webp": (webp(lossy(*HUGE)), "image/webp"),
    "a huge extended webp": (webp(extended(*HUGE), lossless(*HUGE)), "image/webp"),
    "a png that lies": (png(ihdr(*SIZE), ihdr(*HUGE)), "image/png"),
    "a jpeg that lies": (jpeg(SIZE, HUGE), "image/jpeg"),
    "a webp that lies": (webp(extended(*SIZE), lossless(*HUGE)), "image/webp"),
    "a webp that lies lossily": (webp(extended(*SIZE), lossy(*HUGE)), "image/webp"),
    "a png with a long text": (png(ihdr(*SIZE), TEXT), "image/png"),
    "a png with a long profile": (png(ihdr(*SIZE), PROFILE), "image/png"),
}


def main() -> None:
    renderer = FfmpegRenderer()
    resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))
    for name, (content, media_type) in BOMBS.items():
        try:
            renderer.check_picture(content, media_type, SIZE)
            came = "taken"
        except Exception as refused:  # the name says whether it was one of ours
            came = type(refused).__name__
        sys.stdout.write(f"{name}: {came}\n")


if __name__ == "__main__":
    main()
