"""Frames with a tag and a stamp, drawn by the tests, and clips of them: what a reader
needs of a clip of ours, and nothing else."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import stamp, strip, tag
from reelmock.media.ffmpeg import program

LIGHT, DARK, GROUND, STILL = 247, 42, 8, 96
"""Of 255, as the strip's inks are once they are shown."""

SMALL = Size(256, 448)
"""About the smallest clip whose tag has modules of two pixels."""

A, B = (f"video_{digit * 48}" for digit in "ab")


def still(video: str = A, seconds: int = 4, begin: int = 0, size: Size = SMALL):
    """A frame without a stamp."""
    top = strip.top(size)
    picture = Image.new("L", size, STILL)
    picture.paste(GROUND, (0, top, *size))
    card = tag.place(size, top)
    code = tag.code(tag.Tag(video, begin, seconds, size))
    box = tag.modules(code.width, card)
    picture.paste(255, card)
    nearest = Image.Resampling.NEAREST
    picture.paste(code.resize((box[2] - box[0],) * 2, nearest), box)
    return picture


def frame(number: int, on: Image.Image) -> Image.Image:
    """That frame of a clip with this still."""
    picture, size = on.copy(), Size(*on.size)
    cells = stamp.cells(size, strip.top(size))
    for cell, is_light in zip(cells, stamp.lights(number), strict=True):
        picture.paste(LIGHT if is_light else DARK, cell)
    return picture


def encoded(
    target: Path, frames: Iterable[Image.Image], *words: str, sound: bytes = b""
) -> Path:
    """A clip of such frames, of one size; `words` for ffmpeg."""
    shown = list(frames)
    size = "{}x{}".format(*shown[0].size)
    picture = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", size, "-r", "30")
    command = [program(), "-v", "error", *picture, "-i", "pipe:0"]
    command += ["-pix_fmt", "yuv420p", "-preset", "ultrafast", *words, str(target)]
    raw = b"".join(one.tobytes() for one in shown)
    subprocess.run(command, input=raw, check=True)
    return target


def run(*words: object) -> None:
    """Run ffmpeg, which must have nothing to say."""
    command = [program(), "-v", "error", "-y", *map(str, words)]
    subprocess.run(command, check=True)
