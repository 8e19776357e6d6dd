"""Open this to change how a text is set: cleaned, cut into lines, shrunk to its box,
and drawn run by run."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PIL import ImageDraw

from reelmock.media import typeface
from reelmock.media.palette import Colour

MOST = 6000
"""Characters of a text that are looked at: more than fit any box at its least size."""

ELLIPSIS = "…"

_REFERENCE = 100
"""Pixels at which widths are measured once; they grow in proportion."""

_PIECES = re.compile(
    "\\s+|[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]"
    "|[^\\s\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]+"
)
"""Spaces, one ideograph (a line may end behind any), or a word."""

_CLOSING = "、。，．・：；？！」』）】〕〉》”’…ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"  # noqa: RUF001 - they are meant
"""Never at the beginning of a line, in the East."""


_LARGE = 0.4
"""Of the largest type: type above it breaks no word, and its lines are made even."""

_LOOSER = 1.14
"""How much further the lines of small type are apart."""

_NARROWEST = 0.7
"""Of their room, that even lines take at least."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
"""Choose a form of the character before them, which the fonts have in one form."""


class Line(NamedTuple):
    """One line of a set text, and whether it reads from right to left."""

    text: str
    rtl: bool


class Block(NamedTuple):
    """A text set for its room: its lines, the type's size, pixels from line to line."""

    lines: list[Line]
    size: int
    step: int

    @property
    def height(self) -> int:
        """Pixels from the first line's top to the last one's bottom."""
        return len(self.lines) * self.step


@dataclass(frozen=True)
class Room:
    """What a text may take: pixels of width and height, largest and least type; `close`
    is how many times its size the lines of large type are apart."""

    width: int
    height: int
    largest: int
    least: int
    close: float = 1.16


class _Paragraph(NamedTuple):
    """Pieces with their widths at the reference size."""

    pieces: list[tuple[str, float]]
    rtl: bool

    @property
    def widest(self) -> float:
        """The width of the longest word."""
        return max((width for _, width in self.pieces), default=0)

    def lines(self, most: float) -> list[str]:
        """The pieces filled into lines of at most this width."""
        lines, line, taken = [], "", 0.0
        for piece, width in self._parts(most):
            if line and taken + width > most and piece not in _CLOSING:
                lines.append(line.rstrip())
                line, taken = "", 0.0
            if line or not piece.isspace():
                line, taken = line + piece, taken + width
        return [*lines, line.rstrip()]

    def _parts(self, most: float) -> Iterator[tuple[str, float]]:
        """The pieces, words wider than a line taken apart."""
        for piece, width in self.pieces:
            if width <= most or piece.isspace():
                yield piece, width
                continue
            length = max(int(len(piece) * most / width * 0.9), 1)
            share = width * length / len(piece)
            yield from (
                (piece[at : at + length], share) for at in range(0, len(piece), length)
            )


def _measured(text: str, name: str) -> _Paragraph:
    pieces = [(piece, _width(piece, name)) for piece in _PIECES.findall(text)]
    return _Paragraph(pieces, typeface.is_rtl(text))


def clean(text: str) -> str:
    """The text without what cannot be drawn: controls, NUL, unpaired surrogates."""
    text = text[: MOST * 2].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", text)
    kept = "".join(filter(None, (_drawable(character) for character in text)))
    return re.sub("\n{3,}", "\n\n", kept).strip()[:MOST]


def _drawable(character: str) -> str:
    if character == "\n" or character in typeface.JOINERS:
        return character
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return chr(ord(character) - 0x1F1E6 + ord("A"))  # a flag as its letters
    category = unicodedata.category(character)
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") or _SELECTORS.match(character) else character


def fit(text: str, name: str, room: Room) -> Block:
    """The text as large as the room lets it be, cut with an ellipsis if it must."""
    paragraphs = [_measured(part, name) for part in clean(text).split("\n")]
    low, high = room.least, max(room.largest, room.least)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(paragraphs, room, middle):
            low = middle
        else:
            high = middle - 1
    return _set(paragraphs, name, room, low)


def _fits(paragraphs: list[_Paragraph], room: Room, size: int) -> bool:
    """Large type also asks that no word be broken."""
    most = room.width * _REFERENCE / size
    if size > room.largest * _LARGE and any(part.widest > most for part in paragraphs):
        return False
    lines = sum(len(part.lines(most)) for part in paragraphs)
    return lines * _step(size, room) <= room.height


def _set(paragraphs: list[_Paragraph], name: str, room: Room, size: int) -> Block:
    most, step = room.width * _REFERENCE / size, _step(size, room)
    if size > room.largest * _LARGE:
        most = max((_even(part, most) for part in paragraphs), default=most)
    lines = [Line(text, part.rtl) for part in paragraphs for text in part.lines(most)]
    kept = lines[: max(room.height // step, 1)]
    if len(kept) < len(lines):
        kept[-1] = Line(_ellipsis(kept[-1].text, name, most), kept[-1].rtl)
    return Block(kept, size, step)


def _even(paragraph: _Paragraph, most: float) -> float:
    """The least width that takes no more lines, so that none ends in a lone word."""
    count = len(paragraph.lines(most))
    low, high = max(paragraph.widest, most * _NARROWEST), most
    while high - low > most / 64:
        middle = (low + high) / 2
        if len(paragraph.lines(middle)) > count:
            low = middle
        else:
            high = middle
    return high


def cut(text: str, name: str, size: int, most: float) -> str:
    """The text, or as much of it as fits so many pixels."""
    if width(text, name, size) <= most:
        return text
    return _ellipsis(text, name, most * _REFERENCE / size)


def _ellipsis(text: str, name: str, most: float) -> str:
    while text and _width(text + ELLIPSIS, name) > most:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _step(size: int, room: Room) -> int:
    """Pixels from line to line; lines of large type stand closer."""
    loose = 1 if size > room.largest * 0.55 else _LOOSER
    return round(size * room.close * loose)


def width(text: str, name: str, size: float) -> float:
    """Pixels that a line of this text takes."""
    return _width(text, name) * size / _REFERENCE


def line(
    pen: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    told: Line,
    *,
    name: str,
    size: int,
    colour: Colour,
) -> None:
    """Draw one line; `corner` is where its left end stands on the baseline."""
    x, y = corner
    cut = typeface.runs(told.text, name, rtl=told.rtl)
    for run in _as_seen(cut, rtl=told.rtl):
        font = typeface.face(run.font, size)
        text, way = _for_pillow(run)
        pen.text((x, y), text, colour, font, anchor="ls", direction=way)
        x += _run_width(run) * size / _REFERENCE


def _for_pillow(run: typeface.Run) -> tuple[str, str | None]:
    """Without the library that shapes, letters are at least put in the right order."""
    if typeface.can_shape():
        return run.text, "rtl" if run.rtl else "ltr"
    return (run.text[::-1] if run.rtl else run.text), None


def _as_seen(runs: list[typeface.Run], *, rtl: bool) -> list[typeface.Run]:
    """From left to right: neighbours against the line's direction change places."""
    if rtl:
        runs = runs[::-1]
    seen: list[typeface.Run] = []
    against: list[typeface.Run] = []
    for run in runs:
        if run.rtl != rtl:
            against.insert(0, run)
            continue
        seen += [*against, run]
        against = []
    return seen + against


@lru_cache(4096)
def _run_width(run: typeface.Run) -> float:
    text, way = _for_pillow(run)
    return typeface.face(run.font, _REFERENCE).getlength(text, direction=way)


def _width(text: str, name: str) -> float:
    return sum(_run_width(run) for run in typeface.runs(text, name, rtl=False))
