"""Open this to change what a slate says in small type, and how it is set: in rows of facts,
each with a word above it, in as much width as there is."""

from typing import NamedTuple

from PIL import ImageDraw

from reelmock.domain.job import Job, Kind
from reelmock.media import label, prose, strip, typeface
from reelmock.media.palette import Colour
from reelmock.media.prose import Line

MOST_OF_A_FACT = 80
"""Characters; an id has 54."""

MOST_LINES = 2
"""Of one fact; what is longer is cut."""

DIGEST = 16
"""Hexadecimal digits that are shown of a prompt's SHA-256."""

SMALL, LABEL = 19, 14
"""Sizes of the small type, in units."""

ROW, STEP, GAP = 64, 25, 40
"""Of a row of facts, of each line more, and between two facts, in units."""

SOURCES = {
    Kind.REMIX: "REMIXED FROM",
    Kind.EDIT: "EDITED FROM",
    Kind.EXTEND: "EXTENDED FROM",
}
"""What a video was made of by each kind of request that is made of one."""


class Fact(NamedTuple):
    """One thing the request said, with the word above it."""

    label: str
    value: str


def facts(job: Job) -> list[Fact]:
    """What stands in small type, in its order."""
    told = [
        Fact("MODEL", _short(job.model)),
        Fact("LENGTH", f"{_length(job)}, {job.seconds * strip.RATE} frames"),
        Fact("SIZE", f"{job.size.width} \u00d7 {job.size.height}"),
        Fact("PROMPT SHA-256", label.of(job).prompt[:DIGEST]),
        Fact("VIDEO", _short(job.id)),
    ]
    if job.source is not None and job.kind in SOURCES:
        told.append(Fact(SOURCES[job.kind], _short(job.source)))
    if job.characters:
        told.append(Fact("WITH", _short(", ".join(job.characters))))
    return told


def _length(job: Job) -> str:
    """An extension's in two parts: what there was, and what is new."""
    if job.new_seconds is None:
        return f"{job.seconds} s"
    return f"{job.seconds - job.new_seconds} s + {job.new_seconds} s"


def _short(text: str) -> str:
    return prose.clean(text).replace("\n", " ")[:MOST_OF_A_FACT]


class _Set(NamedTuple):
    """A fact where it stands: left edge and top, from the block's own corner."""

    x: float
    y: int
    label: str
    lines: list[str]


class Block:
    """Facts set in rows, side by side as long as they fit; `unit` is in pixels."""

    def __init__(self, told: list[Fact], width: int, unit: float) -> None:
        self._width, self._unit = max(width, 1), unit
        self._small, self._label = self._px(SMALL), self._px(LABEL)
        whole, self.height = self._placed(told, self._width)
        halved, height = self._placed(told, self._width / MOST_LINES)
        self._told = whole
        if height < self.height:
            self._told, self.height = halved, height

    def draw(
        self,
        pen: ImageDraw.ImageDraw,
        corner: tuple[int, int],
        word: Colour,
        ink: Colour,
    ) -> None:
        """Write the facts, the word above each in a colour of its own."""
        left, top = corner
        for fact in self._told:
            x, y = left + fact.x, top + fact.y
            self._line(pen, (x, y + self._px(16)), fact.label, word, self._label)
            for place, text in enumerate(fact.lines):
                base = y + self._px(42) + place * self._px(STEP)
                self._line(pen, (x, base), text, ink, self._small)

    def _px(self, units: float) -> int:
        return max(round(units * self._unit), 1)

    def _placed(self, told: list[Fact], most: float) -> tuple[list[_Set], int]:
        """The facts, none of them wider than this if two lines can help it, and the
        height of all."""
        x, y, high, made = 0.0, 0, 0, []
        for fact in told:
            lines = self._lines(fact.value, most)
            width = self._wide(fact.label, lines)
            if x and x + width > self._width:
                x, y, high = 0.0, y + high, 0
            made.append(_Set(x, y, fact.label, lines))
            x += width + self._px(GAP)
            high = max(high, self._px(ROW) + (len(lines) - 1) * self._px(STEP))
        return made, y + high

    def _lines(self, value: str, most: float) -> list[str]:
        """The value, in two lines where one is too short for it."""
        whole = prose.width(value, typeface.MONO, self._small)
        if whole <= most or len(value) < 2:
            return [value]
        half = -(-len(value) // MOST_LINES)
        parts = [value[:half], value[half:]]
        return [
            prose.cut(part, typeface.MONO, self._small, self._width) for part in parts
        ]

    def _wide(self, label: str, lines: list[str]) -> float:
        widths = [prose.width(line, typeface.MONO, self._small) for line in lines]
        return max(*widths, prose.width(label, typeface.MONO, self._label))

    def _line(
        self, pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str,
        colour: Colour, size: int,
    ) -> None:  # fmt: skip
        line = Line(text, rtl=False)
        prose.line(pen, at, line, name=typeface.MONO, size=size, colour=colour)
