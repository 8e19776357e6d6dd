"""Open this to see how a clip says to a machine which one it is: a QR code in its still,
at a place that depends on nothing but the clip's size.

The text is `RM1:VIDEO:BEGIN:SECONDS:SIZE`, in the letters that QR codes have small room
for: BEGIN and SECONDS are those of the part that shows it, of a whole of SECONDS.
"""

import re
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import quote, unquote

from PIL import Image

from reelmock.domain.catalog import EVEN, Size
from reelmock.domain.seed import digest
from reelmock.media import stamp

VERSION = 1
"""Of the tag and of the stamp."""

SHARE = 0.31
"""Of the shorter side that the card of a tag takes."""

QUIET = 4
"""Modules around a QR code that stay light, as its standard asks."""

LEAST = 2
"""Pixels of a module; a smaller one is not drawn at all."""

LONGEST = 64
"""Characters of an id that is written out; of a longer one only a digest is."""

MOST_SECONDS = 120
"""Of a clip, with all that extends it."""

_HEX = re.compile(r"video_([0-9a-f]+)")

_STANDS = re.compile(r"#[0-9a-f]{40}")

_TEXT = re.compile(
    rf"RM{VERSION}:([=#]?)([^:]*):([0-9]{{1,4}}):([0-9]{{1,4}})"
    r":([0-9]{1,4})X([0-9]{1,4})"
)


if TYPE_CHECKING:
    from typing_extensions import Buffer


class Tag(NamedTuple):
    """What a still says of its clip: the video's id, where its part begins and how long
    the whole is, in seconds, and the clip's size.

    The id is `#` and a digest where it was too long to be written out.
    """

    video: str
    begin: int
    seconds: int
    size: Size


def shown(video: str) -> str:
    """An id as a tag has it: itself, or what stands for a long one."""
    if len(quote(video, safe="", errors="replace")) <= LONGEST or _STANDS.fullmatch(
        video
    ):
        return video
    return f"#{digest('id', video)[:40]}"


def text(tag: Tag) -> str:
    """What the QR code says."""
    size = f"{tag.size.width}X{tag.size.height}"
    return f"RM{VERSION}:{_spelled(tag.video)}:{tag.begin}:{tag.seconds}:{size}"


def _spelled(video: str) -> str:
    name = shown(video)
    if _STANDS.fullmatch(name):
        return name.upper()
    if found := _HEX.fullmatch(name):
        return found[1].upper()
    return f"={quote(name, safe='', errors='replace')}"


def read(said: str) -> Tag | None:
    """The tag of a text; None for one that is no tag of ours."""
    if (found := _TEXT.fullmatch(said)) is None:
        return None
    mark, name, begin, seconds, width, height = found.groups()
    video = {"": f"video_{name.lower()}", "#": f"#{name.lower()}", "=": unquote(name)}
    size = Size(int(width), int(height))
    told = Tag(video[mark], int(begin), int(seconds), size)
    return told if _can_be(told) else None


def _can_be(told: Tag) -> bool:
    """Whether there are clips of that length and size."""
    sides = all(side in EVEN for side in told.size)
    return sides and told.begin < told.seconds <= MOST_SECONDS


def place(size: Size, top: int) -> stamp.Box | None:
    """Where the card of a clip's tag stands, in pixels of its frame; None in one that is
    too small. `top` is the strip's first row."""
    side = round(min(size) * SHARE)
    right, foot = size.width - stamp.margin(size), top - round(min(size) * 36 / 720)
    if min(right - side, foot - side) < 0 or side < (21 + 2 * QUIET) * LEAST:
        return None
    return (right - side, foot - side, right, foot)


def code(tag: Tag) -> Image.Image:
    """The QR code, one pixel a module, 255 where it is light, without a quiet zone."""
    import zxingcpp

    made = zxingcpp.create_barcode(
        text(tag), zxingcpp.BarcodeFormat.QRCode, ec_level="L"
    )
    image = zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False)
    # Its annotations do not say that it is a buffer.
    view = memoryview(cast("Buffer", image))
    high, wide = cast("tuple[int, int]", view.shape)
    return Image.frombytes("L", (wide, high), bytes(view))


def hidden(picture: Image.Image, top: int) -> Image.Image:
    """The picture of a clip of ours without its tag, so that where it is shown nobody
    takes the one clip for the other; any other picture as it is."""
    import zxingcpp

    if (card := place(Size(*picture.size), top)) is None:
        return picture
    found = zxingcpp.read_barcodes(picture.crop(card))
    if not any(read(code.text) for code in found):
        return picture
    left, upper, right, foot = card
    corner = picture.crop((left, upper, left + 1, upper + 1))
    plain = picture.copy()
    plain.paste(corner.resize((right - left, foot - upper)), card)
    return plain


def modules(side: int, card: stamp.Box) -> stamp.Box | None:
    """Where a code of so many modules stands on its card: in the middle, in whole pixels
    a module; None where they would be too small."""
    left, top, right, _ = card
    pixels = (right - left) // (side + 2 * QUIET)
    if pixels < LEAST:
        return None
    edge = (right - left - pixels * side) // 2
    x, y = left + edge, top + edge
    return (x, y, x + pixels * side, y + pixels * side)
