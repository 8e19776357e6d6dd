"""Open this to see which shipped font draws which character.

The fonts are subsets with wide coverage (fonts/README.md lists them). What none of
them has is drawn as a box, so that a missing glyph is seen and never silently lost.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont, features

FONTS = Path(__file__).parent / "fonts"

DISPLAY = "InterDisplay-SemiBold.otf"
MONO = "JetBrainsMono-Medium.ttf"
CONDENSED = "SofiaSansExtraCondensed-ExtraBold.ttf"

FALLBACKS = (
    "NotoSansCJK-Bold.otf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansBengali-Bold.ttf",
    "NotoSansTamil-Bold.ttf",
    "NotoSansThai-Bold.ttf",
    "NotoSansGeorgian-Bold.ttf",
    "NotoSansArmenian-Bold.ttf",
    "NotoEmoji-Bold.ttf",
    "DejaVuSans-Bold.ttf",
)
"""Asked in this order for what the wanted face does not have."""

BOX = "□"
"""Stands in for a character that no shipped font has; DejaVu has it."""

JOINERS = "\u200c\u200d"
"""Invisible, but they shape the letters beside them."""

_PROBE = 24
"""Pixels of the glyphs by which coverage is told."""


class Run(NamedTuple):
    """Characters that one font draws in one direction."""

    text: str
    font: str
    rtl: bool


@lru_cache(96)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped font at a size in pixels."""
    return ImageFont.truetype(str(FONTS / name), max(size, 1))


@cache
def can_shape() -> bool:
    """Whether Pillow found what it needs to join and reorder letters."""
    return bool(features.check("raqm"))


def mono(size: int) -> ImageFont.FreeTypeFont:
    """The face of numbers and ids."""
    return face(MONO, size)


def runs(text: str, name: str, *, rtl: bool) -> list[Run]:
    """The text of one line cut into runs, in the order in which they are read;
    letters without a direction of their own take the one before, then `rtl`."""
    cut: list[Run] = []
    for character, turned in zip(text, _directions(text, rtl), strict=True):
        before = cut[-1] if cut else None
        font = _font(character, name, before.font if before else None)
        if font is None:
            continue
        shown = character if has(font, character) or is_plain(character) else BOX
        if before and before[1:] == (font, turned):
            cut[-1] = Run(before.text + shown, font, turned)
        else:
            cut.append(Run(shown, font, turned))
    return cut


def can_draw(text: str, name: str) -> bool:
    """Whether the font has all that a text shows."""
    return all(is_plain(character) or has(name, character) for character in text)


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction reads from right to left."""
    for character in text:
        if (way := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return way != "L"
    return False


@lru_cache(16384)
def has(name: str, character: str) -> bool:
    """Whether the font draws this character as anything but its empty box."""
    font = face(name, _PROBE)
    mask = font.getmask(character)
    return (mask.size, bytes(mask)) != _missing(name)


def is_plain(character: str) -> bool:
    """Whether there is nothing to draw: a space, or a joiner."""
    return character.isspace() or character in JOINERS


@cache
def _missing(name: str) -> tuple[tuple[int, int], bytes]:
    mask = face(name, _PROBE).getmask("\ufffe")
    return mask.size, bytes(mask)


def _font(character: str, wanted: str, before: str | None) -> str | None:
    """The font of a character; None for a joiner that joins nothing."""
    if character in JOINERS:
        return before if before and before.startswith("NotoSans") else None
    if before and _follows(character, before):
        return before
    if character.isspace():
        return wanted
    return _covering(character, wanted)


def _follows(character: str, before: str) -> bool:
    """Marks and spaces stay with the letters before them."""
    is_mark = unicodedata.category(character).startswith("M")
    return (is_mark or character.isspace()) and has(before, character)


@lru_cache(16384)
def _covering(character: str, wanted: str) -> str:
    for name in (wanted, *FALLBACKS):
        if has(name, character):
            return name
    return FALLBACKS[-1]


def _directions(text: str, rtl: bool) -> Iterator[bool]:
    """Whether each character runs from right to left: a plain reading of the
    bidirectional algorithm, two levels deep."""
    ways = [unicodedata.bidirectional(character) for character in text]
    turned = rtl
    for place, way in enumerate(ways):
        if way in ("L", "R", "AL"):
            turned = way != "L"
        elif way in ("EN", "AN"):
            turned = False
        elif way != "NSM":
            turned = _between(ways, place, turned, rtl)
        yield turned


def _between(ways: list[str], place: int, before: bool, rtl: bool) -> bool:
    after = next((way for way in ways[place:] if way in ("L", "R", "AL", "EN")), None)
    if after is None:
        return rtl
    return before if before == (after in ("R", "AL")) else rtl
