"""Open this to change the stills of a finished video: its thumbnail and spritesheet.

The spritesheet is a grid of five columns and as many rows as are needed, one tile for
each second: the frames at 0 s, 1 s, 2 s and so on, from left to right, then from top
to bottom. A tile is 320 pixels wide and as high as the video's shape asks, but at
most 640 pixels high, then narrower; both even. Cells that are left over keep the
ground's colour. (Chosen: the hosted service's own grid was
never recorded.)
"""

import math
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from reelmock.domain.asset import SHEET_COLUMNS as COLUMNS
from reelmock.domain.catalog import Size
from reelmock.media import clip, strip
from reelmock.media.ffmpeg import Programs

TILE_WIDTH, TILE_HEIGHT = 320, 640
"""Pixels, at most."""

GROUND = (17, 18, 22)

THUMBNAIL_QUALITY, SHEET_QUALITY = 90, 85
"""Of 100, in Pillow's terms."""


class Grid(NamedTuple):
    """How a spritesheet is divided; `tile` is in pixels."""

    columns: int
    rows: int
    tile: Size

    @property
    def size(self) -> Size:
        """The whole sheet, in pixels."""
        return Size(self.columns * self.tile.width, self.rows * self.tile.height)


def grid(seconds: int, size: Size) -> Grid:
    """The grid of a video of this length and size."""
    scale = min(TILE_WIDTH / size.width, TILE_HEIGHT / size.height)
    tile = Size(_even(scale * size.width), _even(scale * size.height))
    return Grid(COLUMNS, math.ceil(seconds / COLUMNS), tile)


def _even(side: float) -> int:
    return max(round(side / 2) * 2, 2)


def thumbnail(programs: Programs, video: Path, size: Size, target: Path) -> None:
    """Write the first frame, at the video's size, as WebP."""
    picture = clip.fitted_frame(programs, video, size)
    picture.save(target, "WEBP", quality=THUMBNAIL_QUALITY, method=2)


def blank(size: Size, target: Path, *, form: str) -> None:
    """Write the ground alone, for a video that has no picture."""
    Image.new("RGB", size, GROUND).save(target, form)


def spritesheet(
    programs: Programs, video: Path, size: Size, seconds: int, target: Path
) -> None:
    """Write the grid of frames as JPEG."""
    form = grid(seconds, size)
    raw = programs.run(tile_arguments(video, seconds, form.tile))
    width, height = form.tile
    # An extension's source may be a stranger's, and some of its pictures unreadable.
    whole = raw.ljust(3 * width * height * seconds, b"\0")
    tiles = Image.frombytes("RGB", (width, height * seconds), whole)
    sheet = Image.new("RGB", form.size, GROUND)
    for second in range(seconds):
        row, column = divmod(second, COLUMNS)
        tile = tiles.crop((0, second * height, width, (second + 1) * height))
        sheet.paste(tile, (column * width, row * height))
    sheet.save(target, "JPEG", quality=SHEET_QUALITY, optimize=True)


def tile_arguments(video: Path, seconds: int, tile: Size) -> list[str]:
    """To print one frame of each second as rgb24, one tile below the other."""
    chosen = rf"select=not(mod(n\,{strip.RATE}))"
    scaled = f"scale={tile.width}:{tile.height}:flags=area+accurate_rnd+bitexact"
    return [
        *clip.opened(video), *clip.PICTURE,
        "-vf", f"{chosen},{scaled},format=rgb24",
        "-fps_mode", "passthrough", "-frames:v", str(seconds), *clip.RAW,
    ]  # fmt: skip
