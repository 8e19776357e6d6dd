"""Open this to change how an edit shows its source: as a length of film on the cutting
table, its frame graded anew, framed, and marked with a grease pencil."""

from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from reelmock.domain.catalog import Size
from reelmock.media import grade
from reelmock.media.palette import PAPER, Colour, Palette

Box = tuple[int, int, int, int]

SMOOTH = 2
"""Drawn this many times larger and reduced, for smooth edges."""

EDGE = 26
"""The film's perforated edge, in units."""

GAP = 14
"""Between two frames of the film, in units."""

LEAST = 48
"""Pixels of the print's shorter side; a smaller one shows nothing."""

SHADOW = 130
"""How dark the film's shadow is, of 255."""

STOCK: Colour = (14, 14, 17)
"""The film itself."""


class Film(NamedTuple):
    """Where the film lies, from edge to edge, and where on it the print is."""

    band: Box
    print: Box
    unit: float

    def px(self, units: float) -> int:
        """Pixels of so many units."""
        return max(round(units * self.unit), 1)


def cut(
    room: Box, frame: Size, unit: float, *, safe: int, centred: bool
) -> Film | None:
    """The film that fills the room's height as far as its width lets it; None if there is
    too little of it. It runs from edge to edge with the print in the middle, or begins
    just before the print, which ends at `safe`."""
    left, top, right, bottom = room
    edge, gap = round(EDGE * unit), round(GAP * unit)
    most = (safe - left - 2 * gap, bottom - top - 2 * edge)
    scale = min(most[0] / frame.width, most[1] / frame.height)
    width, height = round(frame.width * scale), round(frame.height * scale)
    if min(width, height) < LEAST:
        return None
    middle = (top + bottom) // 2
    x = (left + right - width) // 2 if centred else safe - width
    y = middle - height // 2
    band = (left if centred else x - 2 * gap, y - edge, right, y + height + edge)
    return Film(band, (x, y, x + width, y + height), unit)


def lay(still: Image.Image, film: Film, picture: Image.Image, palette: Palette) -> None:
    """Lay the film on the table, the picture on each of its frames."""
    left, top, right, bottom = film.print
    graded = grade.duotone(picture, palette).resize((right - left, bottom - top))
    _shade(still, film)
    still.paste(_stock(film, palette), film.band[:2])
    _neighbours(still, film, graded)
    still.paste(graded, (left, top))
    _mark(still, film, palette)


def _shade(still: Image.Image, film: Film) -> None:
    """A soft shadow around the band, made small and enlarged."""
    left, top, right, bottom = film.band
    reach = film.px(16)
    size = (right - left + 2 * reach, bottom - top + 2 * reach)
    small = Image.new("L", (max(size[0] // 8, 1), max(size[1] // 8, 1)), 0)
    edge = max(reach // 8, 1)
    right, bottom = small.width - edge - 1, small.height - edge - 1
    ImageDraw.Draw(small).rectangle((edge, edge, right, bottom), fill=SHADOW)
    soft = small.filter(ImageFilter.GaussianBlur(edge / 2))
    mask = soft.resize(size, Image.Resampling.BICUBIC)
    still.paste((0, 0, 0), (left - reach, top - reach), mask)


def _stock(film: Film, palette: Palette) -> Image.Image:
    """The bare film with its holes."""
    left, top, right, bottom = film.band
    unit = film.unit * SMOOTH
    stock = Image.new("RGB", ((right - left) * SMOOTH, (bottom - top) * SMOOTH), STOCK)
    pen = ImageDraw.Draw(stock)
    wide, high, step = 22 * unit, 15 * unit, 40 * unit
    for edge in (EDGE * unit / 2, stock.height - EDGE * unit / 2):
        for place in range(int(stock.width / step) + 1):
            x, y = place * step + 9 * unit, edge - high / 2
            box = (x, y, x + wide, y + high)
            pen.rounded_rectangle(box, 4 * unit, fill=palette.shapes[1])
    return stock.reduce(SMOOTH)


def _neighbours(still: Image.Image, film: Film, graded: Image.Image) -> None:
    """The frames before and behind, which nobody has chosen, as far as they lie in."""
    pale = Image.blend(graded, Image.new("RGB", graded.size, STOCK), 0.72)
    left, top, *_ = film.print
    pitch = graded.width + film.px(GAP)
    x = left - pitch * ((left - film.band[0]) // pitch + 1)
    while x < film.band[2]:
        begin = max(film.band[0] - x, 0)
        end = min(film.band[2] - x, graded.width)
        if end > begin:
            still.paste(pale.crop((begin, 0, end, graded.height)), (x + begin, top))
        x += pitch


def _mark(still: Image.Image, film: Film, palette: Palette) -> None:
    """The print's white frame, and the pencil's corners around it."""
    left, top, right, bottom = film.print
    pen = ImageDraw.Draw(still)
    thick = film.px(5)
    frame = (left - thick, top - thick, right + thick - 1, bottom + thick - 1)
    pen.rectangle(frame, outline=PAPER, width=thick)
    reach, far = film.px(44), film.px(13)
    for x, way in ((left - far, 1), (right + far - 1, -1)):
        for y, turn in ((top - far, 1), (bottom + far - 1, -1)):
            _corner(
                pen, (x, y), (way * reach, turn * reach), film.px(4), palette.accent
            )


def _corner(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    reach: tuple[int, int],
    thick: int,
    colour: Colour,
) -> None:
    (x, y), (across, down) = at, reach
    pen.line(
        [(x + across, y), (x, y), (x, y + down)], colour, width=thick, joint="curve"
    )
