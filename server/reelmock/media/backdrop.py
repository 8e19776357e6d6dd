"""Open this to change what lies behind the words of a slate: a composition of big
shapes in the prompt's palette, or the reference picture under a scrim."""

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFilter

from reelmock.domain.catalog import Size
from reelmock.domain.seed import fraction
from reelmock.media.palette import Colour, Palette, mixed

SMOOTH = 2
"""Shapes are drawn this many times larger and reduced, for smooth edges."""

COARSE = 2
"""A composition is made this many times smaller than it is shown: its shapes are big, and
the work is a quarter."""

Box = tuple[int, int, int, int]


def composed(size: Size, palette: Palette) -> Image.Image:
    """A gradient with one of the compositions on it."""
    small = Size(-(-size.width // COARSE), -(-size.height // COARSE))
    picture = _gradient(small, palette)
    compositions: tuple[Callable[[_Brush], None], ...] = (_sun, _hills, _arcs, _beams)
    compositions[int(palette.draw[1], 16) % 4](_Brush(picture, palette))
    return picture.resize(size, Image.Resampling.BILINEAR)


def over(
    picture: Image.Image, size: Size, palette: Palette, words: list[Box]
) -> Image.Image:
    """The reference, full bleed, darkened where words will stand."""
    ground = picture.convert("RGB")
    if ground.size != size:
        ground = ground.resize(size)
    mask = _scrim(size, words)
    return Image.composite(Image.new("RGB", size, palette.deep), ground, mask)


def _scrim(size: Size, words: list[Box]) -> Image.Image:
    """Soft shadows of the words' boxes, made small and enlarged."""
    small = (max(size.width // 8, 1), max(size.height // 8, 1))
    mask = Image.new("L", small, 46)
    pen = ImageDraw.Draw(mask)
    spread = min(size) // 80
    for box in words:
        left, top, right, bottom = (edge // 8 for edge in box)
        pen.rectangle(
            (left - spread, top - spread, right + spread, bottom + spread), fill=178
        )
    return mask.filter(ImageFilter.GaussianBlur(spread)).resize(
        size, Image.Resampling.BICUBIC
    )


def _gradient(size: Size, palette: Palette) -> Image.Image:
    """From the deep corner to the glow, along a diagonal that the prompt turns."""
    tilt = math.radians(20 + 50 * fraction(palette.draw, "tilt"))
    across, down = math.cos(tilt), math.sin(tilt)
    corners = (0, across / (across + down), down / (across + down), 1)
    ramp = Image.new("RGB", (2, 2))
    ramp.putdata([mixed(palette.deep, palette.ground, share) for share in corners])
    return ramp.resize(size, Image.Resampling.BILINEAR, box=(0.5, 0.5, 1.5, 1.5))


class _Brush:
    """Draws in shares of the picture: x of its width, y of its height."""

    def __init__(self, picture: Image.Image, palette: Palette) -> None:
        self.palette = palette
        self.width, self.height = picture.size
        self.short = min(picture.size)
        self._picture = picture

    def chance(self, *words: object) -> float:
        """A number in [0, 1) that belongs to this prompt."""
        return fraction(self.palette.draw, *words)

    def disc(
        self, x: float, y: float, radius: float, colour: Colour, strength: float
    ) -> None:
        """A disc around a point, in pixels; `strength` 1 covers."""
        edges = (x - radius, y - radius, x + radius, y + radius)
        self._lay(edges, colour, lambda pen, place: pen.ellipse(
            place(edges), fill=round(255 * strength)
        ))  # fmt: skip

    def polygon(
        self, points: list[tuple[float, float]], colour: Colour, strength: float
    ) -> None:
        """A polygon, in pixels; `strength` 1 covers."""
        across, down = zip(*points, strict=True)
        edges = (min(across), min(down), max(across), max(down))
        flat = [edge for point in points for edge in point]
        self._lay(edges, colour, lambda pen, place: pen.polygon(
            place(flat), fill=round(255 * strength)
        ))  # fmt: skip

    def _lay(self, edges: Sequence[float], colour: Colour, shape: "_Shape") -> None:
        """Lay one shape on, looking only at what it covers of the picture."""
        left, top = max(int(edges[0]) - 1, 0), max(int(edges[1]) - 1, 0)
        right, foot = (
            min(int(edges[2]) + 2, self.width),
            min(int(edges[3]) + 2, self.height),
        )
        if left >= right or top >= foot:
            return
        mask = Image.new("L", ((right - left) * SMOOTH, (foot - top) * SMOOTH), 0)

        def place(flat: Sequence[float]) -> list[float]:
            corner = (left, top)
            return [(edge - corner[at % 2]) * SMOOTH for at, edge in enumerate(flat)]

        shape(ImageDraw.Draw(mask), place)
        self._picture.paste(colour, (left, top), mask.reduce(SMOOTH))


_Place = Callable[[Sequence[float]], list[float]]
_Shape = Callable[[ImageDraw.ImageDraw, _Place], None]
"""Draws itself, at places of the picture, into a mask of its own."""


def _sun(brush: _Brush) -> None:
    """A disc with rings, half out of the frame."""
    x = brush.width * (0.62 + 0.3 * brush.chance("x"))
    y = brush.height * (0.3 + 0.3 * brush.chance("y"))
    colours = (brush.palette.ground, *brush.palette.shapes)
    for ring, colour in enumerate(colours):
        brush.disc(x, y, brush.short * (0.92 - 0.2 * ring), colour, 0.75)


def _hills(brush: _Brush) -> None:
    """Ranges of hills, each nearer one darker."""
    colours = (*brush.palette.shapes[::-1], brush.palette.deep)
    for row, colour in enumerate(colours):
        level = brush.height * (0.42 + 0.15 * row)
        height = brush.short * (0.11 - 0.012 * row)
        shift = 6.28 * brush.chance("hill", row)
        waves = 1.2 + 1.4 * brush.chance("waves", row)
        points = [(0.0, float(brush.height))]
        for step in range(97):
            angle = shift + waves * 6.28 * step / 96 * brush.width / max(
                brush.width, brush.height
            )
            swell = math.sin(angle) + 0.35 * math.sin(angle * 2.3 + shift)
            points.append((brush.width * step / 96, level + height * swell))
        points.append((float(brush.width), float(brush.height)))
        brush.polygon(points, colour, 0.8)


def _arcs(brush: _Brush) -> None:
    """Quarter discs around two opposite corners."""
    flip = brush.chance("flip") < 0.5
    corners = (
        ((brush.width, 0), (0, brush.height))
        if flip
        else ((0, 0), (brush.width, brush.height))
    )
    for place, (x, y) in enumerate(corners):
        for ring, colour in enumerate((*brush.palette.shapes, brush.palette.ground)):
            reach = 0.95 - 0.2 * ring - 0.15 * place
            brush.disc(x, y, brush.short * reach, colour, 0.7)


def _beams(brush: _Brush) -> None:
    """Beams of light from a point above."""
    x, y = brush.width * (0.15 + 0.7 * brush.chance("x")), -brush.short * 0.25
    reach = (brush.width + brush.height) * 1.4
    start = brush.chance("start") * 0.3
    for place in range(5):
        turn = start + 0.12 + place * 0.58
        points = [(x, y)]
        for edge in (turn, turn + 0.16 + 0.2 * brush.chance("beam", place)):
            points.append((x + reach * math.cos(edge), y + reach * math.sin(edge)))
        brush.polygon(points, brush.palette.shapes[place % 3], 0.6)
