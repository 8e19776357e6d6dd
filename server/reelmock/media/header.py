"""Open this to see how large a picture says it is, read from its first bytes alone.

Pillow is not asked: it would refuse, or warn of, exactly the sizes that have to be
told from a wrong one, and prepares to decode while it opens.
"""

from reelmock.domain.catalog import Size

_SIZED = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG's frame markers, SOF0 to SOF15; they begin with the size."""

MOST_MARKERS = 2000
"""Looked at before giving up; a camera's picture has some tens."""

_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers that stand alone."""


def png_size(content: bytes) -> Size | None:
    """From IHDR, which comes first."""
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return Size(_big(content[16:20]), _big(content[20:24]))


def jpeg_size(content: bytes) -> Size | None:
    """From the first frame's marker, past all others."""
    at = 2
    for _ in range(MOST_MARKERS):
        if at + 9 > len(content) or content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker in _SIZED:
            return Size(_big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7]))
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        else:
            at += 2 + max(_big(content[at + 2 : at + 4]), 2)
    return None


def webp_size(content: bytes) -> Size | None:
    """From the first chunk: plain, lossless, or extended."""
    kind = content[12:16]
    if len(content) < 30:
        return None
    if kind == b"VP8X":
        return Size(_little(content[24:27]) + 1, _little(content[27:30]) + 1)
    if kind == b"VP8L":
        bits = _little(content[21:25])
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = _little(content[26:28]), _little(content[28:30])
        return Size(width & 0x3FFF, height & 0x3FFF)
    return None


def _big(piece: bytes) -> int:
    return int.from_bytes(piece, "big")


def _little(piece: bytes) -> int:
    return int.from_bytes(piece, "little")
