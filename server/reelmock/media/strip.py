"""Open this to change what moves: the strip at the foot of every clip, with its dial,
time code, frame number, a bar that fills once a second, and the stamp.

A strip is the same for every clip of one size, however long: nothing in it is a clip's
own. It is drawn straight into the three planes of yuv420p, and only what changes from
frame to frame is drawn again.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageDraw

from reelmock.domain.catalog import Size
from reelmock.media import stamp, typeface

RATE = 30
"""Frames per second (seen: S14)."""

BLOCK = 16
"""Pixels of a macroblock; a strip begins on a row of them where the size allows."""


class Ink(NamedTuple):
    """A flat colour in limited-range BT.709 yuv."""

    y: int
    u: int = 128
    v: int = 128


GROUND = Ink(23, 130, 127)
RULE = Ink(52, 129, 127)
DIM = Ink(140, 129, 127)
PAPER = Ink(228)
AMBER = Ink(177, 45, 157)


def top(size: Size) -> int:
    """The row at which the strip begins, even, and on a macroblock row if it can be."""
    wanted = max(min(size) * 11 // 100, 8)
    aligned = (size.height - wanted) // BLOCK * BLOCK
    return aligned if aligned > 0 else max(size.height - wanted, 2) // 2 * 2


def frames(size: Size, begin: int, end: int) -> Iterator[bytes]:
    """Each frame's strip as raw yuv420p, in order, from second `begin` up to `end`."""
    strip = _Strip(size)
    for number in range(begin * RATE, end * RATE):
        strip.turn(number)
        yield strip.bytes()


def timecode(number: int) -> str:
    """Hours, minutes, seconds and frames of a frame, counted from 0."""
    seconds, frame = divmod(number, RATE)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}:{frame:02}"


def counter(number: int) -> str:
    """The number of a frame, counted from 0 as its stamp does."""
    return f"FRAME {number:04}"


class _Planes:
    """A picture in yuv420p, as three pictures of bytes."""

    def __init__(self, size: Size, ground: Ink) -> None:
        half = (size.width // 2, size.height // 2)
        self.y = Image.new("L", size, ground.y)
        self.u = Image.new("L", half, ground.u)
        self.v = Image.new("L", half, ground.v)

    def fill(self, ink: Ink, box: tuple[int, int, int, int]) -> None:
        """Paint a rectangle; its borders should be even."""
        self.y.paste(ink.y, box)
        half = (box[0] // 2, box[1] // 2, box[2] // 2, box[3] // 2)
        self.u.paste(ink.u, half)
        self.v.paste(ink.v, half)

    def bytes(self) -> bytes:
        """The raw frame."""
        return self.y.tobytes() + self.u.tobytes() + self.v.tobytes()


class _Line:
    """A line of mono type; only the cells that change are drawn again."""

    def __init__(self, left: int, middle: int, size: int, ink: Ink) -> None:
        self._font = typeface.mono(size)
        self._ink = ink
        self.cell = (math.ceil(self._font.getlength("0")), size * 4 // 3)
        self._corner = (left, middle - self.cell[1] // 2)
        self._shown = ""
        self._tiles: dict[str, Image.Image] = {}

    def write(self, plane: Image.Image, text: str) -> None:
        """Show the text in place of what is shown."""
        left, top = self._corner
        before = self._shown.ljust(len(text))
        for place, (new, old) in enumerate(zip(text, before, strict=True)):
            if new != old:
                plane.paste(self._tile(new), (left + place * self.cell[0], top))
        self._shown = text

    def _tile(self, character: str) -> Image.Image:
        if character not in self._tiles:
            tile = Image.new("L", self.cell, GROUND.y)
            middle = (0, self.cell[1] // 2)
            pen = ImageDraw.Draw(tile)
            pen.text(middle, character, self._ink.y, self._font, anchor="lm")
            self._tiles[character] = tile
        return self._tiles[character]


class _Dial:
    """A film leader's sweep: one turn a second."""

    def __init__(self, left: int, middle: int, radius: int) -> None:
        self._corner = (left, middle - radius)
        self._faces = [_dial_face(radius, turn) for turn in range(RATE)]

    def turn(self, plane: Image.Image, number: int) -> None:
        """Show where the sweep is at this frame."""
        plane.paste(self._faces[number % RATE], self._corner)


def _dial_face(radius: int, turn: int) -> Image.Image:
    """Drawn larger and reduced, for smooth edges."""
    scale = 4
    side, edge = 2 * radius * scale, max(radius * scale // 9, 1)
    face = Image.new("L", (side, side), GROUND.y)
    pen = ImageDraw.Draw(face)
    box = (edge, edge, side - edge - 1, side - edge - 1)
    pen.ellipse(box, fill=RULE.y)
    pen.pieslice(box, -90, -90 + 360 * (turn + 1) / RATE, fill=PAPER.y)
    pen.ellipse(box, outline=PAPER.y, width=edge)
    return face.reduce(scale)


class _Strip:
    """The strip of one size, at one frame after the other."""

    def __init__(self, size: Size) -> None:
        height = size.height - top(size)
        self._planes = _Planes(Size(size.width, height), GROUND)
        unit = height / 80
        margin, middle = stamp.margin(size), round(27 * unit)
        self._bar = (round(47 * unit) // 2 * 2, round(52 * unit) // 2 * 2)
        self._edges = (margin // 2 * 2, (size.width - margin) // 2 * 2)
        self._lay_out(margin, middle, unit)
        self._cells = [_moved_up(cell, top(size)) for cell in _faces(size)]
        self._lights: list[bool | None] = [None] * stamp.CELLS

    def _lay_out(self, margin: int, middle: int, unit: float) -> None:
        """The dial, the time code beside it, and the counter at the right end if it has
        room there: two that overlap would show what was drawn before."""
        large, small = max(round(29 * unit), 1), max(round(19 * unit), 1)
        radius = max(round(14 * unit), 1)
        self._dial = _Dial(margin, middle, radius)
        beside = margin + 2 * radius + round(16 * unit)
        code = _Line(beside, middle, large, PAPER)
        end = beside + len(timecode(0)) * code.cell[0]
        left = self._edges[1] - len(counter(0)) * _Line(0, 0, small, DIM).cell[0]
        self._lines = [(code, timecode)]
        if end <= left:
            self._lines.append((_Line(left, middle, small, DIM), counter))

    def turn(self, number: int) -> None:
        """Show this frame."""
        self._dial.turn(self._planes.y, number)
        for line, words in self._lines:
            line.write(self._planes.y, words(number))
        self._fill(number % RATE + 1)
        self._light(stamp.lights(number))

    def _fill(self, frames: int) -> None:
        """The bar, of which so many frames of a second are over."""
        left, right = self._edges
        reached = left + (right - left) * frames // RATE // 2 * 2
        self._planes.fill(AMBER, (left, self._bar[0], reached, self._bar[1]))
        self._planes.fill(RULE, (reached, self._bar[0], right, self._bar[1]))

    def _light(self, lights: list[bool]) -> None:
        """The stamp's cells, as far as they change."""
        for place, cell in enumerate(self._cells):
            if self._lights[place] != lights[place]:
                self._planes.y.paste(PAPER.y if lights[place] else RULE.y, cell)
                self._lights[place] = lights[place]

    def bytes(self) -> bytes:
        """The frame shown, raw."""
        return self._planes.bytes()


def _faces(size: Size) -> list[stamp.Box]:
    """What is seen of each cell: a gap is left between two."""
    cells = stamp.cells(size, top(size))
    gap = 1 if cells and cells[0][2] - cells[0][0] >= 3 * stamp.LEAST else 0
    return [
        (left + gap, upper, right - gap, foot) for left, upper, right, foot in cells
    ]


def _moved_up(box: stamp.Box, rows: int) -> stamp.Box:
    left, upper, right, foot = box
    return (left, upper - rows, right, foot - rows)
