"""Open this to see how clips are found in a picture: a frame, a screenshot that shows
one or several, a spritesheet.

The QR code of a clip's tag says which clip it is and of what size; where the code stands
says where the rest of the frame must be, and there the stamp's cells are sampled.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import stamp, strip
from reelmock.media.tag import Tag, modules, place, read

MARGIN = 0.12
"""Of that contrast, by which every cell must be clear of the middle (chosen)."""

THIRDS = 3
"""Samples a cell; the one in the middle is what counts."""

SLACK = 1.5
"""Pixels by which the corners of a QR code may be told wrong (chosen)."""

AROUND = (0, -0.5, 0.5, -1, 1)
"""Steps in which the row is looked for around where it should be."""

Row = tuple[float, float, float, float]
"""Where the row of cells stands in a picture: left, top, right, foot."""


class Spot(NamedTuple):
    """Where a clip's frame stands in a picture, in its pixels, and how much it is
    scaled; reckoned from its tag, or, if it is all of the picture, exactly."""

    left: float
    top: float
    across: float
    down: float
    is_exact: bool = False

    def of(self, box: stamp.Box) -> Row:
        """Where a box of the frame stands."""
        left, top, right, foot = box
        return (
            self.left + left * self.across, self.top + top * self.down,
            self.left + right * self.across, self.top + foot * self.down,
        )  # fmt: skip

    def frame(self, size: Size) -> stamp.Box:
        """Where all of a frame of that size stands, in whole pixels."""
        left, top, right, foot = self.of((0, 0, *size))
        return (round(left), round(top), round(right), round(foot))


class Sighting(NamedTuple):
    """A clip that a picture shows: its tag, where its frame stands, where the stamp's
    row was read best, and the frame's number; None where that is not readable."""

    tag: Tag | None
    spot: Spot
    row: Row | None
    number: int | None


class Reading(NamedTuple):
    """What a row of samples says, and how clear its least clear cell is, of 255: the
    bar above the row, which looks like one, has less contrast."""

    number: int | None
    margin: float


NOTHING = Reading(None, 0)


def sightings(picture: Image.Image) -> list[Sighting]:
    """Every clip of ours that a grey picture shows, from the top, from left to right."""
    found = [_seen(picture, tag, spot) for tag, spot in _tags(picture)]
    return sorted(found, key=lambda one: (one.spot.top, one.spot.left))


def untagged(picture: Image.Image) -> list[Sighting]:
    """What a grey picture is whose tag is too small or gone, if all of it is a frame that
    nobody has scaled."""
    size = Size(*picture.size)
    spot = whole_picture(size, size)
    row = row_of(size, spot)
    reading = NOTHING if row is None else sampled(samples(picture, row))
    return [] if reading.number is None else [Sighting(None, spot, row, reading.number)]


def _tags(picture: Image.Image) -> Iterator[tuple[Tag, Spot]]:
    for code in _codes(picture):
        tag = read(code.text)
        if tag is not None and (spot := _spot(picture, code, tag.size)) is not None:
            yield tag, spot


def tag_of(picture: Image.Image) -> Tag | None:
    """The first tag in a grey picture; the rest of the frame need not be there."""
    return next((tag for code in _codes(picture) if (tag := read(code.text))), None)


def _codes(picture: Image.Image) -> list[Any]:
    import zxingcpp

    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return list(zxingcpp.read_barcodes(picture, formats=kinds))


def _spot(picture: Image.Image, code: Any, size: Size) -> Spot | None:
    """Where the frame stands around a QR code; None for a code of another make."""
    side = 17 + 4 * int(code.extra["Version"])
    card = place(size, strip.top(size))
    box = None if card is None else modules(side, card)
    if box is None:
        return None
    where = _corners(code.position)
    whole = whole_picture(Size(*picture.size), size)
    if all(abs(a - b) <= SLACK for a, b in zip(whole.of(box), where, strict=True)):
        return whole
    across = (where[2] - where[0]) / (box[2] - box[0])
    down = (where[3] - where[1]) / (box[3] - box[1])
    spot = Spot(where[0] - box[0] * across, where[1] - box[1] * down, across, down)
    return spot if min(across, down) > 0 else None


def whole_picture(picture: Size, size: Size) -> Spot:
    """Where the frame of a clip stands in a picture that shows nothing else."""
    return Spot(
        0, 0, picture.width / size.width, picture.height / size.height, is_exact=True
    )


def _corners(position: Any) -> Row:
    """Of a code that is upright."""
    first, second = position.top_left, position.top_right
    third, fourth = position.bottom_right, position.bottom_left
    # A corner is told as a pixel that belongs to the code.
    return (
        (first.x + fourth.x) / 2, (first.y + second.y) / 2,
        (second.x + third.x) / 2 + 1, (third.y + fourth.y) / 2 + 1,
    )  # fmt: skip


def _seen(picture: Image.Image, tag: Tag, spot: Spot) -> Sighting:
    expected = row_of(tag.size, spot)
    if expected is None:
        return Sighting(tag, spot, None, None)
    best, row = NOTHING, None
    for candidate in _candidates(expected, tag.size, spot):
        reading = sampled(samples(picture, candidate))
        if reading.margin > best.margin:
            best, row = reading, candidate
    is_possible = best.number is not None and best.number in _numbers(tag)
    return Sighting(tag, spot, row, best.number if is_possible else None)


def row_of(size: Size, spot: Spot) -> Row | None:
    """Where the row of cells should stand; None in a clip too small to have any."""
    cells = stamp.cells(size, strip.top(size))
    if not cells:
        return None
    return spot.of((cells[0][0], cells[0][1], cells[-1][2], cells[-1][3]))


def _numbers(tag: Tag) -> range:
    """What a frame with this tag may be; a still before a seam is shown until there."""
    return range(tag.begin * strip.RATE, tag.seconds * strip.RATE)


def _candidates(row: Row, size: Size, spot: Spot) -> Iterator[Row]:
    """Rows around the one expected, which comes first."""
    yield row
    card = place(size, strip.top(size))
    if card is None or spot.is_exact:
        return
    # A code takes three quarters of its card; what is told wrong of its corners grows
    # with the distance.
    code = (card[2] - card[0]) * 3 / 4
    aside = SLACK * (card[2] - stamp.margin(size)) / code
    below = SLACK * (size.height - card[1]) / code
    left, top, right, foot = row
    for first, last, down in product(AROUND, repeat=3):
        lower = below * down
        yield (left + aside * first, top + lower, right + SLACK * last, foot + lower)


def samples(picture: Image.Image, row: Row) -> bytes:
    """The row's cells and one more at either end, in thirds, from the middle of their
    height; nothing if that is not all in the picture."""
    left, top, right, foot = widened(row)
    if left < 0 or top < 0 or right > picture.width or foot > picture.height:
        return b""
    wide = (stamp.CELLS + 2) * THIRDS
    box = (left, top, right, foot)
    return picture.resize((wide, 1), Image.Resampling.BOX, box).tobytes()


def widened(row: Row) -> Row:
    """The middle of a row's height, and a cell more at either end."""
    left, top, right, foot = row
    cell, high = (right - left) / stamp.CELLS, (foot - top) / 4
    return (left - cell, top + high, right + cell, foot - high)


def sampled(thirds: bytes) -> Reading:
    """What such samples say; nothing where the stamp stands in something light."""
    if not thirds:
        return NOTHING
    before, *cells, after = thirds[1::THIRDS]
    contrast, middle = cells[0] - cells[-1], (cells[0] + cells[-1]) / 2
    if contrast < stamp.CONTRAST or max(before, after) > middle:
        return NOTHING
    margin = min(abs(cell - middle) for cell in cells)
    if margin < MARGIN * contrast:
        return NOTHING
    return Reading(stamp.number([cell > middle for cell in cells]), margin)
