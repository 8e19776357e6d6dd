"""Open this to change how a picture takes on the colours of a palette."""

from PIL import Image, ImageFilter, ImageOps

from reelmock.domain.catalog import Size
from reelmock.media.palette import PAPER, Colour, Palette

GENTLE = 0.4
"""How far a remix's reference goes toward the new palette; 1 is a duotone."""

_SOFT = 48
"""A blurred picture is this many times smaller before it is enlarged again."""


def duotone(picture: Image.Image, palette: Palette) -> Image.Image:
    """The picture in the palette's colours alone; what was lighter stays lighter."""
    light = ImageOps.autocontrast(picture.convert("L"), cutoff=(1, 3))
    return _coloured(light, palette.deep, palette.shapes[2], PAPER)


def toned(picture: Image.Image, palette: Palette) -> Image.Image:
    """The picture as it is, gently toward the palette."""
    ground = picture.convert("RGB")
    return Image.blend(ground, duotone(ground, palette), GENTLE)


def ground(picture: Image.Image, size: Size, palette: Palette) -> Image.Image:
    """The picture so blurred and dark that white type can be read on all of it."""
    small = (max(size.width // _SOFT, 2), max(size.height // _SOFT, 2))
    soft = picture.convert("L").resize(small, Image.Resampling.BOX)
    soft = ImageOps.autocontrast(soft.filter(ImageFilter.GaussianBlur(1.5)))
    wide = soft.resize(size, Image.Resampling.BICUBIC)
    return _coloured(wide, palette.deep, palette.ground, palette.shapes[1])


def _coloured(
    light: Image.Image, dark: Colour, middle: Colour, pale: Colour
) -> Image.Image:
    return ImageOps.colorize(light, black=dark, mid=middle, white=pale)
